/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves the focus of a list and scrolls to follow it. */
#include "shared/list.h"

#include "shared/keys.h"

void list_count(struct list *l, size_t n)
{
	l->n = n;
	if (l->at >= n)
		l->at = n ? n - 1 : 0;
}

void list_to(struct list *l, size_t at)
{
	l->at = at;
	list_count(l, l->n);
}

void list_move(struct list *l, enum list_move m)
{
	size_t page = l->rows > 1 ? l->rows - 1 : 1;

	switch (m) {
	case LIST_UP:
		l->at -= l->at > 0;
		break;
	case LIST_DOWN:
		l->at++;
		break;
	case LIST_PAGE_UP:
		l->at -= l->at < page ? l->at : page;
		break;
	case LIST_PAGE_DOWN:
		l->at += page;
		break;
	case LIST_FIRST:
		l->at = 0;
		break;
	case LIST_LAST:
		l->at = l->n;
		break;
	}
	list_count(l, l->n);
}

void list_show(struct list *l, int rows)
{
	size_t window = rows > 0 ? (size_t)rows : 1;

	l->rows = window;
	if (l->top + window > l->n)
		l->top = l->n > window ? l->n - window : 0;
	if (l->at < l->top)
		l->top = l->at;
	if (l->at >= l->top + window)
		l->top = l->at - window + 1;
}

bool list_moves(struct list *l, int action)
{
	static const struct {
		int action;
		enum list_move move;
	} moves[] = {
		{ACT_UP, LIST_UP},
		{ACT_DOWN, LIST_DOWN},
		{ACT_PAGE_UP, LIST_PAGE_UP},
		{ACT_PAGE_DOWN, LIST_PAGE_DOWN},
		{ACT_FIRST, LIST_FIRST},
		{ACT_LAST, LIST_LAST},
	};

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (moves[i].action == action) {
			list_move(l, moves[i].move);
			return true;
		}
	}
	return false;
}
