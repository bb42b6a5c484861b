/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds options by words: every word of the query must occur, in any order and ignoring case, in the option's name, title, help,
 * values or current value. No curses.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "choice/profile.h"

struct hit {
	const struct option *option;
	const char *field; /* where the first word was found: "name", "title", "value", "help" */
	int rank;	   /* lower is better */
};

struct hits {
	struct hit *at;
	size_t n, cap;
};

/* Best hits first: in names, then titles, values, help; in table order among equals. An empty query finds everything. */
void search_options(const struct profile *p, const char *query, struct hits *out);

/* The option whose name or title is closest in spelling to the query, NULL if none is. */
const struct option *search_nearest(const struct option_table *t, const char *query);

#endif
