/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's control connection (QMP): one JSON object a line, events from it, commands to it. Bytes in, events out; who reads and
 * writes the socket is the caller. A line longer than QMP_LINE is dropped.
 */
#ifndef QMP_H
#define QMP_H

#include "base/text.h"

enum { QMP_LINE = 64 * 1024 };

struct qmp_event {
	const char *name;   /* "SHUTDOWN", "GUEST_PANICKED", "RESET" ... */
	const char *reason; /* data.reason, "" when there is none */
	bool guest;	    /* data.guest: the guest's own doing */
};

typedef void qmp_sink(void *ctx, const struct qmp_event *e);

struct qmp {
	struct text in, out;	  /* out: bytes to be sent */
	bool skipping;		  /* inside a line that is too long */
	unsigned asked, answered; /* numbers of the last question and the last answer */
	bool refused;		  /* that answer was an error */
};

void qmp_init(struct qmp *q); /* the first thing to be sent is the handshake */
void qmp_release(struct qmp *q);
void qmp_feed(struct qmp *q, const char *bytes, size_t len, qmp_sink *sink, void *ctx);
void qmp_command(struct qmp *q, const char *name);

/* Asks for a picture (PNG) of the display; answered when q->answered is q->asked. */
void qmp_screendump(struct qmp *q, const char *file);

#endif
