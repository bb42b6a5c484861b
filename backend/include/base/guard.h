/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A condition over choices: `libc=musl|glibc, network!=none` is the AND of its terms; a term holds if the choice is (or with !=
 * is not) one of the values; a value ending with '*' matches every value with that prefix. For a list-valued choice "is" means
 * "contains". There is deliberately nothing more.
 *
 * A trait names what several values have in common: `image=@disk` matches the values of `image` with the trait `disk`. It is
 * replaced by these values when the condition is read, so code that prints a guard, or offers what would satisfy it, sees only
 * values; an undeclared trait is an error.
 */
#ifndef GUARD_H
#define GUARD_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

struct trait {
	const char *choice, *name;
	struct strings values; /* in display order */
};

struct traits {
	struct trait *at;
	size_t n, cap;
};

struct guard_term {
	const char *name;
	bool negated;
	struct strings values;
};

struct guard {
	struct guard_term *at;
	size_t n, cap;
};

/* The value of a choice by name, or NULL if there is no such name. List values are separated by blanks. */
typedef const char *guard_lookup(const void *ctx, const char *name);

/* NULL: there are no traits. */
CHECKED bool guard_parse(struct guard *g, struct arena *a, const char *source,
	const struct traits *traits, struct error *err);
/* NULL: the choice has no such trait. */
const struct trait *trait_find(const struct traits *t, const char *choice, const char *name);
bool guard_term_holds(const struct guard_term *t, guard_lookup *lookup, const void *ctx);
bool guard_holds(const struct guard *g, guard_lookup *lookup,
	const void *ctx); /* the empty guard always holds */
void guard_print(const struct guard *g, struct text *out);

#endif
