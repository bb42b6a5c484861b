/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a recipe and its style to the stage's unit and its steps. See plan_make.h. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/recipe.h"
#include "plan/action_facts.h"
#include "plan/plan.h"
#include "plan/plan_steps.h"
#include "proc/proc.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

const struct component *plan_component(const struct maker *m, const char *name)
{
	for (size_t i = 0; i < m->components.n; i++)
		if (strcmp(m->components.at[i]->recipe->name, name) == 0)
			return m->components.at[i];
	return NULL;
}

/* ---- the steps of the style ---- */

struct stylist {
	struct maker *maker;
	struct component *component;
	struct text inputs;
	struct step *step; /* NULL in the first pass, which only writes the canonical text */
	const struct style_step *of;
};

/* Which arguments of a verb name files of the recipe; literal lines of configuration stay as they are. */
static const struct file_words {
	const char *verb;
	size_t first, end;
} file_words[] = {
	{"merge", 1, SIZE_MAX},
	{"verify", 2, SIZE_MAX},
	{"bring", 0, 1},
};

static bool is_literal(const char *arg)
{
	return strncmp(arg, "CONFIG_", 7) == 0 || arg[0] == '#' || arg[0] == '{';
}

/* A file beside the recipe, or one of the person's: absolute, or relative to the profile's folder. */
static const char *file_of(const struct stylist *st, const char *arg)
{
	struct arena *a = st->maker->arena;
	const char *profile = st->maker->profile->path;
	const char *slash = profile ? strrchr(profile, '/') : NULL;
	const char *path;

	if (arg[0] == '/')
		return arg;
	path = arena_fmt(a, "%s/%s", st->component->recipe->folder, arg);
	if (access(path, F_OK) == 0)
		return path;
	if (slash)
		path = arena_fmt(a, "%.*s/%s", (int)(slash - profile), profile, arg);
	else
		path = arg;
	return path;
}

static bool name_files(struct stylist *st, struct strings *args, const struct file_words *which,
	bool canonical, struct error *err)
{
	struct arena *a = st->maker->arena;
	char hex[HASH_HEX];

	for (size_t i = which->first; i < args->n && i < which->end; i++) {
		const char *base = strrchr(args->at[i], '/');
		const char *path;

		if (is_literal(args->at[i]))
			continue;
		path = file_of(st, args->at[i]);
		if (!hash_file(path, hex, err)) {
			err->kind = ERROR_PROFILE;
			return false;
		}
		args->at[i] = canonical ? arena_fmt(a, "%s:%s", base ? base + 1 : args->at[i], hex)
					: path;
	}
	return true;
}

static bool words_of(struct stylist *st, const struct style_line *line, bool canonical,
	struct strings *out, struct error *err)
{
	struct scope scope = {
		.maker = st->maker, .component = st->component, .canonical = canonical};

	if (!expand_words(out, st->maker->arena, line->value, plan_names, &scope, err))
		return false;
	for (size_t i = 0; i < sizeof file_words / sizeof file_words[0]; i++)
		if (strcmp(line->key, file_words[i].verb) == 0)
			return name_files(st, out, &file_words[i], canonical, err);
	return true;
}

static void print_words(struct text *out, const char *key, const struct strings *words)
{
	text_fmt(out, "  %s", key);
	for (size_t i = 0; i < words->n; i++)
		text_fmt(out, " %s", words->at[i]);
	text_char(out, '\n');
}

/* A setting of the step, not an action. */
static bool apply_setting(struct step *s, const char *key, const struct strings *words)
{
	struct strings *to = NULL;

	if (strcmp(key, "env") == 0)
		to = &s->env;
	else if (strcmp(key, "count") == 0)
		to = &s->count;
	else if (strcmp(key, "cwd") != 0)
		return false;
	for (size_t i = 0; to && i < words->n; i++)
		vec_push(to, words->at[i]);
	if (!to && words->n)
		s->cwd = words->at[0];
	return true;
}

static bool apply(struct stylist *st, const struct style_line *line, const struct strings *words,
	struct error *err)
{
	const struct action_facts *facts = action_facts(line->key);
	struct step *s = st->step;
	struct strings copy = {0};

	if (apply_setting(s, line->key, words))
		return true;
	if (!facts)
		return error_set(err, ERROR_PROFILE,
			"'%s' is neither an action nor a setting of a step", line->key);
	if (words->n < facts->least)
		return error_set(err, ERROR_PROFILE, "'%s' needs at least %zu words", line->key,
			facts->least);
	for (size_t i = 0; i < words->n; i++)
		vec_push(&copy, words->at[i]);
	plan_action(st->maker->plan, s, line->key, &copy);
	return true;
}

static bool one_line(struct stylist *st, const struct style_line *line, struct error *err)
{
	struct strings words = {0};
	bool ok;

	if (!plan_holds(st->maker, st->component, &line->guard))
		return true;
	ok = words_of(st, line, st->step == NULL, &words, err);
	if (ok && !words.n) /* a value that this recipe or these choices leave empty */
		return true;
	if (ok && !st->step && strcmp(line->key, "count") != 0)
		print_words(&st->inputs, line->key, &words);
	else if (ok && st->step)
		ok = apply(st, line, &words, err);
	vec_release(&words);
	return ok || error_in(err, "%s:%d (for recipe %s)", st->component->style->file, line->line,
			     st->component->recipe->name);
}

static bool canonical_text(struct stylist *st, struct error *err)
{
	struct component *c = st->component;

	text_fmt(&st->inputs, "component %s %s\nstyle %s\n%s%s", c->recipe->name,
		c->source->version, c->style->name, c->source_tree->inputs, st->maker->tools);
	for (size_t i = 0; i < c->needs.n; i++) {
		const struct component *n = plan_component(st->maker, c->needs.at[i]);

		if (n)
			text_fmt(&st->inputs, "needs %s %s\n", n->recipe->name, n->unit->key);
	}
	for (size_t i = 0; i < c->style->steps.n; i++) {
		text_fmt(&st->inputs, "step %s\n", c->style->steps.at[i].name);
		for (size_t k = 0; k < c->style->steps.at[i].lines.n; k++)
			if (!one_line(st, &c->style->steps.at[i].lines.at[k], err))
				return false;
	}
	return true;
}

/* The environment of the host's tools, but a home of the build's own: no tool finds settings of the person there. */
void plan_environment(struct maker *m, struct step *s, const struct unit *u)
{
	const char *home = arena_fmt(m->arena, "HOME=%s", u->work);
	bool replaced = false;

	proc_environment(&s->env, m->arena);
	for (size_t i = 0; i < s->env.n; i++) {
		if (strncmp(s->env.at[i], "HOME=", 5) == 0) {
			s->env.at[i] = home;
			replaced = true;
		}
	}
	if (!replaced)
		vec_push(&s->env, home);
	vec_push(&s->env, "TZ=UTC");
}

static bool make_steps(struct stylist *st, struct error *err)
{
	struct maker *m = st->maker;
	struct component *c = st->component;

	for (size_t i = 0; i < c->style->steps.n; i++) {
		struct step *before = c->last;

		st->of = &c->style->steps.at[i];
		st->step = plan_step(m->plan, c->unit,
			arena_fmt(m->arena, "%s.%s", c->recipe->name, st->of->name), st->of->title);
		st->step->dated = c->source->path;
		plan_environment(m, st->step, c->unit);
		for (size_t k = 0; k < st->of->lines.n; k++)
			if (!one_line(st, &st->of->lines.at[k], err))
				return false;
		plan_needs(st->step, before ? before : c->unpack);
		if (!before)
			plan_needs_date(m, c, st->step);
		c->last = st->step;
	}
	for (size_t i = 0; i < c->needs.n; i++) {
		const struct component *n = plan_component(m, c->needs.at[i]);
		struct step *first = c->last;

		while (first->needs.n && first->needs.at[0]->unit == c->unit)
			first = first->needs.at[0];
		if (n)
			plan_needs(first, n->last);
	}
	plan_publish(m->plan, c->last);
	return true;
}

static bool build_component(struct maker *m, struct component *c, struct error *err)
{
	struct stylist st = {.maker = m, .component = c, .inputs = TEXT_INIT};
	struct unit *none = arena_alloc(m->arena, sizeof *none);
	bool ok;

	none->work = none->result = "";
	c->unit = none; /* the canonical text names no folder, but asks whether there is one */
	ok = canonical_text(&st, err);
	if (ok) {
		c->unit = plan_unit(
			m->plan, c->recipe->name, "stage", arena_str(m->arena, st.inputs.s));
		plan_note_cures(m, c, c->unit, false);
		ok = make_steps(&st, err);
	}
	text_release(&st.inputs);
	return ok;
}

bool plan_add_component(
	struct maker *m, const struct recipe *r, const struct strings *needs, struct error *err)
{
	struct component *c = arena_alloc(m->arena, sizeof *c);

	c->recipe = r;
	c->needs = *needs;
	c->style = style_find(m->profile->catalog, r->style);
	if (!c->style || !c->style->steps.n)
		return error_set(err, ERROR_PROFILE,
			"%s: there is no style '%s' with steps in share/styles", r->file, r->style);
	for (size_t i = 0; i < m->plan->sources.n; i++)
		if (strcmp(m->plan->sources.at[i].component, r->source) == 0)
			c->source = &m->plan->sources.at[i];
	if (!c->source)
		return error_set(err, ERROR_INTERNAL, "recipe %s has no source", r->name);
	if (!plan_add_source(m, c, err))
		return false;
	vec_push(&m->components, c);
	return m->options->fetch_only || build_component(m, c, err);
}
