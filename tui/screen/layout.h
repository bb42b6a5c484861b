/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where things go on a terminal of a given size: arithmetic on rectangles, no curses. Every screen has the same frame (head,
 * path, rule, body, rule, message, keys) and drops parts of it as the terminal gets smaller; no size is refused.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

struct rect {
	int y, x, rows, cols; /* rows or cols 0: not shown */
};

enum layout_mode {
	LAYOUT_LINE,	/* below 20x5: one line */
	LAYOUT_TINY,	/* list, message and keys */
	LAYOUT_SMALL,	/* no path row, one line of help */
	LAYOUT_STACKED, /* list above, detail below */
	LAYOUT_WIDE,	/* list left, detail right */
};

struct layout {
	enum layout_mode mode;
	struct rect head, path, rule_top, body, rule_bottom, message, keys;
};

struct layout layout_make(int rows, int cols);

/* Gives a long message up to `rows` rows, taken from the body as far as that stays usable. */
void layout_message(struct layout *l, int rows);

/* Splits the body into a list and a detail pane beside or below it, with a rule between them. `detail_rows` is what the detail
 * wants if it is below; 0 means a quarter of the body. In small modes the list gets everything. */
struct layout_panes {
	struct rect list, rule, detail;
};
struct layout_panes layout_split(const struct layout *l, int detail_rows);

/* A box of at most rows x cols in the middle of `outer`. */
struct rect layout_center(struct rect outer, int rows, int cols);

/* `r` without its first `rows` rows, or only those. */
struct rect layout_below(struct rect r, int rows);
struct rect layout_top(struct rect r, int rows);

#endif
