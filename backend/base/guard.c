/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions over choices, see guard.h. */
#include "base/guard.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

static bool is_name(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.+/", s[i]))
			return false;
	return len > 0;
}

static void trim(const char **s, size_t *len)
{
	while (*len && isspace((unsigned char)**s)) {
		++*s;
		--*len;
	}
	while (*len && isspace((unsigned char)(*s)[*len - 1]))
		--*len;
}

/* As a name, but with the '$' of hashes, and one '*' at its end; '*' alone is any word at all. */
static bool is_value(const char *s, size_t len)
{
	if (len == 1 && *s == '*')
		return true;
	if (len && s[len - 1] == '*')
		len--;
	while (len && *s == '$') {
		s++;
		len--;
	}
	while (len && s[len - 1] == '$')
		len--;
	return len > 0 && is_name(s, len);
}

static bool parse_values(struct guard_term *t, struct arena *a, const char *s, size_t len)
{
	while (true) {
		const char *bar = memchr(s, '|', len);
		size_t n = bar ? (size_t)(bar - s) : len;
		const char *word = s;
		size_t word_len = n;

		trim(&word, &word_len);
		if (!is_value(word, word_len))
			return false;
		vec_push(&t->values, arena_strn(a, word, word_len));
		if (!bar)
			return true;
		s += n + 1;
		len -= n + 1;
	}
}

static bool parse_term(struct guard_term *t, struct arena *a, const char *s, size_t len)
{
	const char *equal = memchr(s, '=', len);
	size_t name_len;

	if (!equal)
		return false;
	name_len = (size_t)(equal - s);
	t->negated = name_len && s[name_len - 1] == '!';
	name_len -= t->negated;
	trim(&s, &name_len);
	if (!is_name(s, name_len))
		return false;
	t->name = arena_strn(a, s, name_len);
	return parse_values(t, a, equal + 1, len - (size_t)(equal + 1 - s));
}

bool guard_parse(struct guard *g, struct arena *a, const char *source, struct error *err)
{
	const char *s = source;
	bool ok = true;

	*g = (struct guard){0};
	while (ok && *s) {
		size_t len = strcspn(s, ",");
		const char *term = s;
		size_t term_len = len;
		struct guard_term t = {0};

		trim(&term, &term_len);
		ok = parse_term(&t, a, term, term_len);
		vec_settle(&t.values, a);
		vec_push(g, t);
		s += len;
		if (*s == ',' && !*++s)
			ok = false;
	}
	vec_settle(g, a);
	if (!ok)
		return error_set(err, ERROR_PROFILE,
			"'%s' is not a condition; write choice=value, choice!=value or "
			"choice=one|other, "
			"separated by commas",
			source);
	return true;
}

static bool contains_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	bool beginning = len && word[len - 1] == '*';

	len -= beginning;
	while (*list) {
		size_t n = strcspn(list, " \t\n");

		if ((beginning ? n >= len : n == len) && memcmp(list, word, len) == 0)
			return true;
		list += n;
		list += strspn(list, " \t\n");
	}
	return false;
}

bool guard_term_holds(const struct guard_term *t, guard_lookup *lookup, const void *ctx)
{
	const char *value = lookup(ctx, t->name);

	for (size_t i = 0; value && i < t->values.n; i++)
		if (contains_word(value, t->values.at[i]))
			return !t->negated;
	return t->negated;
}

bool guard_holds(const struct guard *g, guard_lookup *lookup, const void *ctx)
{
	for (size_t i = 0; i < g->n; i++)
		if (!guard_term_holds(&g->at[i], lookup, ctx))
			return false;
	return true;
}

void guard_print(const struct guard *g, struct text *out)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct guard_term *t = &g->at[i];

		text_fmt(out, "%s%s%s=", i ? ", " : "", t->name, t->negated ? "!" : "");
		for (size_t k = 0; k < t->values.n; k++)
			text_fmt(out, "%s%s", k ? "|" : "", t->values.at[k]);
	}
}
