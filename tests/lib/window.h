/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal for tests: a pty whose output goes through libvterm, with a program in it. A small shell (a session leader with job
 * control) between the test and the program makes suspending, signals and a closed window realistic. A test waits for conditions,
 * never for a time: window_pump lets some output in, the caller looks again.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "base/text.h"
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct window {
	VTerm *vt;
	VTermScreen *screen;
	int rows, cols;
	int master, slave;	  /* slave: kept open to see the modes after the program's end */
	int to_shell, from_shell; /* pipes */
	int idle; /* pipe: the program writes a line when all keys are handled and drawn */
	unsigned long idle_lines;
	pid_t shell, program;
	struct termios before; /* modes at the start */
	bool alternate, cursor_visible, mouse;
	VTermPos cursor;
	bool stopped, ended;
	int status;	   /* as a shell shows it: 128+n for a signal; valid when ended */
	struct text bytes; /* all that was written to the terminal */
};

/* Starts argv (found along PATH) in a terminal of this size, with the environment of the caller. */
bool window_start(struct window *t, int rows, int cols, const char *const argv[]);

/* Waits at most wait_ms for something to happen and processes it; false if nothing happened. */
bool window_pump(struct window *t, int wait_ms);

void window_write(struct window *t, const char *bytes, size_t len);
void window_key(struct window *t, VTermKey key, VTermModifier mod);
void window_char(struct window *t, uint32_t c, VTermModifier mod);
void window_resize(struct window *t, int rows, int cols);
void window_continue(struct window *t); /* "fg" */
void window_close(struct window *t);	/* the window is closed: SIGHUP; releases all */

void window_row(struct window *t, int row, struct text *out); /* without trailing blanks */
bool window_row_reversed(struct window *t, int row);	      /* some cell is shown in reverse */
bool window_has_colour(struct window *t);
bool window_is_raw(struct window *t); /* keys reach the program one by one: it is ready for them */
bool window_modes_restored(struct window *t);

#endif
