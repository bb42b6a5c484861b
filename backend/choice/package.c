/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which recipes are packages, their own options, and what comes with them (package.h). */
#include "choice/package.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/vec.h"
#include "choice/catalog_load.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "choice/recipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define OPTION	   "option."
#define HELP	   "help."
#define NO_SECTION "Other"

const struct option *package_option(const struct catalog *c)
{
	for (size_t i = 0; i < c->options.options.n; i++)
		if (c->options.options.at[i].recipes)
			return &c->options.options.at[i];
	return NULL;
}

/* Older recipes have no section, and a condition that names the choice of packages. */
static bool is_asked_for(const struct recipe *r, const struct option *by)
{
	for (size_t i = 0; by && i < r->when.n; i++)
		for (size_t k = 0; k < r->when.at[i].n; k++)
			if (strcmp(r->when.at[i].at[k].name, by->name) == 0 &&
				!r->when.at[i].at[k].negated)
				return true;
	return false;
}

static const char *value_of(const struct recipe *r, const char *lead, const char *name)
{
	size_t len = strlen(lead);

	for (size_t i = 0; i < r->values.n; i++)
		if (strncmp(r->values.at[i].key, lead, len) == 0 &&
			strcmp(r->values.at[i].key + len, name) == 0)
			return r->values.at[i].value;
	return NULL;
}

/* `option.ssl = yes no` of the recipe curl is the option curl.ssl. */
static bool add_option(
	struct catalog *c, struct package *k, const struct recipe_value *v, struct error *err)
{
	struct option *o = arena_alloc(&c->arena, sizeof *o);
	const char *name = v->key + strlen(OPTION);
	const char *help = value_of(k->recipe, HELP, name);
	struct strings words = {0};

	if (!conf_words(v->value, &c->arena, &words, err))
		return error_in(err, "%s:%d", k->recipe->file, v->line);
	if (words.n < 2 || v->guard.n || !*name)
		return error_set(err, ERROR_PROFILE,
			"%s:%d: option.NAME lists two values or more, the default first, without a guard",
			k->recipe->file, v->line);
	o->name = arena_fmt(&c->arena, "%s.%s", k->name, name);
	o->menu = k->section;
	o->prompt = arena_fmt(&c->arena, "%s of %s", name, k->name);
	o->help = help ? help : arena_fmt(&c->arena, "A choice of the package %s.", k->name);
	o->also = o->when_text = "";
	o->type = OPTION_CHOICE;
	o->fallback = words.at[0];
	o->file = k->recipe->file;
	o->line = v->line;
	for (size_t i = 0; i < words.n; i++)
		vec_push_in(&c->arena, &o->values, (struct option_value){.name = words.at[i]});
	vec_push_in(&c->arena, &k->options, o);
	return true;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static bool make_package(struct catalog *c, const struct recipe *r, struct error *err)
{
	struct package *k = arena_alloc(&c->arena, sizeof *k);
	bool ok = true;

	*k = (struct package){.name = r->name,
		.section = r->section ? r->section : NO_SECTION,
		.summary = r->summary,
		.also = or_empty(r->also),
		.provides = or_empty(r->provides),
		.licence = or_empty(r->licence),
		.url = or_empty(r->url),
		.component = r->source,
		.recipe = r};
	for (size_t i = 0; ok && i < r->values.n; i++)
		if (strncmp(r->values.at[i].key, OPTION, strlen(OPTION)) == 0)
			ok = add_option(c, k, &r->values.at[i], err);
	vec_push_in(&c->arena, &c->packages, k);
	return ok;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct package *const *)a)->name,
		(*(const struct package *const *)b)->name);
}

bool package_load_all(struct catalog *c, struct error *err)
{
	const struct option *asks = package_option(c);
	bool ok = true;

	c->packages.at = NULL;
	c->packages.n = c->packages.cap = 0;
	c->options.of_packages.at = NULL;
	c->options.of_packages.n = c->options.of_packages.cap = 0;
	for (size_t i = 0; ok && i < c->recipes.n; i++)
		if (!c->recipes.at[i]->host &&
			(c->recipes.at[i]->section || is_asked_for(c->recipes.at[i], asks)))
			ok = make_package(c, c->recipes.at[i], err);
	if (c->packages.n)
		qsort(c->packages.at, c->packages.n, sizeof *c->packages.at, by_name);
	for (size_t i = 0; i < c->packages.n; i++)
		for (size_t k = 0; k < c->packages.at[i]->options.n; k++)
			vec_push_in(&c->arena, &c->options.of_packages,
				c->packages.at[i]->options.at[k]);
	return ok;
}

const struct package *package_find(const struct catalog *c, const char *name)
{
	const struct package wanted = {.name = name}, *key = &wanted;
	struct package **found = c->packages.n ? bsearch(&key, c->packages.at, c->packages.n,
							 sizeof *c->packages.at, by_name)
					       : NULL;

	return found ? *found : NULL;
}

static bool has(const struct strings *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return false;
}

static void recipe_needs(
	const struct profile *p, const struct recipe *r, struct arena *a, struct strings *out)
{
	static const char *const keys[] = {"needs", "run-time"};
	struct strings words = {0};
	struct error ignored;

	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		for (size_t i = 0; i < r->values.n; i++)
			if (strcmp(r->values.at[i].key, keys[k]) == 0 &&
				guard_holds(&r->values.at[i].guard, profile_lookup, p) &&
				!conf_words(r->values.at[i].value, a, &words, &ignored))
				continue;
	for (size_t i = 0; i < words.n; i++) {
		const struct recipe *needed = recipe_find(p->catalog, words.at[i]);

		if (!has(out, words.at[i]) &&
			!(needed && recipe_is_given(needed, profile_lookup, p)))
			vec_push_in(a, out, words.at[i]);
	}
}

void package_needs(
	const struct profile *p, const struct package *k, struct arena *a, struct strings *out)
{
	recipe_needs(p, k->recipe, a, out);
}

/* Recipes in the order in which they are come to; each knows its place in the catalogue. */
struct closure {
	const struct profile *profile;
	const struct catalog *catalog;
	const struct strings *names; /* that it begins with */
	struct arena *arena;
	bool *seen;
	VEC(const struct recipe *) all;
};

/* As a plan takes them (backend/plan/plan_closure.c): one that is chosen, else the first; NULL: none provides the name. */
static const struct recipe *provider(const struct closure *c, const char *name)
{
	const struct recipe *first = NULL;

	for (size_t i = 0; i < c->catalog->recipes.n; i++) {
		const struct recipe *r = c->catalog->recipes.at[i];

		if (r->host || !recipe_provides(r, name))
			continue;
		if (has(c->names, r->name) || recipe_wants(r, profile_lookup, c->profile))
			return r;
		first = first ? first : r;
	}
	return first;
}

static void add_recipes(struct closure *c, const struct strings *names)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct recipe *r = recipe_find(c->catalog, names->at[i]);

		if (!r && (r = provider(c, names->at[i])) &&
			recipe_is_given(r, profile_lookup, c->profile))
			continue;
		if (!r || c->seen[r->index])
			continue;
		c->seen[r->index] = true;
		vec_push_in(c->arena, &c->all, r);
	}
}

void package_closure(
	const struct profile *p, const struct strings *names, struct arena *a, struct strings *out)
{
	struct closure c = {.profile = p, .catalog = p->catalog, .names = names, .arena = a};

	c.seen = arena_alloc(a, (p->catalog->recipes.n + 1) * sizeof *c.seen);
	add_recipes(&c, names);
	/* it grows while it is walked; pieces of the system lead to packages, too */
	for (size_t i = 0; i < c.all.n; i++) {
		struct strings needs = {0};

		recipe_needs(p, c.all.at[i], a, &needs);
		add_recipes(&c, &needs);
		if (package_find(p->catalog, c.all.at[i]->name))
			vec_push_in(a, out, c.all.at[i]->name);
	}
}

void package_chosen(const struct profile *p, struct arena *a, struct strings *out)
{
	const struct option *o = package_option(p->catalog);
	struct strings words = {0};
	struct error ignored;

	if (!o || !conf_words(profile_get(p, o->name), a, &words, &ignored))
		return;
	for (size_t i = 0; i < words.n; i++)
		if (package_find(p->catalog, words.at[i]))
			vec_push_in(a, out, words.at[i]);
}

const char *package_value(const struct profile *p, const struct package *k, const char *key)
{
	const char *found = NULL;

	for (size_t i = 0; i < k->recipe->values.n; i++)
		if (strcmp(k->recipe->values.at[i].key, key) == 0 &&
			guard_holds(&k->recipe->values.at[i].guard, profile_lookup, p))
			found = k->recipe->values.at[i].value;
	return found;
}
