/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test grid as a growing table, fed only by a run's events: a row for each medium and file, a column for each way to start.
 * No curses, no printing.
 */
#ifndef GRID_H
#define GRID_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/event.h"

enum grid_state {
	GRID_LEFT_OUT, /* it cannot be started this way */
	GRID_WAIT,
	GRID_RUN,
	GRID_PASS,
	GRID_FAIL,
	GRID_TIMEOUT,
};

struct grid_cell {
	const char *firmware, *medium, *title, *file;
	const char *why; /* why it was left out */
	enum grid_state state;
	double seconds;				 /* time until it was ready */
	const char *line, *cause, *remedy, *log; /* of a boot that did not pass */
};

struct grid {
	struct arena arena;
	VEC(struct grid_cell) cells; /* empty: the run is not a grid */
	bool over;
};

void grid_event(struct grid *g, const struct event *e);
void grid_release(struct grid *g);

size_t grid_count(const struct grid *g, enum grid_state state);
/* "UEFI, USB stick, small.iso" */
void grid_print_name(const struct grid_cell *c, struct text *out);

/* The table's lines, the first one its head, for this many columns: below GRID_COLUMNS the files are omitted; 37 is the minimum.
 * False after the last line; `worst` is the state that decides the line's colour. */
enum { GRID_COLUMNS = 78 };
bool grid_print_line(const struct grid *g, size_t line, int cols, bool utf8, struct text *out,
	enum grid_state *worst);

size_t grid_rows(const struct grid *g);
size_t grid_row_of(const struct grid *g, size_t cell); /* the row that contains this cell, from 0 */

/* "12 of 14 passed, 1 FAILED, 1 timed out" */
void grid_print_sum(const struct grid *g, struct text *out);

/* What was left out and why, each reason once: false after the last. */
bool grid_print_reason(const struct grid *g, size_t line, struct text *out);

#endif
