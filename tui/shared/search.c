/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches options against words. */
#include "shared/search.h"

#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum field { FIELD_NAME, FIELD_TITLE, FIELD_VALUE, FIELD_HELP, FIELD_NONE };

static const char *const field_names[] = {"name", "title", "value", "help", ""};

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
	const char *now = profile_get(p, o->name);

	if (strcasestr(o->name, word))
		return FIELD_NAME;
	if (strcasestr(o->prompt, word) || strcasestr(o->menu, word))
		return FIELD_TITLE;
	/* Nobody searches for a password hash. */
	if (in_values(o, word) || (now && o->type != OPTION_HASH && strcasestr(now, word)))
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

void search_options(const struct profile *p, const char *query, struct hits *out)
{
	const struct option_table *t = &p->catalog->options;

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
