/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A condition over choices: `libc=musl|glibc, network!=none` is the AND of its terms; a term holds when the choice is (or with
 * != is not) one of the values; a value that ends with '*' stands for all that begin so. For a list-valued choice "is" means
 * "contains". This and AND are all there is, on purpose.
 */
#ifndef GUARD_H
#define GUARD_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

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

CHECKED bool guard_parse(struct guard *g, struct arena *a, const char *source, struct error *err);
bool guard_term_holds(const struct guard_term *t, guard_lookup *lookup, const void *ctx);
bool guard_holds(const struct guard *g, guard_lookup *lookup,
	const void *ctx); /* the empty guard always holds */
void guard_print(const struct guard *g, struct text *out);

#endif
