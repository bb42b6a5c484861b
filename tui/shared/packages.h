/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packages of a profile as lists: sections and groups, the packages of a section or those that have some words, what is
 * chosen, what comes with it, what that costs. The screen and the command line show the same. No curses.
 *
 * It keeps what it found for the choices of the last packages_refresh; the profile has to outlive it.
 */
#ifndef PACKAGES_H
#define PACKAGES_H

#include "choice/package.h"
#include "plan/package_facts.h"

#include <stdint.h>

enum package_row_kind {
	PACKAGE_SECTION, /* opens the packages below a heading */
	PACKAGE_GROUP,	 /* several at once */
	PACKAGE_ONE,
	PACKAGE_OPTION, /* of the package above it */
};

struct package_row {
	enum package_row_kind kind;
	const char *section;
	const struct package_group *group;
	const struct package *package;
	const struct option *option;
	const char *field; /* of a search: where the first word was found */
	size_t n, chosen;  /* PACKAGE_SECTION, PACKAGE_GROUP */
};

struct packages {
	const struct profile *profile;
	const struct settings *settings;
	struct package_facts facts;
	struct error problem;	    /* why there are no facts; ERROR_NONE */
	struct arena arena;	    /* of what follows, anew at each refresh */
	struct strings chosen, all; /* all: with what comes along */
	struct {
		struct package_row *at;
		size_t n, cap;
	} rows;
};

enum package_state { PACKAGE_OFF, PACKAGE_CHOSEN, PACKAGE_ALONG, PACKAGE_CANNOT };

void packages_open(struct packages *l, const struct profile *p, const struct settings *s);
void packages_release(struct packages *l);
/* The choices may be others now. */
void packages_refresh(struct packages *l, const struct profile *p);

/* The rows: all sections behind the groups (section and words NULL), those of a section, or those that have all the words, best
 * first; below each chosen package its options. */
void packages_fill(struct packages *l, const char *section, const char *words);

/* `why` (may be NULL) gets the reason for PACKAGE_CANNOT, or what it comes along with. */
enum package_state packages_state(
	const struct packages *l, const struct package *k, struct text *why);

/* The value of the choice of packages with this one or group turned over; NULL: nothing is left. False and a sentence in `why`
 * when it is not possible. */
CHECKED bool packages_turn(struct packages *l, const struct package_row *r, struct profile *p,
	const char **value, struct text *why);

/* Without what else needs it: "411 KiB, 40 s" or "not measured". */
void packages_print_cost(const struct packages *l, const struct strings *names, struct text *out);
/* The same of one package in a column: "411 KiB  17s", "?" for what is not known. */
void packages_print_cells(const struct packages *l, const struct package *k, struct text *out);
/* The sum of everything that is chosen, in few words. */
void packages_print_sum(const struct packages *l, struct text *out);
/* Built, booted and used with these choices. */
bool packages_tried(const struct packages *l, const struct package *k);
/* "tried 1.2" with these choices, "tried with musl, static" with others, or "not tried". */
void packages_print_tried(const struct packages *l, const struct package *k, struct text *out);
/* Which of some were not tried with these choices: "; not tried with these choices: zlib". */
void packages_print_untried(
	const struct packages *l, const struct strings *names, struct text *out);
/* Everything about the row in lines. */
void packages_print_detail(struct packages *l, const struct package_row *r, struct text *out);
/* "With it come zlib, openssl." or "zlib comes no longer.": between what was there and what is there. */
void packages_print_change(
	const struct strings *before, const struct strings *after, struct text *out);

#endif
