/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's control connection (QMP): one JSON object a line, events from it, commands to it. The caller reads and writes the
 * socket. A line longer than QMP_LINE is dropped.
 */
#ifndef QMP_H
#define QMP_H

#include "base/text.h"

enum { QMP_LINE = 64 * 1024 };

/* Why the guest no longer runs. */
enum qmp_stop {
	QMP_STOP_NONE,
	QMP_STOP_OFF,	/* the guest switched itself off */
	QMP_STOP_RESET, /* it rebooted itself */
	QMP_STOP_OTHER,
};

struct qmp {
	struct text in, out;	  /* out: bytes to send */
	bool skipping;		  /* inside a line that is too long */
	unsigned asked, answered; /* numbers of the last question and the last answer */
	bool refused;		  /* that answer was an error */
	enum qmp_stop stop;	  /* the first one reported */
};

void qmp_init(struct qmp *q); /* starts by sending the handshake */
void qmp_release(struct qmp *q);
void qmp_feed(struct qmp *q, const char *bytes, size_t len);
void qmp_command(struct qmp *q, const char *name);

/* Requests a picture (PNG) of the display; answered when q->answered is q->asked. */
void qmp_screendump(struct qmp *q, const char *file);

#endif
