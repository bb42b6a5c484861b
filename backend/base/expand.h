/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * {name} in recipes, styles, templates and checks: one implementation. An unknown name is an error, never empty text.
 * "{{" is a literal brace. Words are split before expansion, so a value with blanks cannot break an argument; a word that is
 * exactly "{name}" with a list value becomes as many arguments as the list has words.
 *
 * What some names stand for is known only later: a folder is named after the key of the very words that name it, and a date is
 * found in an archive. A lookup returns expand_mark() for these. The name then stays in the words, marked so that no text of a
 * person's can be taken for it, and expand_marked() goes over the marked names when more is known.
 */
#ifndef EXPAND_H
#define EXPAND_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

/* NULL: unknown name. The value may have marks. *is_list says that the value is words separated by blanks. */
typedef const char *expand_lookup(void *ctx, const char *name, bool *is_list);

CHECKED bool expand(
	struct text *out, const char *source, expand_lookup *lookup, void *ctx, struct error *err);
CHECKED bool expand_words(struct strings *out, struct arena *a, const char *source,
	expand_lookup *lookup, void *ctx, struct error *err);

const char *expand_mark(struct arena *a, const char *name);
bool expand_is_marked(const char *text);

/* Replaces marked names; the lookup may mark them again. All else is taken as it is. */
CHECKED bool expand_marked(struct strings *out, struct arena *a, const struct strings *words,
	expand_lookup *lookup, void *ctx, struct error *err);

/* The text as it can be shown: marked names stand for themselves, {name}, but those that the lookup knows. It may be NULL. */
void expand_print(struct text *out, const char *text, expand_lookup *lookup, void *ctx);

#endif
