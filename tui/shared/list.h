/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Position in a list: which row has the focus and which one is at the top of the window. No drawing here. The owner sets the
 * number of rows before it moves or draws; if a list shrinks the focus stays on the nearest remaining row.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	size_t n, at, top;
	size_t rows; /* of the window, at the last list_show; also the size of a page */
};

enum list_move { LIST_UP, LIST_DOWN, LIST_PAGE_UP, LIST_PAGE_DOWN, LIST_FIRST, LIST_LAST };

void list_count(struct list *l, size_t n);
void list_move(struct list *l, enum list_move m);
void list_to(struct list *l, size_t at);
void list_show(struct list *l,
	int rows); /* scrolls so that the focus is inside a window of this many rows */
bool list_moves(
	struct list *l, int action); /* performs an enum key_action that moves; false for others */

#endif
