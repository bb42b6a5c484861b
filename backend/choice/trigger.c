/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads triggers. */
#include "choice/trigger.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

static const char suffix[] = ".trigger";

static const struct conf_field fields[] = {
	{"summary", CONF_TEXT, offsetof(struct trigger, summary)},
	{"when", CONF_GUARD, offsetof(struct trigger, when)},
	{"below", CONF_WORDS, offsetof(struct trigger, below)},
	{"reads", CONF_WORDS, offsetof(struct trigger, reads)},
	{"makes", CONF_WORDS, offsetof(struct trigger, makes)},
	{"tool", CONF_TEXT, offsetof(struct trigger, tool)},
	{"each", CONF_TEXT, offsetof(struct trigger, each)},
	{NULL, CONF_TEXT, 0},
};

struct loader {
	struct triggers *triggers;
	const struct catalog *catalog;
	struct arena *arena;
};

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	const struct loader *l = ctx;
	struct trigger *t = &l->triggers->at[l->triggers->n - 1];

	if (!conf_in(line, "", err))
		return false;
	if (line->guard->n)
		return error_set(err, ERROR_PROFILE, "'%s' cannot have a guard", line->key);
	if (strcmp(line->key, "run") != 0)
		return conf_store(fields, line, t, l->arena, err);
	vec_push_in(l->arena, &t->run, line->value);
	return true;
}

static bool read_one(void *ctx, const char *relative, const char *path, struct error *err)
{
	const struct loader *l = ctx;
	const char *slash = strrchr(relative, '/'), *base = slash ? slash + 1 : relative;
	const struct trigger *t;

	vec_push_in(l->arena, l->triggers,
		(struct trigger){.name = arena_strn(l->arena, base, strlen(base) - strlen(suffix)),
			.file = arena_str(l->arena, path)});
	if (!conf_read_guarded(path, &l->catalog->traits, l->arena, take_line, ctx, err))
		return false;
	t = &l->triggers->at[l->triggers->n - 1];
	return (t->below.n && t->makes.n && t->run.n && t->tool) ||
	       error_set(
		       err, ERROR_PROFILE, "%s: a trigger needs below, makes, tool and run", path);
}

bool triggers_load(struct triggers *t, const struct catalog *c, struct arena *a, struct error *err)
{
	struct loader l = {t, c, a};

	*t = (struct triggers){0};
	return place_each(c->place, "share/triggers", suffix, read_one, &l, err);
}
