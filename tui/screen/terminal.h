/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal: opening and restoring it, reading keys, drawing frames. Only terminal.c and terminal_draw.c use curses.
 *
 * Each frame is drawn from scratch: terminal_begin, any number of put calls, terminal_end. All text goes through put, which cuts
 * at the right edge of its rectangle, counts columns, and lets no control character out. What had to be cut is kept whole, so
 * that every frame can be read on. Colours are roles; nothing important is shown by colour alone.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "base/error.h"
#include "base/text.h"
#include "screen/layout.h"
#include "shared/screen_start.h"

enum role {
	ROLE_TEXT,
	ROLE_TITLE,
	ROLE_FOCUS,
	ROLE_GOOD,
	ROLE_BAD,
	ROLE_WARN,
	ROLE_DIM,
	ROLE_COUNT
};

struct terminal {
	void *screen; /* of curses */
	int rows, cols;
	bool utf8;
	bool mouse;
	bool plain; /* keys arrive as bytes */
	const char
		*notice; /* to be shown once: which terminal type is used instead; NULL: nothing */
	int cursor_y, cursor_x; /* where the frame wants it */
	bool cursor_shown;
	int pushed; /* a key read too early, UI_NONE if none */
	unsigned attributes[ROLE_COUNT];
	struct text cut; /* what this frame had no room for, whole, a line each */
};

/* False: this terminal cannot show a screen, and nothing was written to it. */
bool terminal_open(struct terminal *t, const struct screen_start *start, struct error *err);
void terminal_close(struct terminal *t);

void terminal_size(struct terminal *t);	   /* reads the size anew */
void terminal_suspend(struct terminal *t); /* gives the terminal to the shell; returns after fg */
void terminal_anew(struct terminal *t);	   /* the next frame repaints every cell */
bool terminal_writable(const struct terminal *t);

int terminal_key(struct terminal *t); /* UI_NONE if there is none */
bool terminal_has_key(struct terminal *t);
/* Keys as the bytes the terminal sends, for a guest. */
void terminal_plain_keys(struct terminal *t, bool on);

void terminal_begin(struct terminal *t);
void terminal_end(struct terminal *t);

/* Draws inside `r` at row y, column x (relative to it) and returns the columns used; text that does not fit ends in "..". */
int put(struct terminal *t, struct rect r, int y, int x, enum role role, const char *s);
int put_fmt(struct terminal *t, struct rect r, int y, int x, enum role role, const char *fmt, ...)
	FORMAT(6, 7);
void put_right(struct terminal *t, struct rect r, int y, enum role role,
	const char *s); /* right-aligned, cut if necessary */

/* Keeps a text that a screen leaves out altogether because there is no room for it. */
void terminal_cut(struct terminal *t, const char *s);

/* A character of a guest's screen in its own style: enum guest_style. */
void put_cell(struct terminal *t, struct rect r, int y, int x, const char *s, unsigned style);

/* Wraps `s`, which may be foreign text, into the rows from y on and returns the row after it; what does not fit ends in "..". */
int put_wrapped(struct terminal *t, struct rect r, int y, enum role role, const char *s);

void put_focus(struct terminal *t, struct rect r,
	int y); /* turns a whole row into the focus bar and puts the cursor on it */
void put_rule(struct terminal *t, struct rect r,
	const char *label); /* horizontal or vertical, by shape */
void put_box(struct terminal *t, struct rect r, const char *title); /* cleared, with a border */
/* Draws a bar; part is 0 to 1. */
void put_bar(struct terminal *t, struct rect r, int y, int x, int cols, double part);
void put_cursor(struct terminal *t, struct rect r, int y, int x, bool shown);

#endif
