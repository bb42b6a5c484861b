/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals while the screen is open. Those the loop can handle arrive as bytes on a pipe; those that end the program at once
 * (faults) put the terminal back with nothing but write, tcsetattr and raise, because in a fault nothing else is safe.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "base/error.h"
#include <stddef.h>

/* `restore`: the bytes that undo everything the screen did to the terminal. Only one screen at a time. */
CHECKED bool signals_open(const char *restore, size_t len, struct error *err);
void signals_close(void);

int signals_fd(void); /* readable when a signal is pending */

struct signals_news {
	bool resized; /* also after being stopped: the size may have changed meanwhile */
	bool resumed;
	bool stop; /* somebody wants us in the background */
	int end;   /* the signal that will end us, 0: none */
};
struct signals_news signals_take(void);

/* Call this in a child of ours: its signals must not touch the terminal. */
void signals_leave(void);

/* Stops the whole job, as the terminal would; returns when it is continued. */
void signals_stop_self(void);

void signals_end_by(int sig); /* ends the program by that signal; only after signals_close */

#endif
