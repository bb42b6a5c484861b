/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a step bears as its date, when that is a source's: known only when the sources are there. See worker.h. */
#include "run/worker.h"

#include "base/arena.h"
#include "base/text.h"
#include "cache/dates.h"
#include "plan/plan_make.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static const char *const names[] = {PLAN_EPOCH, PLAN_DATE, PLAN_DAY};

static bool has_name(const struct strings *words)
{
	for (size_t i = 0; i < words->n; i++)
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
			if (strstr(words->at[i], names[k]))
				return true;
	return false;
}

static bool is_dated(const struct step *s)
{
	if (has_name(&s->env))
		return true;
	for (size_t i = 0; i < s->actions.n; i++)
		if (has_name(&s->actions.at[i].args))
			return true;
	return false;
}

static const char *replace(struct arena *a, const char *s, const char *name, const char *value)
{
	struct text out = TEXT_INIT;
	const char *result;

	for (const char *hit; (hit = strstr(s, name)); s = hit + strlen(name)) {
		text_add(&out, s, (size_t)(hit - s));
		text_str(&out, value);
	}
	text_str(&out, s);
	result = arena_str(a, out.s);
	text_release(&out);
	return result;
}

static void replace_all(
	struct arena *a, const struct strings *from, struct strings *to, time_t newest)
{
	const char *const values[] = {arena_fmt(a, "%lld", (long long)newest),
		plan_iso_date(a, newest), plan_day(a, newest)};

	*to = (struct strings){.at = arena_alloc(a, (from->n + 1) * sizeof *to->at), .n = from->n};
	for (size_t i = 0; i < from->n; i++) {
		to->at[i] = from->at[i];
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
			to->at[i] = replace(a, to->at[i], names[k], values[k]);
	}
}

static bool find_date(const struct plan *plan, const struct step *s, const struct place *place,
	time_t *newest, struct error *err)
{
	time_t date;

	*newest = DATES_FIRST;
	for (size_t i = 0; i < plan->sources.n; i++) {
		const char *path = plan->sources.at[i].path;

		if (s->dated && strcmp(path, s->dated) != 0)
			continue;
		if (!dates_find(place, path, &date, err))
			return false;
		if (date > *newest)
			*newest = date;
	}
	return true;
}

bool worker_date(const struct plan *plan, const struct step *s, const struct place *place,
	struct arena *a, struct step *dated, struct error *err)
{
	time_t newest;

	*dated = *s;
	if (!is_dated(s))
		return true;
	if (!find_date(plan, s, place, &newest, err))
		return false;
	dprintf(STDOUT_FILENO, PLAN_EPOCH " is %lld: %s\n", (long long)newest, plan_day(a, newest));
	replace_all(a, &s->env, &dated->env, newest);
	dated->actions.at = arena_alloc(a, s->actions.n * sizeof *dated->actions.at);
	for (size_t i = 0; i < s->actions.n; i++) {
		dated->actions.at[i].verb = s->actions.at[i].verb;
		replace_all(a, &s->actions.at[i].args, &dated->actions.at[i].args, newest);
	}
	return true;
}
