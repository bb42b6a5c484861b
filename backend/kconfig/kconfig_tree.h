/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the Kconfig files of a source tree say about a symbol: where it is defined and under which conditions. It exists to
 * explain refusals and to find what stands in a symbol's way, so it understands no more than that takes: no defaults, no selects,
 * no macros.
 */
#ifndef KCONFIG_TREE_H
#define KCONFIG_TREE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

/* A symbol may be defined in several places, each with its own conditions. */
struct kconfig_definition {
	const char *symbol, *file;
	int line;
	struct strings
		needs; /* expressions that must all hold: its own and those of the enclosing blocks */
	size_t order;	 /* in which they were read */
	bool prompted;	 /* a person can set it; otherwise only other symbols do */
	bool by_default; /* unless something else is said it is y wherever it may be */
	bool tristate; /* it may be a module, and is no more than one as long as what it depends on is one */
};

struct kconfig_tree {
	struct arena arena;
	struct kconfig_definition *at;
	size_t n, cap;
};

/* Follows `source` lines from SOURCE/Kconfig or SOURCE/Config.in; files missing there are looked for in `build`. `family` is the
 * value of $(SRCARCH). */
CHECKED bool kconfig_tree_read(struct kconfig_tree *t, const char *source, const char *build,
	const char *family, struct error *err);
void kconfig_tree_release(struct kconfig_tree *t);

/* The first of the n definitions of a symbol, which lie side by side; NULL and 0 if there is none. */
const struct kconfig_definition *kconfig_tree_find(
	const struct kconfig_tree *t, const char *symbol, size_t *n);

/* The value of a symbol; "n" if it has none. */
typedef const char *kconfig_lookup(const void *ctx, const char *symbol);

/* Appends those AND-ed terms of an expression that do not hold ("MMU, A || B"); false if all do or may. */
bool kconfig_unmet(
	const char *expression, kconfig_lookup *lookup, const void *ctx, struct text *out);

/* How conditions may be made to hold: by setting symbols to y. */
struct kconfig_cure {
	/* Appends the symbol to `wanted` and what it takes itself; false, and nothing, if it cannot be set. */
	bool (*set)(void *ctx, const char *symbol);
	void *ctx;
	struct strings *wanted;
	bool whole; /* m is not enough */
};

/* False: the expression does not hold, whatever is set. Else `wanted` has what must be set, nothing if it holds or may. */
bool kconfig_curable(const char *expression, kconfig_lookup *lookup, const void *ctx,
	const struct kconfig_cure *cure);

/* The value of $(SRCARCH): `named`, the processor of a configuration's headline ("x86_64"), which may differ from the folder's
 * name. In that case it is the folder below arch/ whose upper-case name is a symbol that is set. */
const char *kconfig_family(const char *source, const char *named, kconfig_lookup *lookup,
	const void *ctx, struct arena *a);

#endif
