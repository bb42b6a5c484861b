/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A condition over choices: `libc=musl|glibc, network!=none` is the AND of its terms; a term holds when the choice is (or with
 * != is not) one of the values; a value that ends with '*' stands for all that begin so. For a list-valued choice "is" means
 * "contains". This and AND are all there is, on purpose.
 *
 * What several values have in common has a name: `image=@disk` asks for any of the values of `image` with the trait `disk`. It
 * becomes these values when the condition is read, so that whoever prints a guard, or offers what would meet it, sees values
 * only; a trait that nobody declared is an error there.
 */
#ifndef GUARD_H
#define GUARD_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

struct trait {
	const char *choice, *name;
	struct strings values; /* in the order in which people see them */
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

/* The value of a choice by name, or NULL when there is no such name. List values are separated by blanks. */
typedef const char *guard_lookup(const void *ctx, const char *name);

/* NULL: there are no traits to ask for. */
CHECKED bool guard_parse(struct guard *g, struct arena *a, const char *source,
	const struct traits *traits, struct error *err);
/* NULL: that choice has no such trait. */
const struct trait *trait_find(const struct traits *t, const char *choice, const char *name);
bool guard_term_holds(const struct guard_term *t, guard_lookup *lookup, const void *ctx);
bool guard_holds(const struct guard *g, guard_lookup *lookup,
	const void *ctx); /* the empty guard always holds */
void guard_print(const struct guard *g, struct text *out);

#endif
