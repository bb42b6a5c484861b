/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the options, recipes, styles and formats of the data folders, once, and recipes of folders that profiles name. */
#include "choice/catalog.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/vec.h"
#include "choice/catalog_load.h"
#include "choice/package.h"
#include "choice/recipe.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* The only thing of a catalogue that grows after it was loaded. */
struct catalog_more {
	struct arena arena;
	VEC(struct catalog *) of;
	VEC(const char *) folders;
};

bool catalog_load(struct catalog *c, const struct place *place, struct error *err)
{
	*c = (struct catalog){.arena = ARENA_INIT, .place = place};
	c->more = arena_alloc(&c->arena, sizeof *c->more);
	c->more->arena = (struct arena)ARENA_INIT;
	if (format_load_all(c, err) && option_load_all(c, err) && recipe_load_all(c, err) &&
		style_load_all(c, err) && package_load_groups(c, err) && package_load_all(c, err)) {
		option_name_recipes(c);
		return true;
	}
	catalog_release(c);
	return false;
}

void catalog_release(struct catalog *c)
{
	for (size_t i = 0; c->more && i < c->more->of.n; i++)
		arena_release(&c->more->of.at[i]->arena);
	if (c->more)
		arena_release(&c->more->arena);
	arena_release(&c->arena);
	*c = (struct catalog){.arena = ARENA_INIT};
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The recipes of the folder come first, and those of the same name are left out. */
static bool read_folder(struct catalog *c, const char *folder, struct error *err)
{
	struct strings names = {0};
	struct dirent *d;
	DIR *dir = opendir(folder);
	bool ok = true;

	if (!dir)
		return error_set(err, ERROR_PROFILE, "the folder %s cannot be read: %s", folder,
			strerror(errno));
	while ((d = readdir(dir)))
		if (d->d_name[0] != '.')
			vec_push_in(&c->arena, &names, arena_str(&c->arena, d->d_name));
	closedir(dir);
	if (names.n)
		qsort(names.at, names.n, sizeof *names.at, by_name);
	for (size_t i = 0; ok && i < names.n; i++) {
		const char *relative = arena_fmt(&c->arena, "%s/recipe", names.at[i]);
		const char *path = arena_fmt(&c->arena, "%s/%s", folder, relative);

		if (access(path, F_OK) == 0)
			ok = recipe_load(c, relative, path, err);
	}
	return ok;
}

/* Recipes know their place in the catalogue, so that these are copies. */
static void add_others(struct catalog *c, const struct catalog *from)
{
	size_t own = c->recipes.n;

	for (size_t i = 0; i < from->recipes.n; i++) {
		const struct recipe *r = from->recipes.at[i];
		struct recipe *copy;
		size_t k = 0;

		while (k < own && strcmp(c->recipes.at[k]->name, r->name) != 0)
			k++;
		if (k < own)
			continue;
		copy = arena_alloc(&c->arena, sizeof *copy);
		*copy = *r;
		copy->index = c->recipes.n;
		vec_push_in(&c->arena, &c->recipes, copy);
	}
	recipe_sort(c);
}

bool catalog_with(
	const struct catalog **out, const struct catalog *c, const char *folder, struct error *err)
{
	struct catalog *with;

	if (c->base)
		c = c->base;
	for (size_t i = 0; i < c->more->of.n; i++)
		if (strcmp(c->more->folders.at[i], folder) == 0) {
			*out = c->more->of.at[i];
			return true;
		}
	with = arena_alloc(&c->more->arena, sizeof *with);
	*with = *c;
	with->base = c;
	with->arena = (struct arena)ARENA_INIT;
	with->recipes.at = with->recipes_by_name.at = NULL;
	with->recipes.n = with->recipes.cap = 0;
	with->recipes_by_name.n = with->recipes_by_name.cap = 0;
	if (!read_folder(with, folder, err)) {
		arena_release(&with->arena);
		return false;
	}
	add_others(with, c);
	if (!package_load_all(with, err)) {
		arena_release(&with->arena);
		return false;
	}
	vec_push_in(&c->more->arena, &c->more->of, with);
	vec_push_in(&c->more->arena, &c->more->folders, arena_str(&c->more->arena, folder));
	*out = with;
	return true;
}
