/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * {name} in recipes, styles, templates and checks: one implementation. An unknown name is an error, never empty text. "{{" is a
 * literal brace. Words are split before expansion, so a value with blanks stays one argument; a word that is exactly "{name}"
 * with a list value becomes one argument for each word.
 *
 * Some values are known only later: a folder's name contains the key, which is computed from the very words that name the folder,
 * and a date is found in an archive. For these a lookup returns expand_mark(). The name then stays in the words, marked so that
 * no user's text can be mistaken for it, and expand_marked() replaces the marked names once their values are known.
 */
#ifndef EXPAND_H
#define EXPAND_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

/* NULL: unknown name. The value may contain marks. *is_list: the value is words separated by blanks. */
typedef const char *expand_lookup(void *ctx, const char *name, bool *is_list);

CHECKED bool expand(
	struct text *out, const char *source, expand_lookup *lookup, void *ctx, struct error *err);
CHECKED bool expand_words(struct strings *out, struct arena *a, const char *source,
	expand_lookup *lookup, void *ctx, struct error *err);

const char *expand_mark(struct arena *a, const char *name);
bool expand_is_marked(const char *text);

/* Replaces marked names; the lookup may mark them again. Everything else is kept as is. */
CHECKED bool expand_marked(struct strings *out, struct arena *a, const struct strings *words,
	expand_lookup *lookup, void *ctx, struct error *err);

/* The text for display: marked names that the lookup does not know appear as {name}. The lookup may be NULL. */
void expand_print(struct text *out, const char *text, expand_lookup *lookup, void *ctx);

#endif
