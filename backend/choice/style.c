/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads share/styles/NAME.style: the commands of a build system, see recipe.h. */
#include "choice/recipe.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "choice/catalog_load.h"

#include <string.h>

#include "base/banned.h"

struct loader {
	struct arena *arena;
	struct style *style;
};

static bool take_step(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;
	struct style_line copy = {line->key, *line->guard, line->value, line->file, line->line};
	struct style_step *step;

	if (*line->kind && !conf_in(line, "[step NAME]", err))
		return false;
	if (!line->key) {
		vec_push_in(l->arena, &l->style->steps,
			(struct style_step){.name = line->name, .title = line->name});
		return true;
	}
	if (!l->style->steps.n) {
		vec_push_in(l->arena, &l->style->defaults, copy);
		return true;
	}
	step = &l->style->steps.at[l->style->steps.n - 1];
	if (strcmp(line->key, "title") == 0)
		step->title = line->value;
	else
		vec_push_in(l->arena, &step->lines, copy);
	return true;
}

static bool load_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct catalog *c = ctx;
	struct style *s = arena_alloc(&c->arena, sizeof *s);
	struct loader l = {&c->arena, s};
	const char *base = strrchr(relative, '/') + 1;
	bool ok;

	s->name = arena_strn(&c->arena, base, strlen(base) - strlen(".style"));
	s->file = arena_str(&c->arena, path);
	ok = conf_find(c->place, relative, "it was there a moment ago", &c->traits, &c->arena,
		take_step, &l, err);
	vec_push_in(&c->arena, &c->styles, s);
	return ok;
}

bool style_load_all(struct catalog *c, struct error *err)
{
	return place_each(c->place, "share/styles", ".style", load_file, c, err);
}

const struct style *style_find(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->styles.n; i++)
		if (strcmp(c->styles.at[i]->name, name) == 0)
			return c->styles.at[i];
	return NULL;
}
