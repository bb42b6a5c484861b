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
	const char *
		field; /* where the first word was found: "name", "title", "also", "value", "help", or "near" */
	int rank; /* lower is better */
};

struct hits {
	struct hit *at;
	size_t n, cap;
};

/*
 * Best hits first: in names, then titles, what it is also called, values, help; in table order among equals. An empty query finds
 * everything. Without a profile no current values are looked at.
 */
void search_options(
	const struct option_table *t, const struct profile *p, const char *query, struct hits *out);

/* What all words of the query ask for and nothing is called yet; NULL: nothing known. Unless `whole`, three letters stand for a
 * word. */
const struct option_wish *search_wish(const struct option_table *t, const char *query, bool whole);

/* Adds what comes nearest to the wish behind the hits. */
void search_add_near(const struct option_table *t, const struct option_wish *w, struct hits *out);

/* The option whose name or title is closest in spelling to the query, NULL if none is. */
const struct option *search_nearest(const struct option_table *t, const char *query);

#endif
