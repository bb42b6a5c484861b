/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What {name} stands for in recipes, styles and templates. See plan_make.h. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/profile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

enum { DEEPEST = 8 };

/* Results must not depend on when they are made (reproducible-builds.org). */
bool plan_read_epoch(struct maker *m, struct error *err)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");

	if (!given || !*given)
		return true;
	/* what keeps dates in 32 bits is among the formats */
	if (strlen(given) > 10 || strspn(given, "0123456789") != strlen(given) ||
		strtoll(given, NULL, 10) > 0xffffffffLL)
		return error_set(err, ERROR_USAGE,
			"SOURCE_DATE_EPOCH is '%.40s' in the environment, but it has to be a date "
			"in "
			"seconds since 1970, from 0 to 4294967295; correct it or unset it",
			given);
	m->epoch = arena_fmt(m->arena, "%lld", strtoll(given, NULL, 10));
	return true;
}

const char *plan_iso_date(struct arena *a, time_t when)
{
	char s[20] = "";
	struct tm tm;

	if (gmtime_r(&when, &tm))
		strftime(s, sizeof s, "%Y%m%d%H%M%S00", &tm);
	return arena_str(a, s);
}

const char *plan_day(struct arena *a, time_t when)
{
	const char *iso = plan_iso_date(a, when);

	return arena_fmt(a, "%.4s-%.2s-%.2s", iso, iso + 4, iso + 6);
}

const char *plan_date_name(const struct maker *m, const char *name)
{
	time_t when = m->epoch ? (time_t)strtoll(m->epoch, NULL, 10) : 0;

	if (strcmp(name, "epoch") == 0)
		return m->epoch ? m->epoch : PLAN_EPOCH;
	if (strcmp(name, "date") == 0)
		return m->epoch ? plan_iso_date(m->arena, when) : PLAN_DATE;
	if (strcmp(name, "day") == 0)
		return m->epoch ? plan_day(m->arena, when) : PLAN_DAY;
	return NULL;
}

/* Folders and counts of this machine: in the canonical text they stand for themselves. */
static const char *machine_name(const struct scope *s, const char *name)
{
	struct arena *a = s->maker->arena;
	const struct component *c = s->component;

	if (c && c->source_tree && strcmp(name, "src") == 0)
		return c->source_tree->result;
	if (c && strcmp(name, "build") == 0)
		return arena_fmt(a, "%s/build", c->unit->work);
	if (c && strcmp(name, "stage") == 0)
		return s->finished ? c->unit->result : arena_fmt(a, "%s/stage", c->unit->work);
	if (c && strcmp(name, "work") == 0)
		return c->unit->work;
	return NULL;
}

const char *plan_arch_value(const struct maker *m, const char *key)
{
	for (size_t i = 0; i < m->arch.n; i++)
		if (strcmp(m->arch.at[i].key, key) == 0)
			return m->arch.at[i].value;
	return NULL;
}

static const char *arch_name(const struct maker *m, const char *name)
{
	return strncmp(name, "arch.", 5) == 0 ? plan_arch_value(m, name + 5) : NULL;
}

static void add_words(struct text *out, const char *value)
{
	if (out->len && *value)
		text_char(out, ' ');
	text_str(out, value);
}

const char *plan_needed_stage(
	const struct maker *m, const struct strings *needs, const char *name, bool canonical)
{
	const char *dot = strrchr(name, '.');
	const struct component *c;

	if (!dot || strcmp(dot, ".stage") != 0)
		return NULL;
	for (size_t i = 0; i < needs->n; i++) {
		if (strlen(needs->at[i]) != (size_t)(dot - name) ||
			strncmp(needs->at[i], name, (size_t)(dot - name)) != 0)
			continue;
		c = plan_component(m, needs->at[i]);
		if (c)
			return canonical ? arena_fmt(m->arena, "{%s}", name) : c->unit->result;
	}
	return NULL;
}

static const char *needed_stage(const struct scope *s, const char *name)
{
	if (!s->component)
		return NULL;
	return plan_needed_stage(s->maker, &s->component->needs, name, s->canonical);
}

static bool option_is_list(const struct option *o)
{
	return o->type == OPTION_LIST || o->type == OPTION_PATHS;
}

/* A recipe's own value, with the names in it expanded in turn. */
static const char *own_value(struct scope *s, const char *name)
{
	const char *raw = s->component ? plan_value(s->maker, s->component, name) : NULL;
	struct text out = TEXT_INIT;
	const char *result = NULL;
	struct error err;

	if (!raw || s->depth >= DEEPEST)
		return NULL;
	s->depth++;
	if (expand(&out, raw, plan_names, s, &err))
		result = arena_str(s->maker->arena, out.s);
	s->depth--;
	text_release(&out);
	return result;
}

/* The host's compiler, told what the architecture and the components that this one needs ask for: which C library to use. */
static const char *compiler(const struct scope *s)
{
	const struct maker *m = s->maker;
	const char *arch = plan_arch_value(m, "cc-flags");
	struct text out = TEXT_INIT;
	const char *result;

	if (!s->canonical)
		add_words(&out, m->settings->launcher);
	add_words(&out, "cc");
	add_words(&out, arch ? arch : "");
	for (size_t i = 0; s->component && i < s->component->needs.n; i++) {
		struct scope needed = {.maker = m,
			.component = plan_component(m, s->component->needs.at[i]),
			.canonical = s->canonical,
			.finished = true};
		const char *flags = own_value(&needed, "cc-flags");

		add_words(&out, flags ? flags : "");
	}
	result = arena_str(m->arena, out.s);
	text_release(&out);
	return result;
}

/* {NAME.meaning}: what the value of an option with aliases stands for. */
static const char *meaning(const struct scope *s, const char *name)
{
	const struct profile *p = s->maker->profile;
	const char *dot = strrchr(name, '.');
	const struct option *o;

	if (!dot || strcmp(dot, ".meaning") != 0)
		return NULL;
	o = option_find(
		&p->catalog->options, arena_strn(s->maker->arena, name, (size_t)(dot - name)));
	return o ? option_meaning(o, profile_get(p, o->name)) : NULL;
}

const char *plan_names(void *ctx, const char *name, bool *is_list)
{
	struct scope *s = ctx;
	const struct option *o = option_find(&s->maker->profile->catalog->options, name);
	const char *value = machine_name(s, name);

	*is_list = false;
	if (value && s->canonical && s->finished)
		return arena_fmt(s->maker->arena, "{%s.%s}", s->component->recipe->name, name);
	if (value)
		return s->canonical ? arena_fmt(s->maker->arena, "{%s}", name) : value;
	if ((*is_list = strcmp(name, "cc") == 0))
		return compiler(s);
	if (strcmp(name, "profile") == 0)
		return s->maker->plan->profile;
	if (s->component && (value = plan_date_name(s->maker, name)))
		return value;
	if (s->component && strcmp(name, "version") == 0)
		return s->component->source->version;
	if (s->component && strcmp(name, "series") == 0)
		return s->component->source->series;
	if ((value = arch_name(s->maker, name)) || (value = needed_stage(s, name)) ||
		(value = meaning(s, name)))
		return value;
	if ((value = plan_service_value(s, name, is_list)))
		return value;
	if ((value = own_value(s, name))) {
		*is_list = true;
		return value;
	}
	if (o)
		*is_list = option_is_list(o);
	return o ? profile_get(s->maker->profile, name) : NULL;
}

static const char *component_lookup(const void *ctx, const char *name)
{
	const struct scope *s = ctx;

	if (strcmp(name, "version") == 0)
		return s->component->source->version;
	if (strcmp(name, "series") == 0)
		return s->component->source->series;
	return profile_lookup(s->maker->profile, name);
}

bool plan_holds(const struct maker *m, const struct component *c, const struct guard *g)
{
	struct scope s = {.maker = m, .component = c};

	return guard_holds(g, component_lookup, &s);
}

bool plan_recipe_needs(
	const struct maker *m, const struct recipe *r, struct strings *out, struct error *err)
{
	for (size_t i = 0; i < r->values.n; i++) {
		const struct recipe_value *v = &r->values.at[i];

		if (strcmp(v->key, "needs") != 0 ||
			!guard_holds(&v->guard, profile_lookup, m->profile))
			continue;
		if (!conf_words(v->value, m->arena, out, err))
			return error_in(err, "%s:%d", r->file, v->line);
	}
	vec_settle(out, m->arena);
	return true;
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
	vec_push(&m->arch,
		(struct recipe_value){.key = line->key, .value = line->value, .line = line->line});
	return true;
}

bool plan_read_arch(struct maker *m, struct error *err)
{
	const char *arch = profile_get(m->profile, "arch");
	bool ok = conf_find(m->place, arena_fmt(m->arena, "share/arch/%s.arch", arch),
		"this architecture is not known", NULL, m->arena, take_arch, m, err);

	vec_settle(&m->arch, m->arena);
	return ok;
}
