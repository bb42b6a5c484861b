/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values that have names: from a table of lines "zone = NAME MEANING" (the key says what they are), files or recipes in the data folders. */
#include "choice/option.h"

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

#include <regex.h>
#include <string.h>

#include "base/banned.h"

struct loader {
	struct option *option;
	struct arena *arena;
	const struct traits *traits;
};

static bool take_alias(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;
	struct strings words = {0};
	bool ok = line->key && conf_words(line->value, l->arena, &words, err);

	if (ok && words.n == 2)
		vec_push_in(l->arena, &l->option->aliases,
			(struct option_alias){.name = words.at[0], .means = words.at[1]});
	else
		ok = error_set(err, ERROR_PROFILE, "a line of this table is KEY = NAME MEANING");
	return ok;
}

bool option_read_aliases(struct option *o, struct catalog *c, const char *table, struct error *err)
{
	struct loader l = {o, &c->arena, &c->traits};
	struct text path = TEXT_INIT;
	bool ok;

	if (place_find(c->place, table, &path))
		ok = conf_read(path.s, &c->arena, take_alias, &l, err);
	else
		ok = error_set(err, ERROR_PROFILE, "there is no %s in the data folders", table);
	text_release(&path);
	return ok;
}

static bool take_also(void *ctx, const struct conf_line *line, struct error *err)
{
	(void)err;
	if (line->key && strcmp(line->key, "also") == 0)
		*(const char **)ctx = line->value;
	return true;
}

static bool take_name(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct loader *l = ctx;
	const char *name = strrchr(relative, '/') + 1;
	struct option_alias a = {.also = NULL};
	struct error ignored; /* whoever uses the file tells what is wrong with it */

	(void)err;
	a.name = a.means = arena_strn(l->arena, name, strcspn(name, "."));
	if (!conf_read_guarded(path, l->traits, l->arena, take_also, &a.also, &ignored))
		a.also = NULL;
	vec_push_in(l->arena, &l->option->aliases, a);
	return true;
}

bool option_find_names(
	struct option *o, struct catalog *c, const struct strings *where, struct error *err)
{
	struct loader l = {o, &c->arena, &c->traits};

	if (where->n != 2)
		return error_set(err, ERROR_PROFILE, "names = FOLDER SUFFIX");
	if (!place_each(c->place, where->at[0], where->at[1], take_name, &l, err))
		return false;
	return true;
}

/* So that a search finds them; what else is a recipe comes with another choice. */
static void name_recipes(struct option *o, struct catalog *c)
{
	for (size_t i = 0; i < c->recipes.n; i++) {
		const struct recipe *r = c->recipes.at[i];

		if (!r->host)
			vec_push_in(&c->arena, &o->aliases,
				(struct option_alias){.name = r->name,
					.means = r->name,
					.also = arena_fmt(&c->arena, "%s %s",
						r->also ? r->also : "",
						r->provides ? r->provides : "")});
	}
}

void option_name_recipes(struct catalog *c)
{
	for (size_t i = 0; i < c->options.options.n; i++)
		if (c->options.options.at[i].recipes)
			name_recipes(&c->options.options.at[i], c);
}

static const struct option_alias *find(const struct option *o, const char *value)
{
	for (size_t i = 0; i < o->aliases.n; i++)
		if (strcmp(o->aliases.at[i].name, value) == 0)
			return &o->aliases.at[i];
	return NULL;
}

const char *option_meaning(const struct option *o, const char *value)
{
	const struct option_alias *a = find(o, value);

	return a ? a->means : value;
}

static bool fits(const char *pattern, const char *value)
{
	regex_t r;
	bool ok = pattern && regcomp(&r, pattern, REG_EXTENDED | REG_NOSUB) == 0;

	if (!ok)
		return false;
	ok = regexec(&r, value, 0, NULL, 0) == 0;
	regfree(&r);
	return ok;
}

bool option_knows(const struct option *o, const char *value, struct error *err)
{
	const struct option_alias *a = find(o, value);
	struct strings names = {0};
	const char *near;

	/* which recipes there are is known with the profile: package_known */
	if (a || o->recipes || (!o->aliases.n && !o->pattern) || fits(o->pattern, value))
		return true;
	for (size_t i = 0; i < o->aliases.n; i++)
		vec_push(&names, o->aliases.at[i].name);
	near = conf_nearest(value, names.at, names.n);
	error_set(err, ERROR_PROFILE, "%s cannot be '%.80s'%s%s%s. %s", o->name, value,
		near ? " (did you mean " : "", near ? near : "", near ? "?)" : "", o->help);
	vec_release(&names);
	return false;
}
