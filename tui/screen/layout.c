/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Computes rectangles for the frame and the panes. The limits between the modes: two panes from 110x20, list above detail from
 * 60x16, list with one line of help from 40x10, list alone from 20x5.
 */
#include "screen/layout.h"

#define LIST_WHOLE 80

static int least(int a, int b)
{
	return a < b ? a : b;
}

static enum layout_mode mode_of(int rows, int cols)
{
	if (rows < 5 || cols < 20)
		return LAYOUT_LINE;
	if (rows < 10 || cols < 40)
		return LAYOUT_TINY;
	if (rows < 16 || cols < 60)
		return LAYOUT_SMALL;
	return rows >= 20 && cols >= 110 ? LAYOUT_WIDE : LAYOUT_STACKED;
}

static struct rect row(int y, int cols)
{
	return (struct rect){y, 0, 1, cols};
}

struct layout layout_make(int rows, int cols)
{
	struct layout l = {.mode = mode_of(rows, cols)};
	int top = 0, bottom = rows;

	if (l.mode == LAYOUT_LINE) {
		l.body = row(0, cols);
		return l;
	}
	l.keys = row(--bottom, cols);
	l.message = row(--bottom, cols);
	if (l.mode > LAYOUT_TINY) {
		l.rule_bottom = row(--bottom, cols);
		l.head = row(top++, cols);
		if (l.mode > LAYOUT_SMALL)
			l.path = row(top++, cols);
		l.rule_top = row(top++, cols);
	}
	l.body = (struct rect){top, 0, bottom - top, cols};
	return l;
}

void layout_message(struct layout *l, int rows)
{
	int more = least(rows - 1, l->body.rows / 2 - 1);

	if (more <= 0 || l->mode == LAYOUT_LINE)
		return;
	l->body.rows -= more;
	l->rule_bottom.y -= more;
	l->message.y -= more;
	l->message.rows += more;
}

static struct layout_panes beside(struct rect body)
{
	int left = body.cols * 46 / 100;

	/* A list that was whole in 80 columns is not cut for having a pane beside it. */
	left = left < LIST_WHOLE ? LIST_WHOLE : left;

	return (struct layout_panes){
		.list = {body.y, body.x, body.rows, left},
		.rule = {body.y, body.x + left, body.rows, 1},
		.detail = {body.y, body.x + left + 2, body.rows, body.cols - left - 2},
	};
}

static struct layout_panes below(struct rect body, int rows)
{
	int list = body.rows - rows - 1;

	return (struct layout_panes){
		.list = {body.y, body.x, list, body.cols},
		.rule = {body.y + list, body.x, 1, body.cols},
		.detail = {body.y + list + 1, body.x, rows, body.cols},
	};
}

struct layout_panes layout_split(const struct layout *l, int detail_rows)
{
	if (l->mode == LAYOUT_WIDE)
		return beside(l->body);
	if (l->mode < LAYOUT_STACKED)
		return (struct layout_panes){.list = l->body};
	if (!detail_rows)
		detail_rows = l->body.rows / 4 > 4 ? l->body.rows / 4 : 4;
	return below(l->body, least(detail_rows, l->body.rows - 3));
}

struct rect layout_center(struct rect outer, int rows, int cols)
{
	rows = least(rows, outer.rows);
	cols = least(cols, outer.cols);
	return (struct rect){
		outer.y + (outer.rows - rows) / 2, outer.x + (outer.cols - cols) / 2, rows, cols};
}

struct rect layout_below(struct rect r, int rows)
{
	rows = least(rows, r.rows);
	return (struct rect){r.y + rows, r.x, r.rows - rows, r.cols};
}

struct rect layout_top(struct rect r, int rows)
{
	r.rows = least(rows, r.rows);
	return r;
}
