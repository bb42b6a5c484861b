/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks into the cache: which steps must run, why, and what that will cost. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "cache/history.h"
#include "cache/results.h"
#include "cache/twin.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "plan/estimate.h"
#include "plan/figures.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* What unpacking and building take on disk, as multiples of an archive's size: measured for linux 6.12.107, whose 151 MB became
 * a tree of 1.6 GB and a build folder of 0.3 GB. */
enum { UNPACKED_TIMES = 11, BUILT_TIMES = 2 };

static bool unit_stands(const struct plan *p, const struct unit *u)
{
	return u->result ? access(u->result, F_OK) == 0 : results_stand(p->output, u->key);
}

/* The inputs of this unit in the profile's last finished build, "" if there are none. */
static void read_last(const struct plan *p, const struct unit *u, struct text *out)
{
	struct text path = TEXT_INIT;
	struct error ignored;

	text_fmt(&path, "%s/last/%s/%s.inputs", p->cache, p->profile, u->name);
	if (!text_read_file(out, path.s, 16 << 20, &ignored))
		text_clear(out);
	text_release(&path);
}

static const char *reason(struct maker *m, const struct step *s)
{
	const struct unit *u = s->unit;
	struct text old = TEXT_INIT;
	const char *a, *b, *result;

	read_last(m->plan, u, &old);
	a = old.s;
	b = u->inputs;
	if (!old.len) {
		result = "not in the cache";
	} else if (strcmp(a, b) == 0) {
		result = u->result ? "removed from the cache" : "the results folder lacks it";
	} else {
		while (*a && *a == *b) {
			a++;
			b++;
		}
		while (b > u->inputs && b[-1] != '\n')
			b--;
		result = arena_fmt(m->arena, "inputs changed: %.*s%s", (int)strcspn(b, "\n"),
			b + strspn(b, " "),
			!u->tree && plan_needs_alone_changed(m->plan->cache, s, old.s)
				? "; it is taken over if that comes out as it was"
				: "");
	}
	text_release(&old);
	return result;
}

static void seek_needed(struct maker *m, struct step *s);

/* Does an entry of the cache, made under another key from what had the same content, hold what this unit would? Of what it needs,
 * the same is looked at first. */
static const char *find_twin(struct maker *m, struct step *last)
{
	char key[HASH_HEX];

	if (last->twin_sought || !last->last || !twin_any(m->plan->cache))
		return last->twin;
	last->twin_sought = true;
	seek_needed(m, last);
	if (plan_content_key(m->plan->cache, last, key))
		last->twin = twin_find(m->plan->cache, key, m->arena);
	return last->twin;
}

static void seek_needed(struct maker *m, struct step *s)
{
	for (size_t i = 0; i < s->needs.n; i++) {
		struct step *n = s->needs.at[i];

		if (n->unit == s->unit)
			seek_needed(m, n);
		else if (!unit_stands(m->plan, n->unit))
			find_twin(m, n);
	}
}

/* From the results backwards: a step whose result exists needs nothing below it. */
static void look_at(struct maker *m, struct step *s, bool *seen)
{
	size_t index = 0;

	while (m->plan->steps.at[index] != s)
		index++;
	if (seen[index])
		return;
	seen[index] = true;
	s->cached = unit_stands(m->plan, s->unit);
	if (s->cached) {
		s->why = "in the cache";
		return;
	}
	if (find_twin(m, s)) {
		s->cached = true;
		s->why =
			"taken over from the cache: what it needs has the same content as when that was made";
		return;
	}
	s->why = reason(m, s);
	for (size_t i = 0; i < s->needs.n; i++)
		look_at(m, s->needs.at[i], seen);
}

/* Steps that nothing depends on are not needed at all. */
static void close_off(struct step *s, bool seen)
{
	if (seen)
		return;
	s->cached = true;
	s->why = "not needed: what it is for is in the cache";
}

/* Of what a step is made from. */
static uint64_t archive_of(const struct maker *m, const struct step *s)
{
	for (size_t i = 0; i < m->plan->sources.n; i++)
		if (m->plan->sources.at[i].role && s->unit->result == m->plan->sources.at[i].path)
			return m->plan->sources.at[i].size;
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		if (s == c->fetch || s == c->unpack || s->unit == c->unit)
			return c->source->size;
	}
	return 0;
}

static void count_cost(struct forecast *f, const struct cost *c)
{
	f->here += c->from == COST_HERE;
	f->measured += c->from == COST_MEASURED;
	f->by_size += c->from == COST_SIZE;
	f->unknown += c->from == COST_UNKNOWN;
}

static bool forecast_time(struct maker *m, struct error *err)
{
	struct plan *p = m->plan;
	struct forecast *f = &p->forecast;
	struct figures_for who;
	struct machine_speed speed;
	struct history history;

	who = (struct figures_for){
		m->place, &m->profile->catalog->traits, profile_lookup, m->profile};
	if (!figures_read(&p->figures, m->arena, &who, err))
		return false;
	history_load(&history, m->place);
	speed = estimate_speed(&history, &p->figures, p->jobs);
	for (size_t i = 0; i < p->steps.n; i++) {
		struct step *s = p->steps.at[i];

		s->cost = estimate_step(p, &history, &speed, s, archive_of(m, s));
		if (!s->cached)
			count_cost(f, &s->cost);
	}
	history_release(&history);
	f->scaled = speed.known;
	f->seconds = estimate_total(p, speed.cores, 0);
	f->least = estimate_total(p, speed.cores, -1);
	f->most = estimate_total(p, speed.cores, 1);
	return true;
}

static void forecast_room(struct maker *m)
{
	struct forecast *f = &m->plan->forecast;

	for (size_t i = 0; i < m->plan->steps.n; i++) {
		const struct step *s = m->plan->steps.at[i];

		if (s->cached)
			continue;
		f->download_bytes += s->download_bytes;
		f->disk_bytes += s->download_bytes;
	}
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		if (c->unpack && !c->unpack->cached)
			f->disk_bytes += c->source->size * UNPACKED_TIMES;
		if (c->last && !c->last->cached)
			f->disk_bytes += c->source->size * BUILT_TIMES;
	}
}

bool plan_look(struct maker *m, struct error *err)
{
	struct steps *all = &m->plan->steps;
	bool *seen = arena_alloc(m->arena, all->n * sizeof *seen);

	for (size_t i = 0; i < all->n; i++) {
		struct step *s = all->at[i];

		if (!s->needed_by.n &&
			(s->unit->result == NULL || m->options->fetch_only || m->plan->lacking))
			look_at(m, s, seen);
	}
	for (size_t i = 0; i < all->n; i++)
		close_off(all->at[i], seen[i]);
	forecast_room(m);
	return forecast_time(m, err);
}
