/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which patches a component's source gets: Debian's, its recipe's, and those of the person. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "choice/recipe.h"
#include "source/patches.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define NONE  "none"
#define THEIR ARCHIVE_PATCHES /* the word for Debian's */

enum { SERIES_LIMIT = 1 << 20 };

static bool is_word(const char *s)
{
	return strcmp(s, NONE) == 0 || strcmp(s, THEIR) == 0;
}

/* ---- what the profile says ---- */

/* "none" and "debian" of all, NAME=none, NAME=debian and NAME=/PATH of one; nothing if there is no such option. */
static bool words_of_profile(const struct maker *m, struct strings *words, struct error *err)
{
	const struct option *o = option_find(&m->profile->catalog->options, "patches");

	return !o || !profile_is_set(m->profile, o->name) ||
	       profile_paths(m->profile, o, m->arena, words, err);
}

/* What such a word says of the recipe; NULL: nothing. */
static const char *said_of(const struct recipe *r, const char *word)
{
	size_t len = strcspn(word, "=");
	const char *const names[] = {r->name, r->source};

	if (!word[len])
		return word;
	for (size_t i = 0; i < 2; i++)
		if (strlen(names[i]) == len && strncmp(names[i], word, len) == 0)
			return word + len + 1;
	return NULL;
}

static bool known_name(struct maker *m, const char *word, struct error *err)
{
	const struct catalog *c = m->profile->catalog;
	const char *name = arena_strn(m->arena, word, strcspn(word, "="));
	struct strings names = {0};
	const char *near;

	for (size_t i = 0; i < c->recipes.n; i++) {
		if (said_of(c->recipes.at[i], word))
			return true;
		vec_push_in(m->arena, &names, c->recipes.at[i]->name);
	}
	near = conf_nearest(name, names.at, names.n);
	return error_set(err, ERROR_PROFILE, "patches: there is no component '%.80s'%s%s%s", name,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

bool plan_check_patches(struct maker *m, struct error *err)
{
	struct strings words = {0};
	bool ok = words_of_profile(m, &words, err);

	for (size_t i = 0; ok && i < words.n; i++) {
		const char *word = words.at[i], *path = strchr(word, '=');

		ok = path || is_word(word) ||
		     error_set(err, ERROR_PROFILE,
			     "patches: '%.200s' is neither none nor debian; patches of your own are for one component: NAME=PATH",
			     word);
		ok = ok && (!path || known_name(m, word, err));
		if (ok && path && !is_word(path + 1) && access(path + 1, R_OK) != 0)
			ok = error_set(err, ERROR_PROFILE, "patches: there is no %s", path + 1);
	}
	return ok;
}

/* ---- Debian's ---- */

static const char *said_by_recipe(const struct maker *m, const struct recipe *r)
{
	const char *said = THEIR;

	for (size_t i = 0; i < r->values.n; i++) {
		const struct recipe_value *v = &r->values.at[i];

		if (strcmp(v->key, "patches") == 0 &&
			guard_holds(&v->guard, profile_lookup, m->profile))
			said = v->value;
	}
	return said;
}

bool plan_wants_debian(
	const struct maker *m, const struct recipe *r, bool *wanted, struct error *err)
{
	const char *said = said_by_recipe(m, r);
	struct strings words = {0};

	*wanted = false;
	if (r->archive != RECIPE_SOURCE)
		return true;
	if (!is_word(said))
		return error_set(err, ERROR_PROFILE, "%s: patches = %s; it is debian or none",
			r->file, said);
	if (!words_of_profile(m, &words, err))
		return false;
	for (size_t i = 0; i < words.n; i++) {
		const char *word = said_of(r, words.at[i]);

		if (word && is_word(word))
			said = word;
	}
	*wanted = strcmp(said, THEIR) == 0 && r->debian.n;
	return true;
}

/* ---- those that are files ---- */

struct adding {
	struct maker *maker;
	struct strings *args;
	struct text *inputs;
};

/* `name`: how it is called in the key, where paths of this machine have no place. */
static bool add_file(
	struct adding *a, const char *name, const char *path, int strip, struct error *err)
{
	struct arena *arena = a->maker->arena;
	char hex[HASH_HEX];

	if (!hash_file(path, hex, err)) {
		err->kind = ERROR_PROFILE;
		return false;
	}
	text_fmt(a->inputs, "patch %s %s", name, hex);
	if (strip != 1)
		text_fmt(a->inputs, " -p%d", strip);
	text_char(a->inputs, '\n');
	vec_push_in(arena, a->args, "patch");
	vec_push_in(arena, a->args, arena_fmt(arena, "%d", strip));
	vec_push_in(arena, a->args, path);
	return true;
}

static bool add_series(struct adding *a, const char *folder, const char *series, struct error *err)
{
	struct patch_series found = {0};
	struct text text = TEXT_INIT;
	bool ok = text_read_file(&text, series, SERIES_LIMIT, err) &&
		  (patch_series_read(&found, text.s, a->maker->arena, err) ||
			  error_in(err, "%s", series));

	text_release(&text);
	err->kind = ok ? err->kind : ERROR_PROFILE;
	for (size_t i = 0; ok && i < found.n; i++)
		ok = add_file(a, found.at[i].file,
			arena_fmt(a->maker->arena, "%s/%s", folder, found.at[i].file),
			found.at[i].strip, err);
	return ok;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static bool is_patch(const char *name)
{
	static const char end[] = ".patch";
	size_t len = strlen(name);

	return len >= sizeof end && name[0] != '.' &&
	       strcmp(name + len - (sizeof end - 1), end) == 0;
}

/* In the order of its file `series`, or of their names. */
static bool add_folder(struct adding *a, const char *folder, struct error *err)
{
	struct arena *arena = a->maker->arena;
	const char *series = arena_fmt(arena, "%s/series", folder);
	struct strings names = {0};
	const struct dirent *d;
	DIR *dir;
	bool ok = true;

	if (access(series, F_OK) == 0)
		return add_series(a, folder, series, err);
	dir = opendir(folder);
	if (!dir)
		return error_errno(err, "%s cannot be read", folder);
	while ((d = readdir(dir)))
		if (is_patch(d->d_name))
			vec_push_in(arena, &names, arena_str(arena, d->d_name));
	closedir(dir);
	if (!names.n)
		return error_set(err, ERROR_PROFILE,
			"%s has neither files called *.patch nor a file called series", folder);
	qsort(names.at, names.n, sizeof *names.at, by_name);
	for (size_t i = 0; ok && i < names.n; i++)
		ok = add_file(
			a, names.at[i], arena_fmt(arena, "%s/%s", folder, names.at[i]), 1, err);
	return ok;
}

static bool add_path(struct adding *a, const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(err, ERROR_PROFILE, "patches: there is no %s", path);
	return S_ISDIR(st.st_mode) ? add_folder(a, path, err)
				   : add_file(a, strrchr(path, '/') + 1, path, 1, err);
}

bool plan_add_patches(struct maker *m, const struct component *c, struct strings *args,
	struct text *inputs, struct error *err)
{
	struct adding a = {m, args, inputs};
	const char *own = plan_value(m, c, PLAN_PATCH);
	const char *beside = arena_fmt(m->arena, "%s/patches", c->recipe->folder);
	struct strings names = {0}, words = {0};
	bool ok = (!own || conf_words(own, m->arena, &names, err)) &&
		  words_of_profile(m, &words, err);

	for (size_t i = 0; ok && i < names.n; i++)
		ok = add_file(&a, names.at[i],
			arena_fmt(m->arena, "%s/%s", c->recipe->folder, names.at[i]), 1, err);
	if (ok && access(beside, F_OK) == 0)
		ok = add_folder(&a, beside, err);
	for (size_t i = 0; ok && i < words.n; i++) {
		const char *said = said_of(c->recipe, words.at[i]);

		if (said && !is_word(said))
			ok = add_path(&a, said, err);
	}
	return ok;
}
