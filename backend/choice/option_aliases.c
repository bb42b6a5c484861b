/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aliases of values: reads a table of lines "zone = NAME MEANING" (the key says what they are) from the data folders. */
#include "choice/option.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog_load.h"

#include <regex.h>
#include <string.h>

#include "base/banned.h"

struct loader {
	struct option *option;
	struct arena *arena;
};

static bool take_alias(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;
	struct strings words = {0};
	bool ok = line->key && conf_words(line->value, l->arena, &words, err);

	if (ok && words.n == 2)
		vec_push(&l->option->aliases, (struct option_alias){words.at[0], words.at[1]});
	else
		ok = error_set(err, ERROR_PROFILE, "a line of this table is KEY = NAME MEANING");
	return ok;
}

bool option_read_aliases(struct option *o, struct catalog *c, const char *table, struct error *err)
{
	struct loader l = {o, &c->arena};
	struct text path = TEXT_INIT;
	bool ok;

	if (place_find(c->place, table, &path))
		ok = conf_read(path.s, &c->arena, take_alias, &l, err);
	else
		ok = error_set(err, ERROR_PROFILE, "there is no %s in the data folders", table);
	vec_settle(&o->aliases, &c->arena);
	text_release(&path);
	return ok;
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
	struct strings names = {0};
	const char *near;

	if (!o->aliases.n || find(o, value) || fits(o->pattern, value))
		return true;
	for (size_t i = 0; i < o->aliases.n; i++)
		vec_push(&names, o->aliases.at[i].name);
	near = conf_nearest(value, names.at, names.n);
	error_set(err, ERROR_PROFILE, "%s cannot be '%.80s'%s%s%s. %s", o->name, value,
		near ? " (did you mean " : "", near ? near : "", near ? "?)" : "", o->help);
	vec_release(&names);
	return false;
}
