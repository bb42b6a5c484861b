/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the Kconfig files of a source tree say about a symbol: where it is defined and under which conditions it can be had.
 * It is read to explain refusals, so it understands as much as that takes: no defaults, no selects, no macros.
 */
#ifndef KCONFIG_TREE_H
#define KCONFIG_TREE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

/* A symbol may be defined in several places, each with conditions of its own. */
struct kconfig_definition {
	const char *symbol, *file;
	int line;
	struct strings
		needs; /* expressions that must all hold: its own and those of the blocks around it */
	bool prompted; /* a person may choose it; otherwise only other symbols decide */
};

struct kconfig_tree {
	struct arena arena;
	struct kconfig_definition *at;
	size_t n, cap;
};

/* Follows `source` lines from SOURCE/Kconfig or SOURCE/Config.in; files missing there are looked for in `build`. `family`
 * stands for $(SRCARCH). */
CHECKED bool kconfig_tree_read(struct kconfig_tree *t, const char *source, const char *build,
	const char *family, struct error *err);
void kconfig_tree_release(struct kconfig_tree *t);

bool kconfig_tree_knows(const struct kconfig_tree *t, const char *symbol);

/* The value of a symbol; "n" when it has none. */
typedef const char *kconfig_lookup(const void *ctx, const char *symbol);

/* Appends those of the AND-ed terms of an expression that do not hold ("MMU, A || B"); false when all do or may. */
bool kconfig_unmet(
	const char *expression, kconfig_lookup *lookup, const void *ctx, struct text *out);

#endif
