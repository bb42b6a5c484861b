/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sysroot of a component: what it is compiled and linked with, laid out like a root file system, and nothing else. It is
 * made from the stages of all that it needs (sysroot = yes) and shared by those that need the same. A single stage, such as
 * that of a C library, is itself a sysroot. If the C library is this machine's own, what share/host/sysroot lists of it comes
 * in, too.
 */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/recipe.h"
#include "plan/action_facts.h"
#include "plan/plan_steps.h"

#include <string.h>

#include "base/banned.h"

#define LIST "share/host/sysroot"

/* ---- this machine's C library ---- */

static const struct conf_field fields[] = {
	{"folder", CONF_TEXT, offsetof(struct borrowed, folder)},
	{"header", CONF_TEXT, offsetof(struct borrowed, header)},
	{"library", CONF_TEXT, offsetof(struct borrowed, library)},
	{"loader", CONF_TEXT, offsetof(struct borrowed, loader)},
	{"specs", CONF_TEXT, offsetof(struct borrowed, specs)},
	{"cc-flags", CONF_TEXT, offsetof(struct borrowed, cc_flags)},
	{NULL, CONF_TEXT, 0},
};

static bool take_fact(void *ctx, const struct conf_line *line, struct error *err)
{
	struct maker *m = ctx;

	return conf_in(line, "", err) && conf_store(fields, line, &m->borrowed, m->arena, err);
}

/* Read when the first component needs it. */
static bool read_borrowed(struct maker *m, struct error *err)
{
	struct borrowed *b = &m->borrowed;
	struct text list = TEXT_INIT, specs = TEXT_INIT;
	char of_list[HASH_HEX], of_specs[HASH_HEX];
	bool ok = true;

	if (b->id)
		return true;
	ok = conf_find(
		m->place, LIST, "install bootsmith again", NULL, m->arena, take_fact, m, err);
	for (const struct conf_field *f = fields; ok && f->key; f++)
		if (!*(const char **)((char *)b + f->offset))
			ok = error_set(err, ERROR_PROFILE, "%s does not say '%s'", LIST, f->key);
	if (ok && !place_find(m->place, arena_fmt(m->arena, "share/host/%s", b->specs), &specs))
		ok = error_set(err, ERROR_PROFILE, "%s: there is no share/host/%s", LIST, b->specs);
	ok = ok && place_find(m->place, LIST, &list) && hash_file(list.s, of_list, err) &&
	     hash_file(specs.s, of_specs, err);
	if (ok) {
		b->specs = arena_str(m->arena, specs.s);
		b->id = arena_fmt(m->arena, "borrowed %.20s %.20s\n", of_list, of_specs);
	}
	text_release(&list);
	text_release(&specs);
	return ok;
}

/* One action for the files and one for the specs. */
static bool add_borrowed(struct maker *m, struct step *s, const char *to, struct error *err)
{
	const struct borrowed *b = &m->borrowed;
	const char *flags = plan_arch_value(m, "cc-flags");
	const char *lists[] = {"--flags", flags ? flags : "", "--folder", b->folder, "--header",
		b->header, "--library", b->library, "--loader", b->loader};
	struct scope scope = {.maker = m};
	struct strings args = {0}, bring = {0};

	vec_push_in(m->arena, &args, to);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i += 2) {
		vec_push_in(m->arena, &args, lists[i]);
		if (!expand_words(&args, m->arena, lists[i + 1], plan_names, &scope, err))
			return error_in(err, "%s", LIST);
	}
	plan_action(m->plan, s, ACTION_borrow, &args);
	vec_push_in(m->arena, &bring, b->specs);
	vec_push_in(m->arena, &bring, arena_fmt(m->arena, "%s/gcc.specs", to));
	plan_action(m->plan, s, ACTION_bring, &bring);
	return true;
}

/* ---- the unit ---- */

static bool is_part(const struct maker *m, const struct component *c)
{
	const char *word = plan_value(m, c, "sysroot");

	return word && strcmp(word, "yes") == 0;
}

static void print_inputs(const struct maker *m, const struct sysroot *s, struct text *out)
{
	text_str(out, "sysroot\n");
	if (s->borrows)
		text_fmt(out, "%s%s", m->borrowed.id, m->tools);
	for (size_t i = 0; i < s->parts.n; i++)
		text_fmt(out, "stage %s %s\n", s->parts.at[i],
			plan_component(m, s->parts.at[i])->unit->key);
}

/* Of another component that needs the same; NULL: this is the first. */
static const struct sysroot *same_sysroot(const struct maker *m, const char *inputs)
{
	for (size_t i = 0; i < m->components.n; i++) {
		const struct sysroot *s = &m->components.at[i]->sysroot;

		if (s->unit && strcmp(s->unit->inputs, inputs) == 0)
			return s;
	}
	return NULL;
}

static bool add_unit(struct maker *m, struct component *c, const char *inputs, struct error *err)
{
	struct sysroot *s = &c->sysroot;
	const char *name = arena_fmt(m->arena, "%s.sysroot", c->recipe->name), *to;
	struct strings args = {0};

	s->unit = plan_unit(m->plan, name, "stage", inputs);
	s->step = plan_step(m->plan, s->unit, name, "put together what it needs");
	to = arena_fmt(m->arena, "%s/stage", s->unit->work);
	vec_push_in(m->arena, &args, to);
	for (size_t i = 0; i < s->parts.n; i++) {
		const struct component *part = plan_component(m, s->parts.at[i]);

		vec_push_in(m->arena, &args, part->unit->result);
		plan_needs(m->plan, s->step, part->last);
	}
	plan_action(m->plan, s->step, ACTION_join, &args);
	if (s->borrows && !add_borrowed(m, s->step, to, err))
		return false;
	plan_publish(m->plan, s->step);
	return true;
}

bool plan_add_sysroot(struct maker *m, struct component *c, struct error *err)
{
	struct sysroot *s = &c->sysroot;
	struct text inputs = TEXT_INIT;
	const struct sysroot *same;
	bool ok = true;

	s->borrows = c->member->has_libc &&
		     !recipe_find(m->profile->catalog, profile_get(m->profile, "libc"));
	for (size_t i = 0; i < c->closure.n; i++)
		if (is_part(m, plan_component(m, c->closure.at[i])))
			vec_push_in(m->arena, &s->parts, c->closure.at[i]);
	if (s->borrows && !read_borrowed(m, err))
		return false;
	if (!s->borrows && s->parts.n < 2)
		return true;
	print_inputs(m, s, &inputs);
	same = same_sysroot(m, inputs.s);
	if (same)
		*s = *same;
	else
		ok = add_unit(m, c, arena_str(m->arena, inputs.s), err);
	text_release(&inputs);
	return ok;
}

/* ---- its names ---- */

const char *plan_sysroot(const struct maker *m, const struct component *c)
{
	if (c->sysroot.unit)
		return expand_mark(m->arena, "sysroot.folder");
	if (c->sysroot.parts.n)
		return expand_mark(
			m->arena, arena_fmt(m->arena, "%s.stage", c->sysroot.parts.at[0]));
	return c->recipe->host ? "" : NULL;
}

void plan_print_sysroot(const struct maker *m, const struct component *c, struct text *out)
{
	const struct sysroot *s = &c->sysroot;

	if (s->borrows)
		text_str(out, m->borrowed.id);
	for (size_t i = 0; i < s->parts.n; i++) {
		bool direct = false;

		for (size_t k = 0; k < c->member->needs.n; k++)
			direct = direct || strcmp(c->member->needs.at[k], s->parts.at[i]) == 0;
		if (!direct)
			text_fmt(out, "sysroot %s %s\n", s->parts.at[i],
				plan_component(m, s->parts.at[i])->unit->key);
	}
}
