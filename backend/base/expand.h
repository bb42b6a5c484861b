/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * {name} in recipes, styles, templates and checks: one implementation. An unknown name is an error, never empty text.
 * "{{" is a literal brace. Words are split before expansion, so a value with blanks cannot break an argument; a word that is
 * exactly "{name}" with a list value becomes as many arguments as the list has words.
 */
#ifndef EXPAND_H
#define EXPAND_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

/* NULL: unknown name. *is_list says that the value is words separated by blanks. */
typedef const char *expand_lookup(void *ctx, const char *name, bool *is_list);

CHECKED bool expand(
	struct text *out, const char *source, expand_lookup *lookup, void *ctx, struct error *err);
CHECKED bool expand_words(struct strings *out, struct arena *a, const char *source,
	expand_lookup *lookup, void *ctx, struct error *err);

#endif
