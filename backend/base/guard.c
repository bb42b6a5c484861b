/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses and evaluates conditions over choices. */
#include "base/guard.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
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

/* Like a name, but it may contain the '$' of hashes and end with one '*'; '*' alone matches any word. */
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

struct reader {
	struct arena *arena;
	const char *source;
	const struct traits *traits;
};

static bool malformed(const struct reader *r, struct error *err)
{
	return error_set(err, ERROR_PROFILE,
		"'%s' is not a condition; write choice=value, choice!=value or choice=one|other, separated by commas",
		r->source);
}

const struct trait *trait_find(const struct traits *t, const char *choice, const char *name)
{
	for (size_t i = 0; t && i < t->n; i++)
		if (strcmp(t->at[i].choice, choice) == 0 && strcmp(t->at[i].name, name) == 0)
			return &t->at[i];
	return NULL;
}

/* Replaces the trait by the values that have it. */
static bool add_trait(
	const struct reader *r, struct guard_term *t, const char *name, struct error *err)
{
	const struct trait *trait = trait_find(r->traits, t->name, name);
	struct strings known = {0};
	const char *near;

	for (size_t i = 0; trait && i < trait->values.n; i++)
		vec_push_in(r->arena, &t->values, trait->values.at[i]);
	if (trait)
		return true;
	for (size_t i = 0; r->traits && i < r->traits->n; i++)
		if (strcmp(r->traits->at[i].choice, t->name) == 0)
			vec_push_in(r->arena, &known, r->traits->at[i].name);
	near = conf_nearest(name, known.at, known.n);
	error_set(err, ERROR_PROFILE, "no value of '%s' is known to have the trait '@%s'%s%s%s",
		t->name, name, near ? "; did you mean '@" : "", near ? near : "", near ? "'?" : "");
	return false;
}

static bool parse_values(
	const struct reader *r, struct guard_term *t, const char *s, size_t len, struct error *err)
{
	while (true) {
		const char *bar = memchr(s, '|', len);
		size_t n = bar ? (size_t)(bar - s) : len;
		const char *word = s;
		size_t word_len = n;

		trim(&word, &word_len);
		if (word_len && *word == '@' && is_name(word + 1, word_len - 1)) {
			if (!add_trait(r, t, arena_strn(r->arena, word + 1, word_len - 1), err))
				return false;
		} else if (is_value(word, word_len)) {
			vec_push_in(r->arena, &t->values, arena_strn(r->arena, word, word_len));
		} else {
			return malformed(r, err);
		}
		if (!bar)
			return true;
		s += n + 1;
		len -= n + 1;
	}
}

static bool parse_term(
	const struct reader *r, struct guard_term *t, const char *s, size_t len, struct error *err)
{
	const char *equal = memchr(s, '=', len);
	size_t name_len;

	if (!equal)
		return malformed(r, err);
	name_len = (size_t)(equal - s);
	t->negated = name_len && s[name_len - 1] == '!';
	name_len -= t->negated;
	trim(&s, &name_len);
	if (!is_name(s, name_len))
		return malformed(r, err);
	t->name = arena_strn(r->arena, s, name_len);
	return parse_values(r, t, equal + 1, len - (size_t)(equal + 1 - s), err);
}

bool guard_parse(struct guard *g, struct arena *a, const char *source, const struct traits *traits,
	struct error *err)
{
	const struct reader r = {a, source, traits};
	const char *s = source;
	bool ok = true;

	*g = (struct guard){0};
	while (ok && *s) {
		size_t len = strcspn(s, ",");
		const char *term = s;
		size_t term_len = len;
		struct guard_term t = {0};

		trim(&term, &term_len);
		ok = parse_term(&r, &t, term, term_len, err);
		vec_push_in(a, g, t);
		s += len;
		if (*s == ',' && !*++s)
			ok = ok && malformed(&r, err);
	}
	return ok;
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
