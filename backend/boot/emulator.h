/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulator of one guest: its process, and its two lines to us, the guest's serial line and the control connection (qmp.h).
 * The guest's output is plain bytes here. Releasing the emulator ends the process.
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
	const char *words; /* the file for its own output; the caller's */
	struct proc proc;
	char proc_folder[64]; /* /proc/PID; empty: it never ran */
	bool running;
	int status;	     /* when it has ended */
	int serial, control; /* sockets, -1 when closed */
	struct qmp qmp;
	bool sent_away;	     /* it was asked to end */
	struct text command; /* its command line, for display; empty if there is none */
};

/* `folder` is its working folder. Sets the facts that its command line needs. Must be released even after an error. */
struct emulator_wish {
	const struct machine *machine;
	struct facts *facts;
	enum accel accel;
	bool window; /* does it show one? */
	int tap;     /* a file descriptor of the network for it, -1: none */
	const char *folder, *words;
};
CHECKED bool emulator_start(struct emulator *e, const struct emulator_wish *w, struct error *err);
void emulator_release(struct emulator *e);

/* For the poll loop, at most EMULATOR_FDS entries. `typing`: something waits for emulator_send. */
size_t emulator_poll(const struct emulator *e, bool typing, struct pollfd *fds);

/* What the guest says now; 0: nothing. */
size_t emulator_hear(struct emulator *e, char *bytes, size_t size);
/* Reads what came over the control connection. */
void emulator_serve(struct emulator *e);
/* Sends as much as it accepts, removing it from `typing`, and pending commands. */
void emulator_send(struct emulator *e, struct text *typing);
/* True, once: the process has ended. Its earlier output can still be read. */
bool emulator_has_ended(struct emulator *e);

/* Requests a picture of the guest's display, and waits for it briefly. False: there is none. */
bool emulator_picture(struct emulator *e, const char *file);
/* Asks it to end. */
void emulator_dismiss(struct emulator *e);

/* What the program answers when it is started with these words and ends at once. */
CHECKED bool emulator_says(
	const char *program, const struct strings *words, struct text *out, struct error *err);

/* Seconds of processor time it used. */
double emulator_busy(const struct emulator *e);

/* Seconds for which its hungriest thread could have run and got no processor; 0 where the kernel does not count them. */
double emulator_starved(const struct emulator *e);

#endif
