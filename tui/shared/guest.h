/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen of a booted system: its serial output through a terminal emulator, read from the serial log. A guest may send
 * anything, so use of the emulator is restricted: it never changes size (a new one is made and the last part of the output
 * replayed), it is never smaller than 20x5, and the sequence that repeats a character, which hangs some versions of it, is
 * removed first. Only cells leave this file. No curses.
 */
#ifndef GUEST_H
#define GUEST_H

#include "base/text.h"
#include "shared/guest_checks.h"
#include "shared/guest_filter.h"

#include <stdint.h>

struct guest {
	void *vt, *screen; /* of libvterm; NULL before the first size */
	int rows, cols;
	struct text history; /* filtered output, the last part of it */
	struct text answer;  /* what the emulator wants to send to the guest */
	struct guest_filter filter;
	struct guest_checks checks;
	bool with_checks; /* they are shown: the test failed */
	bool answering;	  /* somebody types: nothing is held back */
	uint64_t offset;  /* in the serial log */
};

void guest_init(struct guest *g);
void guest_release(struct guest *g);
void guest_size(struct guest *g, int rows, int cols);
/* Begins anew, with the checks of the test boot shown. */
void guest_show_checks(struct guest *g);
void guest_feed(struct guest *g, const char *bytes, size_t len);
bool guest_grow(struct guest *g,
	const char *path); /* reads what was appended to the log; true if there was something */

enum guest_style { GUEST_BOLD = 1, GUEST_UNDERLINE = 2, GUEST_REVERSE = 4 };

/* The character at a cell as UTF-8 ("" right of a wide one) and its style. */
void guest_cell(const struct guest *g, int y, int x, char out[32], unsigned *style);
void guest_cursor(const struct guest *g, int *y, int *x);

#endif
