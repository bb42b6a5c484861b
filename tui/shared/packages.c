/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the lists of packages. Their texts are in packages_text.c. */
#include "shared/packages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "plan/package_facts.h"

#include <stdlib.h>
#include <string.h>

static bool has(const struct strings *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (!strcmp(words->at[i], word))
			return true;
	return false;
}

void packages_open(struct packages *l, const struct profile *p, const struct settings *s)
{
	*l = (struct packages){.settings = s, .arena = ARENA_INIT};
	if (!package_facts_load(&l->facts, p, s, &l->problem))
		l->facts = (struct package_facts){.arena = ARENA_INIT, .no_sources = true};
	packages_refresh(l, p);
}

void packages_release(struct packages *l)
{
	package_facts_release(&l->facts);
	vec_release(&l->rows);
	arena_release(&l->arena);
}

void packages_refresh(struct packages *l, const struct profile *p)
{
	arena_release(&l->arena);
	l->arena = (struct arena)ARENA_INIT;
	l->profile = p;
	l->chosen = l->all = (struct strings){0};
	package_chosen(p, &l->arena, &l->chosen);
	package_closure(p, &l->chosen, &l->arena, &l->all);
}

/* ---- rows ---- */

static void add_groups(struct packages *l)
{
	const struct catalog *c = l->profile->catalog;

	for (size_t i = 0; i < c->groups.n; i++) {
		const struct package_group *g = c->groups.at[i];
		struct package_row r = {.kind = PACKAGE_GROUP, .group = g, .n = g->packages.n};

		for (size_t k = 0; k < g->packages.n; k++)
			r.chosen += has(&l->chosen, g->packages.at[k]);
		vec_push(&l->rows, r);
	}
}

static struct package_row *section_row(struct packages *l, size_t from, const char *section)
{
	size_t at = from;

	while (at < l->rows.n && strcmp(l->rows.at[at].section, section) < 0)
		at++;
	if (at < l->rows.n && !strcmp(l->rows.at[at].section, section))
		return &l->rows.at[at];
	vec_push(&l->rows, (struct package_row){.kind = PACKAGE_SECTION, .section = section});
	for (size_t i = l->rows.n - 1; i > at; i--)
		l->rows.at[i] = l->rows.at[i - 1];
	l->rows.at[at] = (struct package_row){.kind = PACKAGE_SECTION, .section = section};
	return &l->rows.at[at];
}

static void add_sections(struct packages *l)
{
	const struct catalog *c = l->profile->catalog;
	size_t from = l->rows.n;

	for (size_t i = 0; i < c->packages.n; i++) {
		struct package_row *r = section_row(l, from, c->packages.at[i]->section);

		r->n++;
		r->chosen += has(&l->chosen, c->packages.at[i]->name);
	}
}

static void add_package(struct packages *l, const struct package *k, const char *field)
{
	vec_push(&l->rows,
		(struct package_row){
			.kind = PACKAGE_ONE, .section = k->section, .package = k, .field = field});
	for (size_t i = 0; i < k->options.n && has(&l->all, k->name); i++)
		vec_push(&l->rows, (struct package_row){.kind = PACKAGE_OPTION,
					   .section = k->section,
					   .package = k,
					   .option = k->options.at[i]});
}

/* Better first. */
static const char *const fields[] = {"name", "also", "provides", "summary", "section"};
enum { FIELDS = sizeof fields / sizeof *fields };

static int field_with(const struct package *k, const char *word)
{
	const char *const texts[FIELDS] = {k->name, k->also, k->provides, k->summary, k->section};
	int i = 0;

	while (i < FIELDS && !strcasestr(texts[i], word))
		i++;
	return i;
}

/* The sum over all words, FIELDS * n when one is missing; `first`: the field of the first. */
static int rank(const struct package *k, const char *words, int *first)
{
	char *copy = xstrdup(words), *rest = copy, *word;
	int sum = 0;
	bool ok = true;

	*first = -1;
	while (ok && (word = strsep(&rest, " "))) {
		int f = *word ? field_with(k, word) : 0;

		if (!*word)
			continue;
		ok = f < FIELDS;
		sum += f;
		if (*first < 0)
			*first = f;
	}
	free(copy);
	return ok ? sum : -1;
}

static void add_found(struct packages *l, const char *words)
{
	const struct catalog *c = l->profile->catalog;
	struct rank {
		int sum, first;
	} *ranks = arena_alloc(&l->arena, (c->packages.n + 1) * sizeof *ranks);
	int most = 0;

	for (size_t i = 0; i < c->packages.n; i++) {
		ranks[i].sum = rank(c->packages.at[i], words, &ranks[i].first);
		most = ranks[i].sum > most ? ranks[i].sum : most;
	}
	for (int want = 0; want <= most; want++)
		for (size_t i = 0; i < c->packages.n; i++)
			if (ranks[i].sum == want)
				add_package(l, c->packages.at[i],
					ranks[i].first < 0 ? "" : fields[ranks[i].first]);
}

void packages_fill(struct packages *l, const char *section, const char *words)
{
	const struct catalog *c = l->profile->catalog;

	l->rows.n = 0;
	if (words) {
		add_found(l, words);
	} else if (!section) {
		add_groups(l);
		add_sections(l);
	} else {
		for (size_t i = 0; i < c->packages.n; i++)
			if (!strcmp(c->packages.at[i]->section, section))
				add_package(l, c->packages.at[i], NULL);
	}
}

/* ---- choosing ---- */

/* The first chosen one that has it in its closure. */
static const char *brought_by(const struct packages *l, const char *name)
{
	struct arena arena = ARENA_INIT;
	const char *by = NULL;

	for (size_t i = 0; !by && i < l->chosen.n; i++) {
		struct strings one = {.at = &l->chosen.at[i], .n = 1}, all = {0};

		package_closure(l->profile, &one, &arena, &all);
		if (has(&all, name))
			by = l->chosen.at[i];
	}
	arena_release(&arena);
	return by;
}

enum package_state packages_state(
	const struct packages *l, const struct package *k, struct text *why)
{
	const char *reason = package_value(l->profile, k, "cannot");

	if (has(&l->chosen, k->name))
		return PACKAGE_CHOSEN;
	if (has(&l->all, k->name)) {
		if (why)
			text_fmt(why, "comes with %s", brought_by(l, k->name));
		return PACKAGE_ALONG;
	}
	if (!reason)
		return PACKAGE_OFF;
	if (why)
		text_str(why, reason);
	return PACKAGE_CANNOT;
}

static bool all_chosen(const struct packages *l, const struct package_group *g)
{
	for (size_t i = 0; i < g->packages.n; i++)
		if (!has(&l->chosen, g->packages.at[i]))
			return false;
	return true;
}

/* A group goes as a whole, whether its name or its packages were chosen. */
static bool turn_group(struct packages *l, const struct package_group *g, struct profile *p,
	const char **value, struct error *err)
{
	const struct option *o = package_option(p->catalog);
	struct text words = TEXT_INIT;
	bool ok;

	if (!all_chosen(l, g)) {
		text_fmt(&words, "@%s", g->name);
		ok = profile_more(p, o, words.s, value, err);
	} else {
		for (size_t i = 0; i < g->packages.n; i++)
			text_fmt(&words, "%s%s", i ? " " : "", g->packages.at[i]);
		ok = profile_less(p, o, words.s, value, err);
	}
	text_release(&words);
	return ok;
}

bool packages_turn(struct packages *l, const struct package_row *r, struct profile *p,
	const char **value, struct text *why)
{
	const struct option *o = package_option(p->catalog);
	struct error err = {0};
	bool ok = false;

	if (r->kind == PACKAGE_GROUP)
		ok = turn_group(l, r->group, p, value, &err);
	else if (has(&l->chosen, r->package->name))
		ok = profile_less(p, o, r->package->name, value, &err);
	else if (packages_state(l, r->package, why) != PACKAGE_CANNOT)
		ok = profile_more(p, o, r->package->name, value, &err);
	else
		return false;
	if (!ok)
		text_str(why, err.text);
	else
		text_clear(why);
	return ok;
}
