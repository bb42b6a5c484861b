/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulator of one guest: its process, and its two lines to us, the guest's serial line and the control connection (qmp.h).
 * What the guest says is bytes here. The process is gone when the emulator is released.
 */
#ifndef EMULATOR_H
#define EMULATOR_H

#include "boot/machine.h"
#include "boot/qmp.h"
#include "proc/proc.h"
#include <poll.h>

enum { EMULATOR_FDS = 3 };

struct emulator {
	enum accel accel;
	const char *words; /* the file that gets its own output; the caller's */
	struct proc proc;
	bool running;
	int status;	     /* when it has ended */
	int serial, control; /* sockets, -1 when closed */
	struct qmp qmp;
	bool sent_away;	     /* it was told to end */
	struct text command; /* its command line, for reading; empty when there is none */
};

/* `folder` is where it works. Sets the facts that its command line needs. Also
 * after an error it has to be released. */
struct emulator_wish {
	const struct machine *machine;
	struct facts *facts;
	enum accel accel;
	bool window; /* it shows one */
	int tap;     /* a descriptor of the network for it, -1: none */
	const char *folder, *words;
};
CHECKED bool emulator_start(struct emulator *e, const struct emulator_wish *w, struct error *err);
void emulator_release(struct emulator *e);

/* For the poll loop, at most EMULATOR_FDS entries. `typing`: something waits for emulator_send. */
size_t emulator_poll(const struct emulator *e, bool typing, struct pollfd *fds);

/* What the guest says now; 0: nothing. */
size_t emulator_hear(struct emulator *e, char *bytes, size_t size);
/* Takes what came over the control connection. */
void emulator_serve(struct emulator *e);
/* Sends what it takes, which is removed from `typing`, and commands that wait. */
void emulator_send(struct emulator *e, struct text *typing);
/* True, once: the process has ended. What it said before can still be heard. */
bool emulator_has_ended(struct emulator *e);

/* Has it draw the guest's display, and waits for the picture a little. False: there is none. */
bool emulator_picture(struct emulator *e, const char *file);
/* Tells it to end. */
void emulator_dismiss(struct emulator *e);

/* Seconds of processor time that it had. */
double emulator_busy(const struct emulator *e);

#endif
