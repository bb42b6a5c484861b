/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option table as menus: groups, the options of a group, the values of an option. A level is one of those menus; its rows say
 * what they are, whether they can be chosen, and what they are set to. No curses.
 */
#ifndef MENU_H
#define MENU_H

#include "shared/document.h"
#include "shared/list.h"

enum menu_kind {
	MENU_GROUP, /* opens the options of a menu */
	MENU_OPTION,
	MENU_VALUE, /* one of the values of an option */
	MENU_OTHER, /* "another value ...": typed */
};

struct menu_row {
	enum menu_kind kind;
	const char *group;
	const struct option *option;
	const struct option_value *value;
};

struct menu_rows {
	struct menu_row *at;
	size_t n, cap;
};

struct menu_level {
	const char *group;	     /* NULL: the level of groups */
	const struct option *option; /* NULL: the level of a group's options */
	struct list list;
};

void menu_fill(
	const struct document *d, const struct menu_level *level, bool all, struct menu_rows *out);
bool menu_find(const struct menu_rows *rows, const struct option *o, size_t *at);

bool menu_available(const struct document *d, const struct menu_row *r, struct text *why);
bool menu_value_available(const struct document *d, const struct option *o,
	const struct option_value *v, struct text *why);
/* A version that was tried with the other choices. */
bool menu_tried(const struct document *d, const struct menu_row *r);
bool menu_changed(const struct document *d, const struct menu_row *r);
bool menu_opens(const struct menu_row *r);   /* Enter opens another level */
bool menu_is_switch(const struct option *o); /* its values are no and yes */
/* NULL if it is none of them. */
const struct option_value *menu_find_value(const struct option *o, const char *name);
bool menu_has_value(const struct profile *p, const struct option *o,
	const char *value); /* is, or for a list contains */

void menu_print_mark(const struct document *d, const struct menu_row *r,
	struct text *out); /* "[*]", "(*)", " = ", " x " */
void menu_print_label(const struct menu_row *r, struct text *out);
void menu_print_value(const struct document *d, const struct menu_row *r,
	struct text *out); /* or why it is not available */
/* A help text as one paragraph; NULL is allowed. */
void menu_print_flat(const char *help, struct text *out);
void menu_print_help(const struct document *d, const struct menu_row *r,
	struct text *out); /* paragraphs for the help pane */

/* The value that Space gives an option or a value row: the next one that can be chosen, the list with or without it. False and a
 * sentence in `why` if there is none. */
bool menu_next_value(
	const struct document *d, const struct menu_row *r, struct text *value, struct text *why);

/* The same for "yes, this" and "no, not this": it may be the value that is in force. */
bool menu_switch_value(const struct document *d, const struct menu_row *r, bool on,
	struct text *value, struct text *why);

#endif
