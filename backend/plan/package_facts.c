/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what was measured of packages, and adds it up. */
#include "plan/package_facts.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/vec.h"
#include "cache/history.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "plan/estimate.h"
#include "plan/figures.h"
#include "source/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._~:@"

struct reader {
	struct package_facts *facts;
	const struct profile *profile;
};

static bool take_size(struct reader *r, const struct conf_line *line, struct error *err)
{
	struct package_size s = {0};
	char name[128];
	int used = 0;

	if (sscanf(line->value, "%127s %" SCNu64 " %" SCNu64 "%n", name, &s.bytes, &s.files,
		    &used) != 3 ||
		line->value[used] || s.bytes >> 50 || s.files >> 50 ||
		strpbrk(line->value + strcspn(line->value, " "), "-+"))
		return error_set(err, ERROR_PROFILE,
			"a size is PACKAGE BYTES FILES, such as editor 1510000 12");
	s.package = arena_str(&r->facts->arena, name);
	s.holds = guard_holds(line->guard, profile_lookup, r->profile);
	vec_push_in(&r->facts->arena, &r->facts->sizes, s);
	return true;
}

/* They are shown as they are. */
static bool are_words(const struct strings *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!*w->at[i] || w->at[i][strspn(w->at[i], WORD)])
			return false;
	return true;
}

static bool is_date(const char *s)
{
	for (size_t i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? s[i] != '-' : !(s[i] >= '0' && s[i] <= '9'))
			return false;
	return !s[10];
}

static bool take_tried(struct reader *r, const struct conf_line *line, struct error *err)
{
	struct strings w = {0};

	if (!conf_words(line->value, &r->facts->arena, &w, err))
		return false;
	if (w.n != 5 || line->guard->n || !are_words(&w) || !is_date(w.at[4]))
		return error_set(err, ERROR_PROFILE,
			"tried = PACKAGE LIBC LINKAGE VERSION DATE, the date as 2026-11-30, without a guard");
	vec_push_in(&r->facts->arena, &r->facts->tried,
		(struct package_tried){w.at[0], w.at[1], w.at[2], w.at[3], w.at[4]});
	return true;
}

static bool take_fact(void *ctx, const struct conf_line *line, struct error *err)
{
	if (!line->key)
		return conf_in(line, "", err);
	if (strcmp(line->key, "size") == 0)
		return take_size(ctx, line, err);
	if (strcmp(line->key, "tried") == 0)
		return take_tried(ctx, line, err);
	return error_set(
		err, ERROR_PROFILE, "'%s' is not known here; there are size and tried", line->key);
}

static bool read_table(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct reader *r = ctx;

	(void)relative;
	return conf_read_guarded(
		path, &r->profile->catalog->traits, &r->facts->arena, take_fact, r, err);
}

bool package_facts_load(struct package_facts *f, const struct profile *p, const struct settings *s,
	struct error *err)
{
	const struct catalog *c = p->catalog;
	const struct figures_for who = {c->place, &c->traits, profile_lookup, p};
	struct reader r = {f, p};
	struct history history;
	struct machine_speed speed;

	*f = (struct package_facts){.arena = ARENA_INIT};
	if (!figures_read(&f->figures, &f->arena, &who, err) ||
		!place_each(c->place, "share/measured", ".packages", read_table, &r, err)) {
		package_facts_release(f);
		return false;
	}
	history_load(&history, c->place);
	speed = estimate_speed(&history, &f->figures, s->jobs);
	f->ratio = speed.ratio;
	f->cores = speed.cores;
	history_release(&history);
	return true;
}

void package_facts_release(struct package_facts *f)
{
	sources_free(f->sources);
	arena_release(&f->arena);
	*f = (struct package_facts){.arena = ARENA_INIT};
}

/* Only the step that compiles keeps all cores busy. Its figure tells that the package was measured, or, as data are not compiled,
 * that of the last step. */
static bool add_time(const struct package_facts *f, const char *name, double *seconds)
{
	size_t len = strlen(name);
	bool known = false;

	for (size_t i = 0; i < f->figures.n; i++) {
		const struct figure *one = &f->figures.at[i];
		bool builds;

		if (strncmp(one->step, name, len) != 0 || one->step[len] != '.' ||
			figures_find(&f->figures, one->step) != one)
			continue;
		builds = strcmp(one->step + len, ".build") == 0;
		known |= builds || strcmp(one->step + len, ".install") == 0;
		*seconds += one->cpu * f->ratio / (builds && f->cores > 1 ? f->cores : 1);
	}
	return known;
}

static const struct package_size *size_of(const struct package_facts *f, const char *name)
{
	for (size_t i = f->sizes.n; i-- > 0;)
		if (f->sizes.at[i].holds && strcmp(f->sizes.at[i].package, name) == 0)
			return &f->sizes.at[i];
	return NULL;
}

struct package_sum package_facts_sum(const struct package_facts *f, const struct strings *names)
{
	struct package_sum sum = {.n = names->n};

	for (size_t i = 0; i < names->n; i++) {
		const struct package_size *size = size_of(f, names->at[i]);
		double seconds = 0;

		if (add_time(f, names->at[i], &seconds)) {
			sum.seconds += seconds;
			sum.timed++;
		}
		if (size) {
			sum.bytes += size->bytes;
			sum.files += size->files;
			sum.sized++;
		}
	}
	return sum;
}

const struct package_tried *package_facts_tried(
	const struct package_facts *f, const char *name, const char *libc, const char *linkage)
{
	for (size_t i = f->tried.n; i-- > 0;) {
		const struct package_tried *t = &f->tried.at[i];

		if (strcmp(t->package, name) == 0 && (!libc || strcmp(t->libc, libc) == 0) &&
			(!linkage || strcmp(t->linkage, linkage) == 0))
			return t;
	}
	return NULL;
}

static const char *find_version(struct package_facts *f, const char *component)
{
	struct archive_list list = {0};
	struct error ignored;
	const struct archive *a;

	if (!sources_versions(f->sources, component, false, &list, &ignored) || !list.n)
		return NULL;
	a = &list.at[0];
	return arena_fmt(&f->arena, "%s, %s%s%s", a->version, origin_word(a->origin),
		a->where && *a->where ? " " : "", a->where ? a->where : "");
}

const char *package_facts_version(struct package_facts *f, const struct profile *p,
	const struct settings *s, const struct package *k)
{
	struct package_version v = {.component = k->component};
	struct error ignored;

	for (size_t i = 0; i < f->versions.n; i++)
		if (strcmp(f->versions.at[i].component, k->component) == 0)
			return f->versions.at[i].newest;
	if (!f->sources && !f->no_sources)
		f->no_sources = !sources_open(
			&f->sources, p->catalog, s, SOURCES_OFFLINE, NULL, NULL, &ignored);
	if (f->sources)
		v.newest = find_version(f, k->component);
	vec_push_in(&f->arena, &f->versions, v);
	return v.newest;
}
