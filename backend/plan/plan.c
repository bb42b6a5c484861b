/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a profile into a graph of steps: chooses versions and adds components in the order of their needs. */
#include "plan/plan.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/accounts.h"
#include "choice/pairing.h"
#include "choice/profile.h"
#include "choice/recipe.h"
#include "choice/settings.h"
#include "plan/plan_make.h"
#include "plan/toolchain.h"
#include "source/pins.h"
#include "source/source.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* A recipe's version may only contain choices, because no source is known yet. */
static const char *wanted_version(struct maker *m, const struct recipe *r, struct error *err)
{
	struct scope scope = {.maker = m};
	struct text out = TEXT_INIT;
	const char *s = NULL;

	if (expand(&out, r->version, plan_names, &scope, err))
		s = arena_str(m->arena, out.s);
	else
		error_in(err, "%s", r->file);
	text_release(&out);
	return s;
}

static const char *lock_path(struct maker *m)
{
	struct text path = TEXT_INIT;
	const char *s;

	if (m->options->lock)
		return *m->options->lock ? m->options->lock : NULL;
	pins_path(m->profile, m->place, &path);
	s = path.len ? arena_str(m->arena, path.s) : NULL;
	text_release(&path);
	return s;
}

/* Recipes of one source may differ about Debian's patches: they are there if one of them wants them. */
static bool choose_parts(struct maker *m, struct sources *s, const struct recipe *r,
	struct source_wish *wish, const struct source_choice *first, struct error *err)
{
	const struct catalog *c = m->profile->catalog;
	struct source_choices parts = {0};

	for (size_t i = 0; i < c->recipes.n && !wish->patches; i++)
		if (strcmp(c->recipes.at[i]->source, r->source) == 0 && m->members[i].takes_part &&
			!plan_wants_debian(m, c->recipes.at[i], &wish->patches, err))
			return false;
	if (!sources_choose_parts(s, wish, first, &parts, err))
		return false;
	for (size_t i = 0; i < parts.n; i++) {
		vec_push_in(m->arena, &m->plan->sources, parts.at[i]);
		if (m->options->note)
			m->options->note(m->options->note_ctx, parts.at[i].why);
	}
	return true;
}

static bool choose_one(
	struct maker *m, struct sources *s, const struct recipe *r, struct error *err)
{
	struct source_wish wish = {.component = r->source,
		.accept = m->options->accept,
		.avoid = m->options->avoid,
		.lock = lock_path(m),
		.profile = m->profile->name};
	struct source_choice choice = {0};

	for (size_t i = 0; i < m->plan->sources.n; i++)
		if (strcmp(m->plan->sources.at[i].component, r->source) == 0)
			return true;
	for (size_t i = 0; i < m->plan->own.n; i++)
		if (strcmp(m->plan->own.at[i].component, r->source) == 0)
			return true;
	wish.wanted = wanted_version(m, r, err);
	if (wish.wanted && r->archive == RECIPE_OWN)
		return plan_add_own(m, r, wish.wanted, err);
	if (!wish.wanted || !sources_choose(s, &wish, &choice, err))
		return false;
	vec_push_in(m->arena, &m->plan->sources, choice);
	if (m->options->note && choice.why)
		m->options->note(
			m->options->note_ctx, arena_fmt(m->arena, "%s %s", r->source, choice.why));
	return choose_parts(m, s, r, &wish, &choice, err);
}

/* The index is released after choosing, so copy what was chosen. */
static void keep_choices(struct maker *m)
{
	for (size_t i = 0; i < m->plan->sources.n; i++) {
		struct source_choice *c = &m->plan->sources.at[i];
		struct archive_list from = {0};

		c->component = arena_str(m->arena, c->component);
		c->version = arena_str(m->arena, c->version);
		c->series = arena_str(m->arena, c->series);
		c->sha256 = arena_str(m->arena, c->sha256);
		c->file = arena_str(m->arena, c->file);
		c->path = arena_str(m->arena, c->path);
		c->why = arena_str(m->arena, c->why);
		c->role = arena_str(m->arena, c->role);
		for (size_t k = 0; k < c->from.n; k++) {
			struct archive a = c->from.at[k];

			a.component = c->component;
			a.version = c->version;
			a.series = c->series;
			a.where = arena_str(m->arena, a.where);
			a.url = arena_str(m->arena, a.url);
			a.file = arena_str(m->arena, a.file);
			a.sha256 = arena_str(m->arena, a.sha256);
			a.of = arena_str(m->arena, a.of);
			vec_push_in(m->arena, &from, a);
		}
		c->from = from;
	}
}

/* Packages that cannot be had are told all at once, with those that need them: whoever leaves them out has what remains. */
struct missing {
	struct text names;
	struct error first;
	size_t n;
};

static bool has_need(const struct strings *needs, const char *name)
{
	for (size_t i = 0; i < needs->n; i++)
		if (strcmp(needs->at[i], name) == 0)
			return true;
	return false;
}

static void note_missing(
	const struct maker *m, struct missing *x, const struct recipe *r, const struct error *err)
{
	const struct catalog *c = m->profile->catalog;
	size_t users = 0;

	if (!x->n++)
		x->first = *err;
	for (size_t i = 0; i < c->recipes.n; i++)
		if (strcmp(c->recipes.at[i]->source, r->source) == 0)
			m->members[i].cannot_be_had = true;
	text_fmt(&x->names, "%s%s", x->n > 1 ? ", " : "", r->name);
	for (size_t i = 0; i < c->recipes.n; i++)
		if (m->members[i].takes_part && has_need(&m->members[i].needs, r->name))
			text_fmt(&x->names, "%s%s", users++ ? " " : " (needed by ",
				c->recipes.at[i]->name);
	if (users)
		text_char(&x->names, ')');
}

static bool is_lost(const struct maker *m, const struct strings *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (m->members[recipe_find(m->profile->catalog, names->at[i])->index].cannot_be_had)
			return true;
	return false;
}

/* Takes them, and unless only archives are asked for what needs them, out of the order in which recipes are planned. */
static void leave_out(struct maker *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->order.n; i++) {
		struct member *r = &m->members[m->order.at[i]->index];

		if (!m->options->fetch_only && (is_lost(m, &r->needs) || is_lost(m, &r->tools)))
			r->cannot_be_had = true;
		r->takes_part = !r->cannot_be_had;
		if (r->takes_part)
			m->order.at[n++] = m->order.at[i];
	}
	m->order.n = n;
}

static bool tell_missing(struct maker *m, struct missing *x, struct error *err)
{
	if (!x->n)
		return true;
	*err = x->first;
	if (x->n > 1 || strchr(x->names.s, '('))
		error_set(err, x->first.kind, "%.600s. These cannot be had: %.300s", x->first.text,
			x->names.s);
	if (!m->options->rest)
		return false;
	m->plan->lacking = arena_str(m->arena, err->text);
	leave_out(m);
	return true;
}

static bool choose_sources(struct maker *m, struct error *err)
{
	const struct catalog *c = m->profile->catalog;
	struct missing missing = {.names = TEXT_INIT};
	struct sources *s = NULL;
	unsigned flags = (m->options->offline ? SOURCES_OFFLINE : 0) |
			 (m->options->refresh ? SOURCES_REFRESH : 0);
	bool ok = sources_open(
		&s, c, m->settings, flags, m->options->note, m->options->note_ctx, err);

	for (size_t i = 0; ok && i < c->recipes.n; i++) {
		ok = !m->members[i].takes_part || m->members[i].cannot_be_had ||
		     choose_one(m, s, c->recipes.at[i], err);
		if (!ok && err->kind == ERROR_SOURCE) {
			note_missing(m, &missing, c->recipes.at[i], err);
			ok = true;
		}
	}
	ok = ok && tell_missing(m, &missing, err);
	text_release(&missing.names);
	if (ok)
		keep_choices(m);
	sources_free(s);
	return ok;
}

static bool add_components(struct maker *m, struct error *err)
{
	for (size_t i = 0; i < m->order.n; i++)
		if (!plan_add_component(m, m->order.at[i], err))
			return false;
	return true;
}

/* Possible, but not what everybody expects. */
static void advise(const struct maker *m)
{
	const struct option_table *t = &m->profile->catalog->options;
	struct text aside = TEXT_INIT;

	for (size_t i = 0; m->options->note && i < t->advice.n; i++)
		if (guard_holds(&t->advice.at[i].when, profile_lookup, m->profile))
			m->options->note(m->options->note_ctx, t->advice.at[i].reason);
	for (size_t i = 0; m->options->note && i < m->profile->set.n; i++) {
		text_clear(&aside);
		if (profile_is_aside(m->profile, &m->profile->set.at[i], &aside))
			m->options->note(m->options->note_ctx, aside.s);
	}
	text_release(&aside);
}

const char *plan_output(
	const char *profile, const char *given, struct arena *arena, struct error *err)
{
	char cwd[PATH_MAX];

	if (given && given[0] == '/')
		return arena_str(arena, given);
	if (!getcwd(cwd, sizeof cwd)) {
		error_errno(err, "the current folder cannot be found");
		return NULL;
	}
	return given ? arena_fmt(arena, "%s/%s", cwd, given)
		     : arena_fmt(arena, "%s/out/%s", cwd, profile);
}

static bool find_output(struct maker *m, struct error *err)
{
	m->plan->output = plan_output(m->profile->name, m->options->output, m->arena, err);
	return m->plan->output != NULL;
}

static void print_profile(struct maker *m)
{
	struct text out = TEXT_INIT;

	profile_print(m->profile, &out);
	m->plan->profile_text = arena_str(m->arena, out.s);
	text_release(&out);
}

/* Compiler flags specific to this architecture: the files that arch.files names, where cc-flags find them. */
static bool read_arch_tools(struct maker *m, struct text *tools, struct error *err)
{
	struct strings names = {0}, flags = {0};
	const char *list = plan_arch_value(m, "files"), *words = plan_arch_value(m, "cc-flags");
	char hex[HASH_HEX];
	bool ok = conf_words(list ? list : "", m->arena, &names, err) &&
		  conf_words(words ? words : "", m->arena, &flags, err);

	for (size_t i = 0; ok && i < names.n; i++) {
		const char *path;

		ok = toolchain_file(m->place, &flags, names.at[i], m->arena, &path, err) &&
		     (!path || hash_file(path, hex, err));
		if (ok)
			text_fmt(tools, "tool %s %s %s\n", words ? words : "", names.at[i],
				path ? hex : "none");
	}
	return ok;
}

static bool read_tools(struct maker *m, struct error *err)
{
	struct text tools = TEXT_INIT;
	bool ok = toolchain_print(m->place, &tools, err) && read_arch_tools(m, &tools, err);

	m->tools = arena_str(m->arena, tools.s);
	text_release(&tools);
	return ok;
}

static bool fill(struct maker *m, struct error *err)
{
	if (!profile_check(m->profile, err) ||
		!accounts_read(&m->accounts, m->profile, NULL, m->arena, err) ||
		!plan_close(m, err) || !plan_declared_accounts(m, err) || !plan_read_arch(m, err) ||
		!plan_check_paths(m, err) || !plan_check_patches(m, err) || !find_output(m, err) ||
		!plan_read_epoch(m, err) || !choose_sources(m, err) || !plan_check_pairs(m, err))
		return false;
	advise(m);
	print_profile(m);
	if (!m->options->fetch_only &&
		(!settings_find_launcher(m->settings, m->place, err) || !read_tools(m, err)))
		return false;
	if (!add_components(m, err) ||
		(!m->options->fetch_only && !m->plan->lacking &&
			!(plan_add_services(m, err) && plan_add_results(m, err))))
		return false;
	return plan_look(m, err);
}

static void copy_folders(struct plan *p, const struct strings *from, struct strings *to)
{
	for (size_t i = 0; i < from->n; i++)
		vec_push_in(&p->arena, to, arena_str(&p->arena, from->at[i]));
}

bool plan_make(struct plan *p, const struct profile *profile, const struct settings *s,
	const struct plan_options *o, struct error *err)
{
	struct maker m = {.plan = p,
		.profile = profile,
		.settings = s,
		.options = o,
		.arena = &p->arena,
		.place = profile->catalog->place};
	bool ok;

	*p = (struct plan){.arena = ARENA_INIT};
	p->profile = arena_str(&p->arena, profile->name);
	p->cache = arena_str(&p->arena, m.place->cache);
	p->jobs = o->jobs > 0 ? o->jobs : s->jobs;
	p->sandbox.wish = s->sandbox.wish;
	copy_folders(p, &s->sandbox.read, &p->sandbox.read);
	copy_folders(p, &s->sandbox.write, &p->sandbox.write);
	ok = fill(&m, err);
	if (!ok)
		plan_release(p);
	return ok;
}

void plan_release(struct plan *p)
{
	pairings_free(p->pairings);
	arena_release(&p->arena);
	*p = (struct plan){.arena = ARENA_INIT};
}

const struct step *plan_find(const struct plan *p, const char *id)
{
	for (size_t i = 0; i < p->steps.n; i++)
		if (strcmp(p->steps.at[i]->id, id) == 0)
			return p->steps.at[i];
	return NULL;
}
