/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a step bears as its date, when that is the newest source's: known only when the sources are there. See worker.h. */
#include "worker.h"

#include "dates.h"
#include "plan_make.h"

#include <string.h>

#include "banned.h"

static bool has_name(const struct strings *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (strstr(words->at[i], PLAN_EPOCH) || strstr(words->at[i], PLAN_DATE))
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
	const char *epoch = arena_fmt(a, "%lld", (long long)newest);
	const char *date = plan_iso_date(a, newest);

	*to = (struct strings){.at = arena_alloc(a, (from->n + 1) * sizeof *to->at), .n = from->n};
	for (size_t i = 0; i < from->n; i++)
		to->at[i] = replace(a, replace(a, from->at[i], PLAN_EPOCH, epoch), PLAN_DATE, date);
}

bool worker_date(const struct plan *plan, const struct step *s, const struct place *place,
	struct arena *a, struct step *dated, struct error *err)
{
	time_t newest = DATES_FIRST, date;

	*dated = *s;
	if (!is_dated(s))
		return true;
	for (size_t i = 0; i < plan->sources.n; i++) {
		if (!dates_find(place, plan->sources.at[i].path, &date, err))
			return false;
		if (date > newest)
			newest = date;
	}
	replace_all(a, &s->env, &dated->env, newest);
	dated->actions.at = arena_alloc(a, s->actions.n * sizeof *dated->actions.at);
	for (size_t i = 0; i < s->actions.n; i++) {
		dated->actions.at[i].verb = s->actions.at[i].verb;
		replace_all(a, &s->actions.at[i].args, &dated->actions.at[i].args, newest);
	}
	return true;
}
