/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expands {name} in data. */
#include "base/expand.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

enum {
	LONGEST = 128,
	MARK = '\1', /* stands before the brace; files of choices cannot contain control characters */
};

/* Length of a name between braces; 0 if this brace opens none and is an ordinary character. */
static size_t name_length(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+");

	return n && s[n] == '}' ? n : 0;
}

static bool one_name(struct text *out, const char *s, size_t len, expand_lookup *lookup, void *ctx,
	struct error *err)
{
	char name[LONGEST];
	const char *value;
	bool list;

	if (len >= sizeof name)
		return error_set(err, ERROR_PROFILE, "the name {%.40s...} is too long", s);
	memcpy(name, s, len);
	name[len] = '\0';
	value = lookup(ctx, name, &list);
	if (!value)
		return error_set(err, ERROR_PROFILE, "{%s} stands for nothing here", name);
	text_str(out, value);
	return true;
}

bool expand(
	struct text *out, const char *source, expand_lookup *lookup, void *ctx, struct error *err)
{
	const char *s = source;

	while (*s) {
		size_t n = strcspn(s, "{");

		text_add(out, s, n);
		s += n;
		if (!*s)
			break;
		if (s[1] == '{') {
			text_char(out, '{');
			s += 2;
		} else if ((n = name_length(s + 1))) {
			if (!one_name(out, s + 1, n, lookup, ctx, err))
				return false;
			s += n + 2;
		} else {
			text_char(out, *s++);
		}
	}
	return true;
}

/* A word that is exactly {name} with a list value becomes the list's words. */
static bool whole_list(struct strings *out, struct arena *a, const char *word,
	expand_lookup *lookup, void *ctx, bool *done, struct error *err)
{
	size_t n = word[0] == '{' && word[1] != '{' ? name_length(word + 1) : 0;
	const char *value;
	char name[LONGEST];
	bool list = false;

	*done = false;
	if (!n || word[n + 2] || n >= sizeof name)
		return true;
	memcpy(name, word + 1, n);
	name[n] = '\0';
	value = lookup(ctx, name, &list);
	if (!value || !list)
		return true;
	*done = true;
	return conf_words(value, a, out, err);
}

bool expand_words(struct strings *out, struct arena *a, const char *source, expand_lookup *lookup,
	void *ctx, struct error *err)
{
	struct arena scratch = ARENA_INIT;
	struct strings words = {0};
	struct text one = TEXT_INIT;
	bool ok = conf_words(source, &scratch, &words, err);

	for (size_t i = 0; ok && i < words.n; i++) {
		bool done;

		ok = whole_list(out, a, words.at[i], lookup, ctx, &done, err);
		if (!ok || done)
			continue;
		text_clear(&one);
		ok = expand(&one, words.at[i], lookup, ctx, err);
		if (ok)
			vec_push_in(a, out, arena_str(a, one.s));
	}
	text_release(&one);
	arena_release(&scratch);
	return ok;
}

const char *expand_mark(struct arena *a, const char *name)
{
	return arena_fmt(a, "%c{%s}", MARK, name);
}

/* The next mark, the length of the name after it, and the text after both; NULL if there is none. */
static const char *next_mark(const char *s, size_t *len, const char **rest)
{
	while ((s = strchr(s, MARK))) {
		*len = s[1] == '{' ? name_length(s + 2) : 0;
		*rest = s + *len + 3;
		if (*len)
			return s;
		s++;
	}
	return NULL;
}

bool expand_is_marked(const char *text)
{
	const char *rest;
	size_t len;

	return next_mark(text, &len, &rest) != NULL;
}

static bool one_marked(
	struct text *out, const char *word, expand_lookup *lookup, void *ctx, struct error *err)
{
	const char *s = word, *rest;
	size_t len;

	for (const char *mark; (mark = next_mark(s, &len, &rest)); s = rest) {
		text_add(out, s, (size_t)(mark - s));
		if (!one_name(out, mark + 2, len, lookup, ctx, err))
			return false;
	}
	text_str(out, s);
	return true;
}

bool expand_marked(struct strings *out, struct arena *a, const struct strings *words,
	expand_lookup *lookup, void *ctx, struct error *err)
{
	struct text one = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < words->n; i++) {
		bool done = false;

		if (words->at[i][0] == MARK)
			ok = whole_list(out, a, words->at[i] + 1, lookup, ctx, &done, err);
		if (!ok || done)
			continue;
		text_clear(&one);
		ok = one_marked(&one, words->at[i], lookup, ctx, err);
		if (ok)
			vec_push_in(a, out, arena_str(a, one.s));
	}
	text_release(&one);
	return ok;
}

void expand_print(struct text *out, const char *text, expand_lookup *lookup, void *ctx)
{
	const char *s = text, *rest;
	size_t len;

	for (const char *mark; (mark = next_mark(s, &len, &rest)); s = rest) {
		struct error unknown;

		text_add(out, s, (size_t)(mark - s));
		if (!lookup || !one_name(out, mark + 2, len, lookup, ctx, &unknown))
			text_add(out, mark + 1, len + 2);
	}
	text_str(out, s);
}
