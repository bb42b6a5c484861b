/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the source's date into a step: it is known only once the sources are there. */
#include "run/worker.h"

#include "base/arena.h"
#include "base/expand.h"
#include "cache/dates.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static bool has_name(const struct strings *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (expand_is_marked(words->at[i]))
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

struct date {
	struct arena *arena;
	time_t newest;
};

static const char *look_up(void *ctx, const char *name, bool *is_list)
{
	const struct date *d = ctx;

	*is_list = false;
	return dates_name(d->arena, name, d->newest);
}

static bool find_date(const struct plan *plan, const struct step *s, const struct place *place,
	time_t *newest, struct error *err)
{
	time_t date;

	*newest = DATES_FIRST;
	for (size_t i = 0; i < plan->sources.n; i++) {
		const char *path = plan->sources.at[i].path;

		/* Debian's patches change with each of their revisions; the date is upstream's */
		if (plan->sources.at[i].role || (s->dated && strcmp(path, s->dated) != 0))
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
	struct date d = {.arena = a};
	bool ok;

	*dated = *s;
	if (!is_dated(s))
		return true;
	if (!find_date(plan, s, place, &d.newest, err))
		return false;
	dprintf(STDOUT_FILENO, "{epoch} is %s: %s\n", dates_name(a, "epoch", d.newest),
		dates_name(a, "day", d.newest));
	dated->env = (struct strings){0};
	ok = expand_marked(&dated->env, a, &s->env, look_up, &d, err);
	dated->actions.at = arena_alloc(a, s->actions.n * sizeof *dated->actions.at);
	for (size_t i = 0; ok && i < s->actions.n; i++) {
		struct action *to = &dated->actions.at[i];

		to->verb = s->actions.at[i].verb;
		ok = expand_marked(&to->args, a, &s->actions.at[i].args, look_up, &d, err);
	}
	return ok;
}
