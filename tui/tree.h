/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option table as menus: groups, the options of a group, the values of an option. A level is one of those menus; its rows
 * say themselves what they are, whether they can be chosen, and what they are set to. No curses.
 */
#ifndef TREE_H
#define TREE_H

#include "document.h"
#include "list.h"

enum tree_kind {
	TREE_GROUP, /* opens the options of a menu */
	TREE_OPTION,
	TREE_VALUE, /* one of the values of an option */
	TREE_OTHER, /* "another value ...": typed */
};

struct tree_row {
	enum tree_kind kind;
	const char *group;
	const struct option *option;
	const struct option_value *value;
};

struct tree_rows {
	struct tree_row *at;
	size_t n, cap;
};

struct tree_level {
	const char *group;	     /* NULL: the level of groups */
	const struct option *option; /* NULL: the level of a group's options */
	struct list list;
};

void tree_fill(
	const struct document *d, const struct tree_level *level, bool all, struct tree_rows *out);
bool tree_find(const struct tree_rows *rows, const struct option *o, size_t *at);

bool tree_available(const struct document *d, const struct tree_row *r, struct text *why);
bool tree_changed(const struct document *d, const struct tree_row *r);
bool tree_opens(const struct tree_row *r);   /* Enter leads to another level */
bool tree_is_switch(const struct option *o); /* its values are no and yes */
const struct option_value *tree_find_value(
	const struct option *o, const char *name); /* NULL when it is none of them */
bool tree_has_value(const struct profile *p, const struct option *o,
	const char *value); /* is, or for a list contains */

void tree_print_mark(const struct document *d, const struct tree_row *r,
	struct text *out); /* "[*]", "(*)", " = ", " x " */
void tree_print_label(const struct tree_row *r, struct text *out);
void tree_print_value(const struct document *d, const struct tree_row *r,
	struct text *out); /* or the reason why it is not available */
void tree_print_flat(
	const char *help, struct text *out); /* a help text as one paragraph; NULL is fine */
void tree_print_help(const struct document *d, const struct tree_row *r,
	struct text *out); /* paragraphs for the help pane */

/* The value that Space gives an option or a value row: the next one that can be chosen, the list with or without it. False and
 * a sentence in `why` when there is none. */
bool tree_next_value(
	const struct document *d, const struct tree_row *r, struct text *value, struct text *why);

#endif
