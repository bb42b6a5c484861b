/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a recipe and its style into the unit of the stage and its steps. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/recipe.h"
#include "kconfig/kconfig.h"
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
	const struct recipe *r = recipe_find(m->profile->catalog, name);

	return r ? m->members[r->index].component : NULL;
}

/* ---- the steps of the style ---- */

/* A line that counts for these choices, expanded except for the unit's key, which it is a part of. */
struct styled_line {
	const struct style_line *of;
	size_t step; /* of the style */
	struct strings words;
};

struct stylist {
	struct maker *maker;
	struct component *component;
	VEC(struct styled_line) lines;
};

/* Which arguments of a verb name files of the recipe; literal lines of configuration and flags stay as they are. */
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
	return strncmp(arg, "CONFIG_", 7) == 0 || arg[0] == '#' || arg[0] == '-' || arg[0] == '{' ||
	       expand_is_marked(arg);
}

/* A file beside the recipe; those of the person are absolute. */
static const char *file_of(const struct stylist *st, const char *arg)
{
	if (arg[0] == '/')
		return arg;
	return arena_fmt(st->maker->arena, "%s/%s", st->component->recipe->folder, arg);
}

/* A value of an option stands for what is in the source, not for a file that is here. */
static bool is_offered(const struct stylist *st, const char *word)
{
	const struct option_table *t = &st->maker->profile->catalog->options;

	for (size_t i = 0; i < t->options.n; i++)
		for (size_t k = 0;
			t->options.at[i].type == OPTION_PATHS && k < t->options.at[i].values.n; k++)
			if (strcmp(t->options.at[i].values.at[k].name, word) == 0)
				return true;
	return false;
}

static bool is_file(
	const struct stylist *st, const char *verb, const struct strings *words, size_t at)
{
	for (size_t i = 0; i < sizeof file_words / sizeof file_words[0]; i++)
		if (strcmp(verb, file_words[i].verb) == 0)
			return at >= file_words[i].first && at < file_words[i].end &&
			       !is_literal(words->at[at]) && !is_offered(st, words->at[at]);
	return false;
}

static bool in_line(const struct stylist *st, const struct style_line *line, struct error *err)
{
	return error_in(
		err, "%s:%d (for recipe %s)", line->file, line->line, st->component->recipe->name);
}

/* The style's lines, without those whose value this recipe or these choices leave empty. */
static bool read_lines(struct stylist *st, struct error *err)
{
	const struct style *style = st->component->style;
	struct scope scope = {.maker = st->maker, .component = st->component, .dated = true};

	for (size_t i = 0; i < style->steps.n; i++) {
		for (size_t k = 0; k < style->steps.at[i].lines.n; k++) {
			struct styled_line l = {.of = &style->steps.at[i].lines.at[k], .step = i};

			if (!plan_holds(st->maker, st->component, &l.of->guard))
				continue;
			if (!expand_words(&l.words, st->maker->arena, l.of->value, plan_names,
				    &scope, err))
				return in_line(st, l.of, err);
			if (l.words.n)
				vec_push_in(st->maker->arena, &st->lines, l);
		}
	}
	return true;
}

/* A setting of the step, not an action. */
static bool apply_setting(
	struct step *s, const char *key, const struct strings *words, struct arena *a)
{
	struct strings *to = NULL;

	if (strcmp(key, "env") == 0)
		to = &s->env;
	else if (strcmp(key, "count") == 0)
		to = &s->count;
	else if (strcmp(key, "cwd") != 0)
		return false;
	for (size_t i = 0; to && i < words->n; i++)
		vec_push_in(a, to, words->at[i]);
	if (!to && words->n)
		s->cwd = words->at[0];
	return true;
}

static bool apply(
	const struct stylist *st, const struct styled_line *line, struct step *s, struct error *err)
{
	struct scope scope = {.maker = st->maker,
		.component = st->component,
		.known = KNOWN_BY_KEY,
		.dated = true};
	const char *key = line->of->key;
	enum action_verb verb = action_find(key);
	struct strings words = {0};

	if (!expand_marked(&words, st->maker->arena, &line->words, plan_names, &scope, err))
		return in_line(st, line->of, err);
	for (size_t i = 0; i < words.n; i++)
		if (is_file(st, key, &words, i))
			words.at[i] = file_of(st, words.at[i]);
	if (apply_setting(s, key, &words, st->maker->arena))
		return true;
	if (verb < ACTION_VERBS && words.n >= action_facts(verb)->least) {
		plan_action(st->maker->plan, s, verb, &words);
		return verb != ACTION_verify ||
		       plan_tell_configuration(st->maker, st->component, &words, err);
	}
	if (verb < ACTION_VERBS)
		error_set(err, ERROR_PROFILE, "'%s' needs at least %zu words", key,
			action_facts(verb)->least);
	else
		error_set(err, ERROR_PROFILE, "'%s' is neither an action nor a setting of a step",
			key);
	return in_line(st, line->of, err);
}

/* In the key a file is represented by its name and content. */
static bool print_line(const struct stylist *st, const struct styled_line *line, struct text *out,
	struct error *err)
{
	struct scope scope = {.maker = st->maker, .component = st->component, .dated = true};
	char hex[HASH_HEX];

	text_fmt(out, "  %s", line->of->key);
	for (size_t i = 0; i < line->words.n; i++) {
		const char *word = line->words.at[i], *base = strrchr(word, '/');

		/* who asks is not what is made */
		if (strncmp(word, KCONFIG_FOR, strlen(KCONFIG_FOR)) == 0)
			continue;
		text_char(out, ' ');
		if (!is_file(st, line->of->key, &line->words, i)) {
			expand_print(out, word, plan_names_in_key, &scope);
			continue;
		}
		if (!hash_file(file_of(st, word), hex, err)) {
			err->kind = ERROR_PROFILE;
			return in_line(st, line->of, err);
		}
		text_fmt(out, "%s:%s", base ? base + 1 : word, hex);
	}
	text_char(out, '\n');
	return true;
}

static void print_needs(
	const struct maker *m, const char *key, const struct strings *names, struct text *out)
{
	for (size_t i = 0; i < names->n; i++)
		text_fmt(out, "%s %s %s\n", key, names->at[i],
			plan_component(m, names->at[i])->unit->key);
}

static bool canonical_text(const struct stylist *st, struct text *out, struct error *err)
{
	const struct component *c = st->component;

	text_fmt(out, "component %s %s\nstyle %s\n%s%s", c->recipe->name, c->source->version,
		c->style->name, c->source_tree->inputs, st->maker->tools);
	print_needs(st->maker, "needs", &c->member->needs, out);
	print_needs(st->maker, "tools", &c->member->tools, out);
	plan_print_sysroot(st->maker, c, out);
	for (size_t i = 0; i < c->licences.n; i++)
		text_fmt(out, "licence %s\n", c->licences.at[i].path);
	for (size_t i = 0, at = 0; i < c->style->steps.n; i++) {
		text_fmt(out, "step %s\n", c->style->steps.at[i].name);
		for (; at < st->lines.n && st->lines.at[at].step == i; at++)
			if (strcmp(st->lines.at[at].of->key, "count") != 0 &&
				!print_line(st, &st->lines.at[at], out, err))
				return false;
	}
	return true;
}

/* The environment of the host's tools, but with a home for this build, so that no tool finds the user's settings. */
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
		vec_push_in(m->arena, &s->env, home);
	vec_push_in(m->arena, &s->env, "TZ=UTC");
}

static struct step *first_step(const struct component *c)
{
	struct step *first = c->last;

	while (first->needs.n && first->needs.at[0]->unit == c->unit)
		first = first->needs.at[0];
	return first;
}

static void wait_for(struct maker *m, const struct component *c, const struct strings *names)
{
	for (size_t i = 0; i < names->n; i++)
		plan_needs(m->plan, first_step(c), plan_component(m, names->at[i])->last);
}

/* {NAME.src} of what it needs: the tree may have to be unpacked again, though what was made of it is there. */
static void wait_for_sources(const struct stylist *st)
{
	struct maker *m = st->maker;
	const struct component *c = st->component;

	for (size_t i = 0; i < c->closure.n; i++) {
		const char *name =
			expand_mark(m->arena, arena_fmt(m->arena, "%s.src", c->closure.at[i]));
		bool used = false;

		for (size_t k = 0; k < st->lines.n; k++)
			for (size_t w = 0; w < st->lines.at[k].words.n; w++)
				used = used || strstr(st->lines.at[k].words.at[w], name);
		if (used)
			plan_needs(m->plan, first_step(c),
				plan_component(m, c->closure.at[i])->unpack);
	}
}

/* What its needs need comes before them, each once. */
static void find_closure(struct maker *m, struct component *c)
{
	bool *seen = arena_alloc(m->arena, (m->profile->catalog->recipes.n + 1) * sizeof *seen);

	for (size_t i = 0; i < c->member->needs.n; i++) {
		const struct component *n = plan_component(m, c->member->needs.at[i]);

		/* of what cannot be had nothing is planned; who only fetches has the others */
		for (size_t k = 0; n && k <= n->closure.n; k++) {
			const char *name = k < n->closure.n ? n->closure.at[k] : n->recipe->name;
			size_t index = recipe_find(m->profile->catalog, name)->index;

			if (!seen[index])
				vec_push_in(m->arena, &c->closure, name);
			seen[index] = true;
		}
	}
}

/* The programs of `tools` come first in PATH. */
static void find_tools(struct maker *m, const struct component *c, struct step *s)
{
	for (size_t i = c->member->tools.n; i-- > 0;) {
		const char *stage = plan_component(m, c->member->tools.at[i])->unit->result;

		for (size_t k = 0; k < s->env.n; k++)
			if (strncmp(s->env.at[k], "PATH=", 5) == 0)
				s->env.at[k] = arena_fmt(
					m->arena, "PATH=%s/usr/bin:%s", stage, s->env.at[k] + 5);
	}
}

static bool make_steps(const struct stylist *st, struct error *err)
{
	struct maker *m = st->maker;
	struct component *c = st->component;

	for (size_t i = 0, at = 0; i < c->style->steps.n; i++) {
		const struct style_step *of = &c->style->steps.at[i];
		struct step *before = c->last;
		struct step *s = plan_step(m->plan, c->unit,
			arena_fmt(m->arena, "%s.%s", c->recipe->name, of->name), of->title);

		s->dated = c->source->path;
		plan_environment(m, s, c->unit);
		find_tools(m, c, s);
		for (; at < st->lines.n && st->lines.at[at].step == i; at++)
			if (!apply(st, &st->lines.at[at], s, err))
				return false;
		plan_needs(m->plan, s, before ? before : c->unpack);
		if (!before)
			plan_needs_date(m, c, s);
		c->last = s;
	}
	wait_for(m, c, &c->member->needs);
	wait_for(m, c, &c->member->tools);
	wait_for_sources(st);
	if (c->sysroot.step)
		plan_needs(m->plan, first_step(c), c->sysroot.step);
	plan_keep_licences(m, c);
	plan_publish(m->plan, c->last);
	return true;
}

static bool build_component(struct maker *m, struct component *c, struct error *err)
{
	struct stylist st = {.maker = m, .component = c};
	struct text inputs = TEXT_INIT;
	bool ok = plan_find_asks(m, c, err) && plan_read_licences(m, c, err) &&
		  read_lines(&st, err) && canonical_text(&st, &inputs, err);

	if (ok) {
		c->unit =
			plan_unit(m->plan, c->recipe->name, "stage", arena_str(m->arena, inputs.s));
		plan_note_cures(m, c, c->unit, false);
		ok = make_steps(&st, err);
	}
	text_release(&inputs);
	return ok;
}

bool plan_add_component(struct maker *m, const struct recipe *r, struct error *err)
{
	struct component *c = arena_alloc(m->arena, sizeof *c);

	c->recipe = r;
	c->member = &m->members[r->index];
	find_closure(m, c);
	c->style = style_find(m->profile->catalog, r->style);
	if (!c->style || !c->style->steps.n)
		return error_set(err, ERROR_PROFILE,
			"%s: there is no style '%s' with steps in share/styles", r->file, r->style);
	for (size_t i = 0; i < m->plan->sources.n; i++)
		if (strcmp(m->plan->sources.at[i].component, r->source) == 0)
			c->source = &m->plan->sources.at[i];
	for (size_t i = 0; i < m->plan->own.n; i++)
		if (strcmp(m->plan->own.at[i].component, r->source) == 0)
			c->source = &m->plan->own.at[i];
	if (!c->source)
		return error_set(err, ERROR_INTERNAL, "recipe %s has no source", r->name);
	if (!plan_add_source(m, c, err))
		return false;
	m->members[r->index].component = c;
	vec_push_in(m->arena, &m->components, c);
	return m->options->fetch_only ||
	       (plan_add_sysroot(m, c, err) && build_component(m, c, err));
}
