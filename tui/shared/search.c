/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches options against words. */
#include "shared/search.h"

#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/profile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST_START = 3 }; /* letters of a word that stand for all of it */

enum field { FIELD_NAME, FIELD_TITLE, FIELD_ALSO, FIELD_VALUE, FIELD_HELP, FIELD_NONE };

static const char *const field_names[] = {"name", "title", "also", "value", "help", ""};

/* Is `word` one of `words`, or the beginning of one? Zones are words of several: Europe/Berlin. */
static bool among(const char *words, const char *word, bool whole)
{
	static const char between[] = " /_-";
	size_t len = strlen(word);

	for (const char *at = words; at && *at; at += strspn(at, between)) {
		size_t n = strcspn(at, between);

		if (strncasecmp(at, word, len) == 0 &&
			(len == n || (!whole && len >= SHORTEST_START)))
			return true;
		at += n;
	}
	return false;
}

static bool in_aliases(const struct option *o, const char *word)
{
	for (size_t i = 0; i < o->aliases.n; i++)
		if (among(o->aliases.at[i].name, word, false) ||
			among(o->aliases.at[i].also, word, false))
			return true;
	return false;
}

static bool in_values(const struct option *o, const char *word)
{
	for (size_t i = 0; i < o->values.n; i++) {
		const struct option_value *v = &o->values.at[i];

		if (strcasestr(v->name, word) || (v->help && strcasestr(v->help, word)))
			return true;
	}
	return false;
}

static enum field field_with(const struct profile *p, const struct option *o, const char *word)
{
	const char *now = p ? profile_get(p, o->name) : NULL;

	if (strcasestr(o->name, word))
		return FIELD_NAME;
	if (strcasestr(o->prompt, word) || strcasestr(o->menu, word))
		return FIELD_TITLE;
	if (among(o->also, word, false))
		return FIELD_ALSO;
	/* Nobody searches for a password hash. */
	if (in_values(o, word) || in_aliases(o, word) ||
		(now && o->type != OPTION_HASH && strcasestr(now, word)))
		return FIELD_VALUE;
	return o->help && strcasestr(o->help, word) ? FIELD_HELP : FIELD_NONE;
}

/* The field of the first word and the sum over all words; false if one is missing. */
static bool matches(
	const struct profile *p, const struct option *o, const char *query, struct hit *hit)
{
	char *words = xstrdup(query), *rest = words, *word;
	bool first = true, ok = true;

	*hit = (struct hit){.option = o, .field = ""};
	while (ok && (word = strsep(&rest, " "))) {
		enum field f;

		if (!*word)
			continue;
		f = field_with(p, o, word);
		ok = f != FIELD_NONE;
		hit->rank += (int)f;
		if (first)
			hit->field = field_names[f];
		first = false;
	}
	free(words);
	return ok;
}

void search_options(
	const struct option_table *t, const struct profile *p, const char *query, struct hits *out)
{
	out->n = 0;
	for (size_t i = 0; i < t->options.n; i++) {
		struct hit hit;
		size_t at;

		if (!matches(p, &t->options.at[i], query, &hit))
			continue;
		vec_push(out, hit);
		for (at = out->n - 1; at > 0 && out->at[at - 1].rank > hit.rank; at--)
			out->at[at] = out->at[at - 1];
		out->at[at] = hit;
	}
}

/* Something is called that by now: a recipe, a service, a value, an option, or what one of them is also called. */
static bool is_there(const struct option_table *t, const char *name)
{
	for (size_t i = 0; i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];

		if (strcasecmp(o->name, name) == 0 || among(o->also, name, true))
			return true;
		for (size_t k = 0; k < o->values.n; k++)
			if (strcasecmp(o->values.at[k].name, name) == 0)
				return true;
		for (size_t k = 0; k < o->aliases.n; k++)
			if (strcasecmp(o->aliases.at[k].name, name) == 0 ||
				among(o->aliases.at[k].also, name, true))
				return true;
	}
	return false;
}

/* Every word of the query is one of the wish's. */
static bool is_wished(const struct option_wish *w, const char *query, bool whole)
{
	char *words = xstrdup(query), *rest = words, *word;
	size_t found = 0;
	bool ok = true;

	while (ok && (word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		ok = among(w->name, word, whole) || among(w->also, word, whole);
		found += ok;
	}
	free(words);
	return ok && found;
}

const struct option_wish *search_wish(const struct option_table *t, const char *query, bool whole)
{
	for (size_t i = 0; i < t->wishes.n; i++)
		if (is_wished(&t->wishes.at[i], query, whole) && !is_there(t, t->wishes.at[i].name))
			return &t->wishes.at[i];
	return NULL;
}

void search_add_near(const struct option_table *t, const struct option_wish *w, struct hits *out)
{
	for (size_t i = 0; i < w->near.n; i++) {
		struct hit hit = {.option = option_find(t, w->near.at[i]), .field = "near"};
		bool known = false;

		for (size_t k = 0; k < out->n; k++)
			known = known || out->at[k].option == hit.option;
		if (hit.option && !known)
			vec_push(out, hit);
	}
}

/* Edit distance, with swapped neighbours counted once; only short words are compared. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][33] = {{0}};
	size_t n = strlen(a), m = strlen(b);

	if (n > 32 || m > 32)
		return 99;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			int ca = tolower((unsigned char)a[i - 1]),
			    cb = tolower((unsigned char)b[j - 1]);
			size_t best = above[j - 1] + (ca != cb);

			best = above[j] + 1 < best ? above[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				older[j - 2] + 1 < best)
				best = older[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[n % 3][m];
}

static size_t nearest_word(const char *sentence, const char *query)
{
	char *words = xstrdup(sentence), *rest = words, *word;
	size_t best = 99;

	while ((word = strsep(&rest, " -"))) {
		size_t d = *word ? distance(word, query) : 99;

		best = d < best ? d : best;
	}
	free(words);
	return best;
}

const struct option *search_nearest(const struct option_table *t, const char *query)
{
	const struct option *best = NULL;
	size_t least = strlen(query) / 3 + 1;

	if (strlen(query) < 3)
		return NULL;
	for (size_t i = 0; i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];
		size_t name = nearest_word(o->name, query), title = nearest_word(o->prompt, query);
		size_t d = name < title ? name : title;

		if (d < least || (d == least && !best)) {
			least = d;
			best = o;
		}
	}
	return best;
}
