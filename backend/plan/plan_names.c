/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Provides the values of {name} in recipes, styles and templates. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/dates.h"
#include "choice/option.h"
#include "choice/profile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

enum { DEEPEST = 8 };

/* Results must not depend on when they are built (reproducible-builds.org). */
bool plan_read_epoch(struct maker *m, struct error *err)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");

	if (!given || !*given)
		return true;
	/* some formats store dates in 32 bits */
	if (strlen(given) > 10 || strspn(given, "0123456789") != strlen(given) ||
		strtoll(given, NULL, 10) > 0xffffffffLL)
		return error_set(err, ERROR_USAGE,
			"SOURCE_DATE_EPOCH is '%.40s' in the environment, but it has to be a date in seconds since 1970, from 0 to 4294967295; correct it or unset it",
			given);
	m->epoch = arena_fmt(m->arena, "%lld", strtoll(given, NULL, 10));
	return true;
}

/* ---- who provides names ---- */

static const char *unit_folder(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const struct component *c = s->component;
	const char *work;

	(void)is_list;
	if (!c || s->finished)
		return NULL;
	work = c->unit ? c->unit->work : "";
	if (c->sysroot.unit && strcmp(name, "sysroot.folder") == 0)
		return c->sysroot.unit->result;
	if (c->source_tree && strcmp(name, "src") == 0)
		return c->source_tree->result;
	if (strcmp(name, "build") == 0 || strcmp(name, "stage") == 0)
		return arena_fmt(s->maker->arena, "%s/%s", work, name);
	return strcmp(name, "work") == 0 ? work : NULL;
}

/* From a needed component: the one that needs it sees {NAME.stage}. */
static const char *finished_stage(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	struct arena *a = s->maker->arena;

	(void)is_list;
	if (!s->finished || !s->component || strcmp(name, "stage") != 0)
		return NULL;
	return expand_mark(a, arena_fmt(a, "%s.stage", s->component->recipe->name));
}

const char *plan_arch_value(const struct maker *m, const char *key)
{
	for (size_t i = 0; i < m->arch.n; i++)
		if (strcmp(m->arch.at[i].key, key) == 0)
			return m->arch.at[i].value;
	return NULL;
}

static const char *of_arch(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;

	(void)is_list;
	return strncmp(name, "arch.", 5) == 0 ? plan_arch_value(s->maker, name + 5) : NULL;
}

static void add_words(struct text *out, const char *value)
{
	if (out->len && *value)
		text_char(out, ' ');
	text_str(out, value);
}

const char *plan_needed_stage(const struct maker *m, const struct strings *names, const char *name)
{
	const char *dot = strrchr(name, '.');
	const struct component *c;

	if (!dot || strcmp(dot, ".stage") != 0)
		return NULL;
	for (size_t i = 0; i < names->n; i++) {
		if (strlen(names->at[i]) != (size_t)(dot - name) ||
			strncmp(names->at[i], name, (size_t)(dot - name)) != 0)
			continue;
		c = plan_component(m, names->at[i]);
		if (c)
			return c->unit->result;
	}
	return NULL;
}

static const char *needed_stage(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const char *stage;

	(void)is_list;
	if (!s->component)
		return NULL;
	stage = plan_needed_stage(s->maker, &s->component->closure, name);
	return stage ? stage : plan_needed_stage(s->maker, &s->component->member->tools, name);
}

static bool option_is_list(const struct option *o)
{
	return o->type == OPTION_LIST || o->type == OPTION_PATH || o->type == OPTION_PATHS;
}

const char *plan_names_within(struct scope *s, const char *raw, expand_lookup *lookup)
{
	struct text out = TEXT_INIT;
	const char *result = NULL;
	struct error err;

	if (!raw || s->depth >= DEEPEST)
		return NULL;
	s->depth++;
	if (expand(&out, raw, lookup, s, &err))
		result = arena_str(s->maker->arena, out.s);
	s->depth--;
	text_release(&out);
	return result;
}

static const char *own_value(void *ctx, const char *name, bool *is_list)
{
	struct scope *s = ctx;

	*is_list = true;
	return s->component
		       ? plan_names_within(s, plan_value(s->maker, s->component, name), plan_names)
		       : NULL;
}

/* This machine's compilers, started as the settings say: by the name in data, the program, the key for a component's flags of it
 * alone, and the mark that stands for the program. */
static const struct compiler {
	const char *name, *program, *flags, *mark;
} compilers[] = {
	{"cc", "cc", NULL, "compiler"},
	{"cxx", "c++", "cxx-flags", "compiler.cxx"},
};

static const struct compiler *compiler_find(const char *mark)
{
	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++)
		if (strcmp(compilers[i].mark, mark) == 0)
			return &compilers[i];
	return NULL;
}

/* {asks}: what others ask of this one's configuration. */
static const char *asked(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;

	if (!s->component || strcmp(name, "asks") != 0)
		return NULL;
	*is_list = true;
	return s->component->asks ? s->component->asks : "";
}

static const char *host_compiler(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const char *launcher = s->maker->settings->launcher;
	const struct compiler *c = s->component ? compiler_find(name) : NULL;

	if (!c)
		return NULL;
	*is_list = true;
	return launcher && *launcher ? arena_fmt(s->maker->arena, "%s %s", launcher, c->program)
				     : c->program;
}

static const char *compiler_in_key(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	(void)is_list;
	return compiler_find(name)->program;
}

/* A value of something that the component needs, as the component sees it. */
static const char *value_of_need(const struct scope *s, const char *name, const char *key)
{
	struct scope needed = {.maker = s->maker,
		.component = plan_component(s->maker, name),
		.user = s->component,
		.finished = true,
		.depth = s->depth};

	return plan_names_within(&needed, plan_value(s->maker, needed.component, key), plan_names);
}

static void add_flags(struct scope *s, const char *key, struct text *out)
{
	for (size_t i = 0; i < s->component->closure.n; i++) {
		const char *flags = value_of_need(s, s->component->closure.at[i], key);

		add_words(out, flags ? flags : "");
	}
}

/* The compiler with the flags of the architecture and of the components that this one needs: they select the C library. What is
 * for this machine is compiled as this machine does it. */
static const char *told_compiler(void *ctx, const char *name, bool *is_list)
{
	struct scope *s = ctx;
	const struct maker *m = s->maker;
	const char *arch = plan_arch_value(m, "cc-flags"), *result;
	struct text out = TEXT_INIT;
	const struct compiler *c = compilers;

	while (c < compilers + sizeof compilers / sizeof *compilers && strcmp(c->name, name) != 0)
		c++;
	if (!s->component || c == compilers + sizeof compilers / sizeof *compilers)
		return NULL;
	add_words(&out, expand_mark(m->arena, c->mark));
	if (!s->component->recipe->host) {
		add_words(&out, arch ? arch : "");
		if (s->component->sysroot.borrows)
			add_words(&out, plan_names_within(s, m->borrowed.cc_flags, plan_names));
		add_flags(s, "cc-flags", &out);
		if (c->flags)
			add_flags(s, c->flags, &out);
	}
	*is_list = true;
	result = arena_str(m->arena, out.s);
	text_release(&out);
	return result;
}

/* {triplet}: what systems with the C library are called; it says so itself if that is not what the architecture says. */
static const char *triplet(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;

	(void)is_list;
	if (!s->component || strcmp(name, "triplet") != 0)
		return NULL;
	for (size_t i = 0; i < s->component->closure.n; i++) {
		const char *value = value_of_need(s, s->component->closure.at[i], name);

		if (value)
			return value;
	}
	return plan_arch_value(s->maker, name);
}

/* {ar}, {needs}: names of all that it needs for the system, at any depth. */
static const char *of_build(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	struct text out = TEXT_INIT;

	if (!s->component)
		return NULL;
	if (strcmp(name, "ar") == 0)
		return name;
	if (strcmp(name, "needs") != 0)
		return NULL;
	*is_list = true;
	for (size_t i = 0; i < s->component->closure.n; i++)
		add_words(&out, s->component->closure.at[i]);
	name = arena_str(s->maker->arena, out.s);
	text_release(&out);
	return name;
}

static const char *sysroot(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;

	(void)is_list;
	return s->component && strcmp(name, "sysroot") == 0
		       ? plan_sysroot(s->maker, s->user ? s->user : s->component)
		       : NULL;
}

/* How many may compile at once: for what knows no jobserver. No result depends on it. */
static const char *jobs(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;

	(void)is_list;
	return strcmp(name, "jobs") == 0 ? arena_fmt(s->maker->arena, "%ld", s->maker->plan->jobs)
					 : NULL;
}

/* {NAME.meaning}: what the value of an option with aliases means. */
static const char *meaning(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const struct profile *p = s->maker->profile;
	const char *dot = strrchr(name, '.');
	const struct option *o;

	(void)is_list;
	if (!dot || strcmp(dot, ".meaning") != 0)
		return NULL;
	o = option_find(
		&p->catalog->options, arena_strn(s->maker->arena, name, (size_t)(dot - name)));
	return o ? option_meaning(o, profile_get(p, o->name)) : NULL;
}

/* {NAME.names}: the words of a list without what follows a comma in them, ttyS0 of ttyS0,115200. */
static const char *names_alone(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const struct profile *p = s->maker->profile;
	const char *dot = strrchr(name, '.');
	struct strings words = {0};
	const struct option *o;
	struct text out = TEXT_INIT;
	struct error ignored;

	if (!dot || strcmp(dot, ".names") != 0)
		return NULL;
	o = option_find(
		&p->catalog->options, arena_strn(s->maker->arena, name, (size_t)(dot - name)));
	if (!o || !conf_words(profile_get(p, o->name), s->maker->arena, &words, &ignored))
		return NULL;
	*is_list = true;
	for (size_t i = 0; i < words.n; i++)
		text_fmt(&out, "%s%.*s", i ? " " : "", (int)strcspn(words.at[i], ","), words.at[i]);
	name = arena_str(s->maker->arena, out.s);
	text_release(&out);
	return name;
}

static const char *of_plan(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const struct component *c = s->component;

	(void)is_list;
	if (strcmp(name, "profile") == 0)
		return s->maker->plan->profile;
	if (c && strcmp(name, "version") == 0)
		return c->source->version;
	return c && strcmp(name, "series") == 0 ? c->source->series : NULL;
}

static const char *given_date(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const struct maker *m = s->maker;

	(void)is_list;
	return s->dated && m->epoch
		       ? dates_name(m->arena, name, (time_t)strtoll(m->epoch, NULL, 10))
		       : NULL;
}

static const char *archive_date(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;

	(void)is_list;
	return s->dated ? dates_name(s->maker->arena, name, 0) : NULL;
}

/* Absolute paths, each quoted as one word; NULL: unreadable, already reported. */
static const char *paths(const struct scope *s, const struct option *o)
{
	struct strings words = {0};
	struct text out = TEXT_INIT;
	const char *result = NULL;
	struct error err;

	if (profile_paths(s->maker->profile, o, s->maker->arena, &words, &err)) {
		for (size_t i = 0; i < words.n; i++)
			profile_quote_path(&out, words.at[i]);
		result = arena_str(s->maker->arena, out.s);
	}
	text_release(&out);
	return result;
}

static const char *choice(void *ctx, const char *name, bool *is_list)
{
	const struct profile *p = ((const struct scope *)ctx)->maker->profile;
	const struct option *o = option_find(&p->catalog->options, name);

	*is_list = o && option_is_list(o);
	if (o && (o->type == OPTION_PATH || o->type == OPTION_PATHS))
		return paths(ctx, o);
	return o ? profile_get(p, name) : NULL;
}

/* The first row that provides a name decides. */
static const struct name_giver givers[] = {
	{KNOWN_BY_KEY, unit_folder, NULL}, /* src, build, stage, work, and that of the sysroot */
	{KNOWN_NOW, finished_stage, NULL},
	{KNOWN_NOW, told_compiler, NULL}, /* cc, cxx */
	{KNOWN_NOW, triplet, NULL},
	{KNOWN_NOW, of_build, NULL}, /* ar, needs */
	{KNOWN_NOW, sysroot, NULL},
	{KNOWN_BY_KEY, jobs, NULL},
	{KNOWN_BY_KEY, host_compiler, compiler_in_key},
	{KNOWN_NOW, of_plan, NULL}, /* profile, version, series */
	{KNOWN_NOW, given_date, NULL},
	{KNOWN_IN_STEP, archive_date, NULL},	  /* epoch, date, day */
	{KNOWN_NOW, of_arch, NULL},		  /* arch.KEY */
	{KNOWN_BY_KEY, needed_stage, NULL},	  /* NAME.stage */
	{KNOWN_BY_KEY, plan_needed_source, NULL}, /* NAME.src */
	{KNOWN_NOW, meaning, NULL},		  /* OPTION.meaning */
	{KNOWN_NOW, names_alone, NULL},		  /* OPTION.names */
	{KNOWN_NOW, asked, NULL},		  /* asks */
	{KNOWN_NOW, plan_loaded_modules, NULL},	  /* loaded */
	{KNOWN_NOW, plan_tool_value, NULL},	  /* TOOL.major */
	{KNOWN_NOW, plan_service_value, NULL},
	{KNOWN_NOW, plan_account_value, NULL},
	{KNOWN_NOW, own_value, NULL},
	{KNOWN_NOW, choice, NULL},
	{KNOWN_NOW, NULL, NULL},
};

const char *plan_give(
	const struct name_giver *table, struct scope *s, const char *name, bool *is_list)
{
	for (; table->give; table++) {
		const char *value;

		*is_list = false;
		value = table->give(s, name, is_list);
		if (value)
			return table->known > s->known ? expand_mark(s->maker->arena, name) : value;
	}
	return NULL;
}

const char *plan_give_in_key(const struct name_giver *table, struct scope *s, const char *name)
{
	bool is_list;

	for (; table->give; table++)
		if (table->give(s, name, &is_list))
			return table->in_key ? table->in_key(s, name, &is_list) : NULL;
	return NULL;
}

const char *plan_names(void *ctx, const char *name, bool *is_list)
{
	return plan_give(givers, ctx, name, is_list);
}

const char *plan_names_in_key(void *ctx, const char *name, bool *is_list)
{
	*is_list = false;
	return plan_give_in_key(givers, ctx, name);
}

/* Without guards that ask for values in turn, or what a value is could never be found out. */
static const char *plain_value(const struct scope *s, const char *key)
{
	const struct component *c = s->component;
	const char *value = NULL;

	for (size_t i = 0; i < c->style->defaults.n; i++)
		if (strcmp(c->style->defaults.at[i].key, key) == 0 &&
			guard_holds(
				&c->style->defaults.at[i].guard, profile_lookup, s->maker->profile))
			value = c->style->defaults.at[i].value;
	for (size_t i = 0; i < c->recipe->values.n; i++)
		if (strcmp(c->recipe->values.at[i].key, key) == 0 &&
			guard_holds(
				&c->recipe->values.at[i].guard, profile_lookup, s->maker->profile))
			value = c->recipe->values.at[i].value;
	return value;
}

static const char *component_lookup(const void *ctx, const char *name)
{
	const struct scope *s = ctx;
	const char *choice;

	if (strcmp(name, "version") == 0)
		return s->component->source->version;
	if (strcmp(name, "series") == 0)
		return s->component->source->series;
	if (strcmp(name, "host") == 0)
		return s->component->recipe->host ? "yes" : "no";
	choice = profile_lookup(s->maker->profile, name);
	return choice ? choice : plain_value(s, name);
}

bool plan_holds(const struct maker *m, const struct component *c, const struct guard *g)
{
	struct scope s = {.maker = m, .component = c};

	return guard_holds(g, component_lookup, &s);
}

static bool add_cures(
	const struct maker *m, const struct component *c, const char *key, struct text *out)
{
	bool stated = false;

	for (size_t i = 0; i < m->plan->cures.n; i++) {
		const struct cure *cure = m->plan->cures.at[i];

		if (strcmp(cure->component, c->recipe->source) != 0)
			continue;
		for (size_t k = 0; k < cure->gives.n; k++) {
			if (strcmp(cure->gives.at[k].key, key) != 0)
				continue;
			add_words(out, cure->gives.at[k].value);
			stated = true;
		}
	}
	return stated;
}

const char *plan_value(const struct maker *m, const struct component *c, const char *key)
{
	struct text out = TEXT_INIT;
	const char *result = NULL;
	bool stated = false;

	for (size_t i = 0; i < c->recipe->values.n; i++) {
		const struct recipe_value *v = &c->recipe->values.at[i];

		if (strcmp(v->key, key) != 0)
			continue;
		if (!plan_holds(m, c, &v->guard))
			continue;
		stated = true;
		add_words(&out, v->value);
	}
	for (size_t i = 0; i < c->style->defaults.n; i++) {
		const struct style_line *v = &c->style->defaults.at[i];

		if (strcmp(v->key, key) != 0 || !plan_holds(m, c, &v->guard))
			continue;
		if (!stated)
			add_words(&out, v->value);
		stated = true;
	}
	stated = add_cures(m, c, key, &out) || stated;
	if (stated)
		result = arena_str(m->arena, out.s);
	text_release(&out);
	return result;
}

static bool take_arch(void *ctx, const struct conf_line *line, struct error *err)
{
	struct maker *m = ctx;

	if (!conf_in(line, "", err))
		return false;
	vec_push_in(m->arena, &m->arch,
		(struct recipe_value){.key = line->key, .value = line->value, .line = line->line});
	return true;
}

bool plan_read_arch(struct maker *m, struct error *err)
{
	const char *arch = profile_get(m->profile, "arch");

	return conf_find(m->place, arena_fmt(m->arena, "share/arch/%s.arch", arch),
		"this architecture is not known", NULL, m->arena, take_arch, m, err);
}
