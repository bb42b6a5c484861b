/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks a plan's versions against the pairing table: refuses them, or finds cures for its components. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/error.h"
#include "choice/pairing.h"
#include "choice/recipe.h"

#include <string.h>

#include "base/banned.h"

static const char *chosen_version(const void *ctx, const char *component)
{
	const struct maker *m = ctx;

	for (size_t i = 0; i < m->plan->sources.n; i++)
		if (strcmp(m->plan->sources.at[i].component, component) == 0)
			return m->plan->sources.at[i].version;
	return NULL;
}

static bool knows(const struct maker *m, const struct recipe *r, const char *key)
{
	const struct style *style = style_find(m->profile->catalog, r->style);

	if (strcmp(key, PLAN_PATCH) == 0)
		return true;
	for (size_t i = 0; style && i < style->defaults.n; i++)
		if (strcmp(style->defaults.at[i].key, key) == 0)
			return true;
	return false;
}

/* A misspelt key would reach nobody, unnoticed. */
static bool check_gift(
	const struct maker *m, const struct cure *cure, const char *key, struct error *err)
{
	const struct catalog *c = m->profile->catalog;

	for (size_t i = 0; i < c->recipes.n; i++)
		if (strcmp(c->recipes.at[i]->source, cure->component) == 0 &&
			knows(m, c->recipes.at[i], key))
			return true;
	return error_set(err, ERROR_PROFILE,
		"share/pairings: cure '%s' gives '%s', which neither the recipe of %s nor its style has a use for",
		cure->name, key, cure->component);
}

static bool load(const struct maker *m, struct error *err)
{
	return m->plan->pairings || pairings_load(&m->plan->pairings, m->place, err);
}

/* {TOOL.major}: 12 of 12.2.0, what a program of this machine says. */
const char *plan_tool_value(void *ctx, const char *name, bool *is_list)
{
	static const char key[] = ".major";
	const struct maker *m = ((const struct scope *)ctx)->maker;
	const char *dot = strrchr(name, '.'), *version;
	struct error ignored;

	(void)is_list;
	if (!dot || strcmp(dot, key) != 0 || !load(m, &ignored))
		return NULL;
	version =
		pairings_tool(m->plan->pairings, arena_strn(m->arena, name, (size_t)(dot - name)));
	return version && *version ? arena_strn(m->arena, version, strcspn(version, ".")) : NULL;
}

bool plan_check_pairs(struct maker *m, struct error *err)
{
	struct plan *p = m->plan;

	if (!load(m, err) || !pairings_check(p->pairings, m->profile, chosen_version, m, err))
		return false;
	p->cures = pairings_cures(p->pairings, m->profile, chosen_version, m);
	for (size_t i = 0; i < p->cures.n; i++)
		for (size_t k = 0; k < p->cures.at[i]->gives.n; k++)
			if (!check_gift(m, p->cures.at[i], p->cures.at[i]->gives.at[k].key, err))
				return false;
	return true;
}

void plan_note_cures(struct maker *m, const struct component *c, struct unit *u, bool patches)
{
	for (size_t i = 0; i < m->plan->cures.n; i++) {
		const struct cure *cure = m->plan->cures.at[i];
		bool here = false;

		for (size_t k = 0; k < cure->gives.n; k++)
			here = here || (strcmp(cure->gives.at[k].key, PLAN_PATCH) == 0) == patches;
		if (here && strcmp(cure->component, c->recipe->source) == 0)
			vec_push_in(m->arena, &u->cures, cure);
	}
}
