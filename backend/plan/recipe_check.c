/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which recipes are looked over (recipe_look.h). What a recipe can say is share/tables/recipe-keys. */
#include "plan/recipe_check.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/vec.h"
#include "choice/package.h"
#include "choice/recipe.h"
#include "plan/recipe_look.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static bool take_key(void *ctx, const struct conf_line *line, struct error *err)
{
	struct looker *k = ctx;

	if (!conf_in(line, "", err))
		return false;
	vec_push_in(k->arena, &k->keys, line->key);
	return true;
}

static bool open_catalog(struct looker *k, const struct catalog *c, struct error *err)
{
	k->catalog = c;
	k->names = (struct strings){0};
	for (size_t i = 0; i < c->recipes.n; i++)
		vec_push_in(k->arena, &k->names, c->recipes.at[i]->name);
	if (k->check->settings)
		return sources_open(&k->sources, c, k->check->settings, 0, NULL, NULL, err);
	return true;
}

static bool look_at_all(struct looker *k, const char *below, struct error *err)
{
	size_t n = below ? strlen(below) : 0;

	for (size_t i = 0; i < k->catalog->recipes.n; i++) {
		const struct recipe *r = k->catalog->recipes.at[i];

		if (below && (strncmp(r->file, below, n) != 0 || r->file[n] != '/'))
			continue;
		if (!recipe_look(k, r, err))
			return false;
	}
	return true;
}

/* A folder of recipes, or the folder of one, or its file: they are seen together with all others. */
static bool look_below(struct looker *k, const char *word, struct error *err)
{
	char *path = realpath(word, NULL);
	const char *folder, *one = NULL;
	const struct catalog *c = k->catalog, *with;
	struct stat st;
	bool ok;

	if (!path)
		return error_errno(err, "%s cannot be looked at", word);
	folder = arena_str(k->arena, path);
	free(path);
	if (stat(folder, &st) == 0 && !S_ISDIR(st.st_mode))
		folder = arena_strn(k->arena, folder, (size_t)(strrchr(folder, '/') - folder));
	if (access(arena_fmt(k->arena, "%s/recipe", folder), F_OK) == 0) {
		one = strrchr(folder, '/') + 1;
		folder = arena_strn(k->arena, folder, (size_t)(one - 1 - folder));
	}
	if (!catalog_with(&with, k->check->catalog, folder, err))
		return false;
	sources_free(k->sources);
	k->sources = NULL;
	ok = open_catalog(k, with, err) &&
	     (one ? recipe_find(with, one) && recipe_look(k, recipe_find(with, one), err)
		  : look_at_all(k, folder, err));
	sources_free(k->sources);
	k->sources = NULL;
	return ok && open_catalog(k, c, err);
}

static bool look_for(struct looker *k, const char *word, struct error *err)
{
	const struct recipe *r;

	if (strchr(word, '/') || strcmp(word, ".") == 0 || strcmp(word, "..") == 0)
		return look_below(k, word, err);
	r = recipe_find(k->catalog, word);
	if (r)
		return recipe_look(k, r, err);
	return error_set(err, ERROR_USAGE, "there is no recipe '%s'%s (a path has a '/')", word,
		recipe_nearest(k, &k->names, word));
}

bool recipe_check(struct recipe_check *check, const struct strings *words, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct looker k = {.check = check, .arena = &arena};
	bool ok = conf_find(check->catalog->place, "share/tables/recipe-keys",
			  "what recipes can say is not known", NULL, &arena, take_key, &k, err) &&
		  open_catalog(&k, check->catalog, err);

	check->recipes = 0;
	if (ok && !words->n)
		ok = look_at_all(&k, NULL, err);
	for (size_t i = 0; ok && i < words->n; i++)
		ok = look_for(&k, words->at[i], err);
	sources_free(k.sources);
	arena_release(&arena);
	return ok;
}
