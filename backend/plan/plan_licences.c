/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Licence texts: from the source into the stage, from there into the system and the results. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/recipe.h"
#include "plan/action_facts.h"
#include "plan/plan_steps.h"

#include <string.h>

#include "base/banned.h"

static const char all[] = "licences.txt";

static bool leads_out(const char *path)
{
	return *path == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 ||
	       strstr(path, "/../");
}

/* "doc/COPYING" -> "doc-COPYING", because several may have the same last name */
static const char *flat(struct arena *a, const char *path)
{
	char *s = arena_str(a, path);

	for (char *at = s; (at = strchr(at, '/'));)
		*at = '-';
	return s;
}

bool plan_read_licences(struct maker *m, struct component *c, struct error *err)
{
	for (size_t i = 0; i < c->recipe->values.n; i++) {
		const struct recipe_value *v = &c->recipe->values.at[i];
		const char *where = arena_fmt(m->arena, "%s:%d", c->recipe->file, v->line);
		struct strings words = {0};

		if (strcmp(v->key, "licence-files") != 0 || !plan_holds(m, c, &v->guard))
			continue;
		if (!conf_words(v->value, m->arena, &words, err))
			return error_in(err, "%s", where);
		for (size_t k = 0; k < words.n; k++) {
			if (leads_out(words.at[k]))
				return error_set(err, ERROR_PROFILE,
					"%s: '%.80s' leads out of the source; a licence text is named by its path in there",
					where, words.at[k]);
			vec_push_in(m->arena, &c->licences,
				(struct licence){words.at[k], where,
					arena_fmt(m->arena, "usr/share/licenses/%s/%s",
						c->recipe->name, flat(m->arena, words.at[k]))});
		}
	}
	return true;
}

void plan_keep_licences(struct maker *m, const struct component *c)
{
	for (size_t i = 0; i < c->licences.n; i++) {
		const struct licence *l = &c->licences.at[i];
		struct strings args = {0};

		vec_push_in(m->arena, &args, l->where);
		vec_push_in(m->arena, &args,
			arena_fmt(m->arena, "%s/%s", c->source_tree->result, l->path));
		vec_push_in(m->arena, &args,
			arena_fmt(m->arena, "%s/stage/%s", c->unit->work, l->kept));
		plan_action(m->plan, c->last, ACTION_licence, &args);
	}
}

const char *plan_licence_words(struct maker *m, const struct component *c)
{
	struct text out = TEXT_INIT;
	const char *s;

	for (size_t i = 0; i < c->licences.n; i++)
		text_fmt(&out, "%s%s", i ? " " : "", c->licences.at[i].path);
	s = arena_str(m->arena, out.s);
	text_release(&out);
	return s;
}

const char *plan_join_licences(struct maker *m, struct step **s, struct text *inputs)
{
	struct text text = TEXT_INIT;
	struct strings args = {0};
	struct unit *u;

	*s = NULL;
	vec_push_in(m->arena, &args, NULL);
	text_fmt(&text, "licences %d\n", action_facts(ACTION_licences)->revision);
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		for (size_t k = 0; !c->recipe->host && k < c->licences.n; k++) {
			const char *title = arena_fmt(m->arena, "%s %s: %s", c->recipe->name,
				c->source->version, c->licences.at[k].path);

			text_fmt(&text, "%s from %s\n", title, c->unit->key);
			vec_push_in(m->arena, &args, title);
			vec_push_in(m->arena, &args,
				arena_fmt(m->arena, "%s/%s", c->unit->result,
					c->licences.at[k].kept));
		}
	}
	if (args.n == 1) {
		text_release(&text);
		return NULL;
	}
	u = plan_unit(m->plan, "licences", "stage", arena_str(m->arena, text.s));
	text_release(&text);
	args.at[0] = arena_fmt(m->arena, "%s/stage/%s", u->work, all);
	*s = plan_step(m->plan, u, "licences.join", "licence texts");
	plan_action(m->plan, *s, ACTION_licences, &args);
	plan_publish(m->plan, *s);
	for (size_t i = 0; i < m->components.n; i++)
		if (!m->components.at[i]->recipe->host && m->components.at[i]->licences.n)
			plan_needs(m->plan, *s, m->components.at[i]->last);
	text_fmt(inputs, "file %s from licences %s\n", all, u->key);
	return arena_fmt(m->arena, "%s/%s", u->result, all);
}
