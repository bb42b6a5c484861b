/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads share/recipes/NAME/recipe. */
#include "choice/recipe.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/vec.h"
#include "choice/catalog_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const struct conf_field fields[] = {
	{"summary", CONF_TEXT, offsetof(struct recipe, summary)},
	{"source", CONF_TEXT, offsetof(struct recipe, source)},
	{"version", CONF_TEXT, offsetof(struct recipe, version)},
	{"style", CONF_TEXT, offsetof(struct recipe, style)},
	{"licence", CONF_TEXT, offsetof(struct recipe, licence)},
	{"url", CONF_TEXT, offsetof(struct recipe, url)},
	{"also", CONF_TEXT, offsetof(struct recipe, also)},
	{"section", CONF_TEXT, offsetof(struct recipe, section)},
	{"provides", CONF_TEXT, offsetof(struct recipe, provides)},
	{"debian", CONF_WORDS, offsetof(struct recipe, debian)},
	{"archive", CONF_TEXT, offsetof(struct recipe, archive_word)},
	{"host", CONF_YESNO, offsetof(struct recipe, host)},
	{NULL, CONF_TEXT, 0},
};

static bool is_fact(const char *key)
{
	for (const struct conf_field *f = fields; f->key; f++)
		if (strcmp(f->key, key) == 0)
			return true;
	return false;
}

struct loader {
	struct arena *arena;
	struct recipe *recipe;
};

static bool take_when(struct loader *l, const struct conf_line *line, struct error *err)
{
	struct guard g = {0};

	if (!guard_parse(&g, l->arena, line->value, line->traits, err))
		return false;
	vec_push_in(l->arena, &l->recipe->when, g);
	return true;
}

static bool take_value(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;

	if (!line->key)
		return error_set(
			err, ERROR_PROFILE, "a recipe has no sections; commands belong in a style");
	if (is_fact(line->key) || strcmp(line->key, "when") == 0) {
		if (line->guard->n)
			return error_set(err, ERROR_PROFILE,
				"'%s' is a fact and cannot have a guard", line->key);
		return strcmp(line->key, "when") == 0
			       ? take_when(l, line, err)
			       : conf_store(fields, line, l->recipe, l->arena, err);
	}
	vec_push_in(l->arena, &l->recipe->values,
		(struct recipe_value){line->key, *line->guard, line->value, line->line});
	return true;
}

/* share/recipes/NAME/recipe -> NAME */
static const char *folder_name(struct arena *a, const char *relative)
{
	const char *end = strrchr(relative, '/');
	const char *start = end;

	while (start > relative && start[-1] != '/')
		start--;
	return arena_strn(a, start, (size_t)(end - start));
}

static bool complete(struct recipe *r, struct error *err)
{
	static const char *const words[] = {
		[RECIPE_SOURCE] = "source", [RECIPE_BINARY] = "binary", [RECIPE_OWN] = "none"};
	const char *word = r->archive_word;

	if (!r->summary || !r->version || !r->style)
		return error_set(err, ERROR_PROFILE,
			"%s: a recipe needs summary, version and style", r->file);
	while (word && r->archive < sizeof words / sizeof *words &&
		strcmp(words[r->archive], word) != 0)
		r->archive++;
	return !word || r->archive < sizeof words / sizeof *words ||
	       error_set(err, ERROR_PROFILE,
		       "%s: archive is source, binary (a finished package, for data) or none (the folder `source` beside the recipe), not '%.40s'",
		       r->file, word);
}

bool recipe_load(struct catalog *c, const char *relative, const char *path, struct error *err)
{
	struct recipe *r = arena_alloc(&c->arena, sizeof *r);
	struct loader l = {&c->arena, r};

	r->name = folder_name(&c->arena, relative);
	r->file = arena_str(&c->arena, path);
	r->folder = arena_strn(&c->arena, path, (size_t)(strrchr(path, '/') - path));
	if (!conf_read_guarded(path, &c->traits, &c->arena, take_value, &l, err) ||
		!complete(r, err))
		return false;
	if (!r->source)
		r->source = r->name;
	r->index = c->recipes.n;
	vec_push_in(&c->arena, &c->recipes, r);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct recipe *const *)a)->name, (*(struct recipe *const *)b)->name);
}

static bool load_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	return recipe_load(ctx, relative, path, err);
}

bool recipe_load_all(struct catalog *c, struct error *err)
{
	if (!place_each(c->place, "share/recipes", "/recipe", load_file, c, err))
		return false;
	recipe_sort(c);
	return true;
}

void recipe_sort(struct catalog *c)
{
	for (size_t i = 0; i < c->recipes.n; i++)
		vec_push_in(&c->arena, &c->recipes_by_name, c->recipes.at[i]);
	if (c->recipes.n)
		qsort(c->recipes_by_name.at, c->recipes.n, sizeof *c->recipes_by_name.at, by_name);
}

const struct recipe *recipe_find(const struct catalog *c, const char *name)
{
	const struct recipe like = {.name = name}, *key = &like;
	struct recipe *const *found = NULL;

	if (c->recipes.n)
		found = bsearch(&key, c->recipes_by_name.at, c->recipes_by_name.n,
			sizeof *c->recipes_by_name.at, by_name);
	return found ? *found : NULL;
}

bool recipe_wants(const struct recipe *r, guard_lookup *lookup, const void *ctx)
{
	for (size_t i = 0; i < r->when.n; i++)
		if (guard_holds(&r->when.at[i], lookup, ctx))
			return true;
	return !r->when.n && !r->section && !r->host;
}

bool recipe_is_given(const struct recipe *r, guard_lookup *lookup, const void *ctx)
{
	for (size_t i = 0; i < r->values.n; i++)
		if (strcmp(r->values.at[i].key, "given") == 0 &&
			guard_holds(&r->values.at[i].guard, lookup, ctx))
			return true;
	return false;
}

bool recipe_provides(const struct recipe *r, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = r->provides; n && s && *s;) {
		size_t len = strcspn(s, " \t\n");

		if (len == n && strncmp(s, name, n) == 0)
			return true;
		s += len + strspn(s + len, " \t\n");
	}
	return false;
}
