/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads share/groups/NAME.group, and what the words of the choice of packages stand for (package.h). */
#include "choice/package.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog_load.h"
#include "choice/recipe.h"

#include <string.h>

#include "base/banned.h"

static const struct conf_field fields[] = {
	{"summary", CONF_TEXT, offsetof(struct package_group, summary)},
	{"packages", CONF_WORDS, offsetof(struct package_group, packages)},
	{NULL, CONF_TEXT, 0},
};

struct loader {
	struct arena *arena;
	struct package_group *group;
};

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;

	return conf_in(line, "", err) && conf_store(fields, line, l->group, l->arena, err);
}

static bool load_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct catalog *c = ctx;
	struct package_group *g = arena_alloc(&c->arena, sizeof *g);
	struct loader l = {&c->arena, g};
	const char *base = strrchr(relative, '/') + 1;

	g->name = arena_strn(&c->arena, base, strlen(base) - strlen(".group"));
	g->file = arena_str(&c->arena, path);
	vec_push_in(&c->arena, &c->groups, g);
	if (!conf_read(path, &c->arena, take_line, &l, err))
		return false;
	return (g->summary && g->packages.n) ||
	       error_set(err, ERROR_PROFILE, "%s: a group needs summary and packages", path);
}

bool package_load_groups(struct catalog *c, struct error *err)
{
	return place_each(c->place, "share/groups", ".group", load_file, c, err);
}

const struct package_group *package_group_find(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->groups.n; i++)
		if (strcmp(c->groups.at[i]->name, name + (*name == '@')) == 0)
			return c->groups.at[i];
	return NULL;
}

static bool group_known(
	const struct catalog *c, const struct option *o, const char *word, struct error *err)
{
	const struct package_group *g = package_group_find(c, word);
	struct strings names = {0};
	const char *near;

	for (size_t i = 0; g && i < g->packages.n; i++)
		if (!package_find(c, g->packages.at[i]))
			return error_set(err, ERROR_PROFILE, "%s: '%s' is not a package", g->file,
				g->packages.at[i]);
	if (g)
		return true;
	for (size_t i = 0; i < c->groups.n; i++)
		vec_push(&names, c->groups.at[i]->name);
	near = conf_nearest(word + 1, names.at, names.n);
	error_set(err, ERROR_PROFILE,
		"%s: there is no group '%.80s'%s%s%s; `bootsmith packages` lists them", o->name,
		word, near ? " (did you mean @" : "", near ? near : "", near ? "?)" : "");
	vec_release(&names);
	return false;
}

/* "packages: 'dropbear' comes with ssh=dropbear": it is there, but nothing asks for it here. */
static bool not_this_way(const struct option *o, const struct recipe *r, struct error *err)
{
	struct text when = TEXT_INIT;

	for (size_t i = 0; i < r->when.n; i++) {
		text_str(&when, i ? " or with " : "");
		guard_print(&r->when.at[i], &when);
	}
	error_set(err, ERROR_PROFILE, "%s: '%s' is not asked for here, it comes with %s", o->name,
		r->name, when.s);
	text_release(&when);
	return false;
}

bool package_known(
	const struct catalog *c, const struct option *o, const char *word, struct error *err)
{
	const struct recipe *r = recipe_find(c, word);
	struct strings names = {0};
	const char *near;

	if (*word == '@')
		return group_known(c, o, word, err);
	if (package_find(c, word) || (r && !r->when.n && !r->host))
		return true;
	if (r && !r->host)
		return not_this_way(o, r, err);
	for (size_t i = 0; i < c->packages.n; i++)
		vec_push(&names, c->packages.at[i]->name);
	near = conf_nearest(word, names.at, names.n);
	error_set(err, ERROR_PROFILE,
		"%s cannot be '%.80s'%s%s%s: no package is called that. `bootsmith packages` lists them; recipes of your own come from a folder (recipes = DIR, or one of $BOOTSMITH_PATH)",
		o->name, word, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	vec_release(&names);
	return false;
}

/* As a word of a list of words. */
static void add_once(struct arena *a, struct strings *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->at[i], word) == 0)
			return;
	vec_push_in(a, list, word);
}

const char *package_expand(const struct catalog *c, const char *words, struct arena *a)
{
	struct strings given = {0}, all = {0};
	struct text out = TEXT_INIT;
	struct error ignored;
	const char *whole;

	if (!strchr(words, '@') || !conf_words(words, a, &given, &ignored))
		return words;
	for (size_t i = 0; i < given.n; i++) {
		const struct package_group *g =
			*given.at[i] == '@' ? package_group_find(c, given.at[i]) : NULL;

		for (size_t k = 0; g && k < g->packages.n; k++)
			add_once(a, &all, g->packages.at[k]);
		if (!g)
			add_once(a, &all, given.at[i]);
	}
	for (size_t i = 0; i < all.n; i++)
		text_fmt(&out, "%s%s", i ? " " : "", all.at[i]);
	whole = arena_str(a, out.s);
	text_release(&out);
	return whole;
}
