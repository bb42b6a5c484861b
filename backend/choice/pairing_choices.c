/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks choices against the table of pairs before exact versions are known, while a person is still choosing. */
#include "choice/pairing_rows.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/guard.h"
#include "base/vec.h"
#include "base/version.h"
#include "choice/option.h"
#include "choice/pairing.h"
#include "choice/profile.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

static const char *value_of(const struct pairing_choices *c, const struct option *o)
{
	return o == c->option ? c->value : profile_get(c->profile, o->name);
}

/* A word such as `host` is not a version of the component: the system has none. */
static bool is_version(const char *value)
{
	return isdigit((unsigned char)*value);
}

/* The option that chooses a component's version, NULL if these choices leave it out of the system. */
static const struct option *chooser(const struct pairing_choices *c, const char *component)
{
	const struct option_table *t = &c->profile->catalog->options;

	for (size_t i = 0; i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];

		if (o->component && strcmp(o->component, component) == 0 &&
			guard_holds(&o->when, profile_lookup, c->profile) &&
			is_version(value_of(c, o)))
			return o;
	}
	return NULL;
}

static const char *chosen(const void *ctx, const char *component)
{
	const struct option *o = chooser(ctx, component);

	return o ? value_of(ctx, o) : NULL;
}

static bool concerns(const struct pair *q, const struct pairing_choices *c)
{
	return !c->option || strcmp(q->left.name, c->option->component) == 0 ||
	       (q->right.name && strcmp(q->right.name, c->option->component) == 0);
}

bool pairings_allow(struct pairings *p, const struct pairing_choices *choices, struct error *err)
{
	for (size_t i = 0; i < p->pairs.n; i++) {
		const struct pair *q = &p->pairs.at[i];

		if (concerns(q, choices) &&
			guard_holds(&q->when, profile_lookup, choices->profile) &&
			pair_refuses(p, q, chosen, choices, err))
			return false;
	}
	return true;
}

/* "musl=1.2.5" of a tried combination: a component's version, or a choice's value. */
static bool word_fits(const struct pairing_choices *c, struct arena *a, const char *word)
{
	const char *equals = strchr(word, '=');
	const char *name = equals ? arena_strn(a, word, (size_t)(equals - word)) : word;
	const struct option *o = chooser(c, name);

	if (!equals)
		return false;
	if (o)
		return version_in_series(equals + 1, value_of(c, o));
	/* an option has a value even when it does not count */
	o = option_find(&c->profile->catalog->options, name);
	return o && guard_holds(&o->when, profile_lookup, c->profile) &&
	       strcmp(value_of(c, o), equals + 1) == 0;
}

static bool names(const struct strings *words, const char *component)
{
	size_t len = strlen(component);

	for (size_t i = 0; i < words->n; i++)
		if (strncmp(words->at[i], component, len) == 0 && words->at[i][len] == '=')
			return true;
	return false;
}

static bool combination_fits(
	const struct pairing_choices *c, struct arena *a, const struct strings *words)
{
	const struct option_table *t = &c->profile->catalog->options;

	for (size_t i = 0; i < words->n; i++)
		if (!word_fits(c, a, words->at[i]))
			return false;
	for (size_t i = 0; i < t->options.n; i++) {
		const char *component = t->options.at[i].component;

		if (component && chooser(c, component) && !names(words, component))
			return false;
	}
	return true;
}

bool pairings_tried_with(struct pairings *p, const struct pairing_choices *choices)
{
	struct arena arena = ARENA_INIT;
	struct strings words = {0};
	struct error ignored;
	bool found = false;

	for (size_t i = 0; i < p->tried.n && !found; i++) {
		words.n = 0;
		found = conf_words(p->tried.at[i], &arena, &words, &ignored) &&
			combination_fits(choices, &arena, &words);
	}
	arena_release(&arena);
	return found;
}
