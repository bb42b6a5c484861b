/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Estimates from the history of this machine and from figures of another. */
#include "plan/estimate.h"

#include "base/arena.h"
#include "base/vec.h"
#include "cache/history.h"
#include "plan/figures.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* How far off an estimate may be. Measured: the same step twice on one machine, one beside others, differed by a tenth to a
 * fifth; machines of the same kind by 1.6. */
#define ROUGH_HERE	1.2
#define ROUGH_SHIPPED	1.25 /* with what is known about the speed of this machine */
#define ROUGH_UNKNOWN	1.6  /* nothing is known about it */
#define ROUGH_OTHER	2.0  /* of a step that depends on choices, with others than were measured */
#define ROUGH_SIZE	3.0
#define ROUGH_LINE	4.0 /* a network connection of unknown speed ... */
#define LINE_BYTES	(4.0 * 1024 * 1024)
#define ROUGH_LINE_HERE 2.0
/* Shorter ones say little about a machine. */
#define TELLING_SECONDS 0.5

struct numbers {
	VEC(double) all;
	struct arena arena;
};

static int by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return a < b ? -1 : a > b;
}

/* The value below which `part` of all lie. There is at least one. */
static double quantile(const struct numbers *n, double part)
{
	return n->all.at[(size_t)(part * (double)(n->all.n - 1) + 0.5)];
}

static void sort(struct numbers *n)
{
	if (n->all.n)
		qsort(n->all.at, n->all.n, sizeof *n->all.at, by_size);
}

static bool is_newest(const struct history *h, size_t i)
{
	return history_find(h, h->entries.at[i].step, NULL) == &h->entries.at[i];
}

/* One whose configuration is as large, or that has none; NULL if its cost depends on choices that the history does not tell. */
static const struct figure *like(const struct figures *f, const struct history_entry *e)
{
	const struct figure *found = NULL;

	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->at[i].step, e->step) != 0)
			continue;
		if (found && !e->symbols)
			return NULL;
		if (!e->symbols || f->at[i].symbols == e->symbols)
			found = &f->at[i];
	}
	return found;
}

static void find_ratio(struct machine_speed *m, const struct history *h, const struct figures *f)
{
	struct numbers ratios = {.arena = ARENA_INIT};

	for (size_t i = 0; i < h->entries.n; i++) {
		const struct history_entry *e = &h->entries.at[i];
		const struct figure *measured = e->cpu > TELLING_SECONDS ? like(f, e) : NULL;

		if (measured && measured->cpu > TELLING_SECONDS && is_newest(h, i))
			vec_push_in(&ratios.arena, &ratios.all, e->cpu / measured->cpu);
	}
	sort(&ratios);
	m->ratio = 1;
	m->rough = ROUGH_UNKNOWN;
	m->known = ratios.all.n > 0;
	if (m->known) {
		double spread = quantile(&ratios, 0.75) / quantile(&ratios, 0.25);

		m->ratio = quantile(&ratios, 0.5);
		m->rough = ROUGH_SHIPPED * (ratios.all.n < 3 ? ROUGH_SHIPPED : 1);
		if (spread > m->rough)
			m->rough = spread < ROUGH_SIZE ? spread : ROUGH_SIZE;
	}
	arena_release(&ratios.arena);
}

static bool is_of_kind(const char *step, const char *kind)
{
	const char *dot = strrchr(step, '.');

	return dot && strcmp(dot + 1, kind) == 0;
}

static void find_line(struct machine_speed *m, const struct history *h)
{
	struct numbers speeds = {.arena = ARENA_INIT};

	for (size_t i = 0; i < h->entries.n; i++) {
		const struct history_entry *e = &h->entries.at[i];

		if (is_of_kind(e->step, "fetch") && e->bytes && e->seconds > 0)
			vec_push_in(&speeds.arena, &speeds.all, (double)e->bytes / e->seconds);
	}
	sort(&speeds);
	m->bytes_per_second = speeds.all.n ? quantile(&speeds, 0.5) : LINE_BYTES;
	m->rough_net = speeds.all.n ? ROUGH_LINE_HERE : ROUGH_LINE;
	arena_release(&speeds.arena);
}

struct machine_speed estimate_speed(const struct history *h, const struct figures *f, long jobs)
{
	struct machine_speed m = {0};
	long here = sysconf(_SC_NPROCESSORS_ONLN);

	m.cores = jobs > 0 && (here < 1 || jobs < here) ? (double)jobs
		  : here < 1				? 1
							: (double)here;
	find_ratio(&m, h, f);
	find_line(&m, h);
	return m;
}

/* Median of what others of the same kind cost, for each byte of their archives if it has one; below 0: there are none. */
static double by_kind(const struct figures *f, const char *step, uint64_t archive)
{
	const char *dot = strrchr(step, '.');
	struct numbers costs = {.arena = ARENA_INIT};
	double cost = -1;

	for (size_t i = 0; dot && i < f->n; i++) {
		const struct figure *x = &f->at[i];

		if (is_of_kind(x->step, dot + 1) && !x->bytes == !archive)
			vec_push_in(&costs.arena, &costs.all,
				archive ? x->cpu / (double)x->bytes : x->cpu);
	}
	sort(&costs);
	if (costs.all.n)
		cost = quantile(&costs, 0.5) * (archive ? (double)archive : 1);
	arena_release(&costs.arena);
	return cost;
}

/* 2 and more: its cost depends on choices. */
static size_t ways_of(const struct plan *p, const char *step)
{
	size_t ways = 0;

	for (size_t i = 0; i < p->figures.n; i++)
		ways += strcmp(p->figures.at[i].step, step) == 0;
	return ways;
}

static void from_here(struct cost *c, const struct history_entry *e, double width)
{
	c->from = COST_HERE;
	c->rough = ROUGH_HERE;
	c->cpu = e->cpu > 0 ? e->cpu : e->seconds * width;
	c->seconds = c->cpu / width;
}

static void from_elsewhere(struct cost *c, const struct plan *p, const struct machine_speed *m,
	const struct step *s, uint64_t archive, double width)
{
	const struct figure *f = figures_find(&p->figures, s->id);
	double cost = f ? f->cpu : by_kind(&p->figures, s->id, archive);

	if (cost < 0)
		return;
	c->from = f ? COST_MEASURED : COST_SIZE;
	c->rough = m->rough * (!f					  ? ROUGH_SIZE
				      : f->whole && ways_of(p, s->id) > 1 ? ROUGH_OTHER
									  : 1);
	c->cpu = cost * m->ratio;
	c->seconds = c->cpu / width;
}

/* Is what it cost here what it will cost? With other choices some steps are another matter. */
static bool is_telling(
	const struct history_entry *e, const struct plan *p, const struct figure *expected)
{
	if (!e || !expected)
		return e != NULL;
	if (e->symbols && expected->symbols &&
		(e->symbols * 5 < expected->symbols * 4 || e->symbols * 4 > expected->symbols * 5))
		return false;
	return ways_of(p, e->step) == 1 || strcmp(e->profile, p->profile) == 0;
}

struct cost estimate_step(const struct plan *p, const struct history *h,
	const struct machine_speed *m, const struct step *s, uint64_t archive)
{
	const struct history_entry *e = history_find(h, s->id, p->profile);
	double width = s->count.n ? m->cores : 1; /* make compiles many at once */
	struct cost c = {.rough = 1, .archive = archive};

	if (s->download_bytes) {
		c.from = m->rough_net < ROUGH_LINE ? COST_HERE : COST_SIZE;
		c.seconds = (double)s->download_bytes / m->bytes_per_second;
		c.rough = m->rough_net;
	} else if (is_telling(e, p, figures_find(&p->figures, s->id))) {
		from_here(&c, e, width);
	} else {
		from_elsewhere(&c, p, m, s, archive, width);
	}
	if (s->count.n)
		c.objects = estimate_objects(p, h, s, 0);
	return c;
}

/* A configuration of this size had so many objects. */
struct counted {
	uint64_t symbols, objects;
};

static void look_at(struct counted *below, struct counted *above, uint64_t symbols,
	uint64_t here_symbols, uint64_t here_objects)
{
	if (!here_symbols || !here_objects)
		return;
	if (here_symbols <= symbols && here_symbols >= below->symbols)
		*below = (struct counted){here_symbols, here_objects};
	if (here_symbols >= symbols && (!above->symbols || here_symbols <= above->symbols))
		*above = (struct counted){here_symbols, here_objects};
}

static uint64_t between(const struct counted *below, const struct counted *above, uint64_t symbols)
{
	const struct counted *one = below->symbols ? below : above;
	double part;

	if (!one->symbols)
		return 0;
	if (!below->symbols || !above->symbols)
		return (uint64_t)((double)one->objects * (double)symbols / (double)one->symbols);
	if (below->symbols == above->symbols)
		return above->objects;
	part = (double)(symbols - below->symbols) / (double)(above->symbols - below->symbols);
	return (uint64_t)((1 - part) * (double)below->objects + part * (double)above->objects);
}

uint64_t estimate_objects(
	const struct plan *p, const struct history *h, const struct step *s, uint64_t symbols)
{
	const struct history_entry *e = history_find(h, s->id, p->profile);
	const struct figure *f = figures_find(&p->figures, s->id);
	struct counted below = {0}, above = {0};
	uint64_t found;

	for (size_t i = 0; symbols && i < p->figures.n; i++)
		if (strcmp(p->figures.at[i].step, s->id) == 0)
			look_at(&below, &above, symbols, p->figures.at[i].symbols,
				p->figures.at[i].objects);
	/* what was counted here comes later and counts more, the newest most */
	for (size_t i = 0; symbols && i < h->entries.n; i++)
		if (strcmp(h->entries.at[i].step, s->id) == 0)
			look_at(&below, &above, symbols, h->entries.at[i].symbols,
				h->entries.at[i].objects);
	found = between(&below, &above, symbols);
	if (found)
		return found;
	if (e && e->objects && (strcmp(e->profile, p->profile) == 0 || !f || !f->objects))
		return e->objects;
	return f ? f->objects : 0;
}

static size_t place_of(const struct plan *p, const struct step *s)
{
	size_t i = 0;

	while (p->steps.at[i] != s)
		i++;
	return i;
}

double estimate_total(const struct plan *p, double cores, int doubt)
{
	struct arena a = ARENA_INIT;
	double *ends = arena_alloc(&a, (p->steps.n + 1) * sizeof *ends);
	double longest = 0, work = 0;

	for (size_t i = 0; i < p->steps.n; i++) {
		const struct step *s = p->steps.at[i];
		double factor = doubt < 0 ? 1 / s->cost.rough : doubt > 0 ? s->cost.rough : 1;

		for (size_t k = 0; k < s->needs.n; k++) {
			double before = ends[place_of(p, s->needs.at[k])];

			ends[i] = before > ends[i] ? before : ends[i];
		}
		if (s->cached)
			continue;
		ends[i] += s->cost.seconds * factor;
		work += s->cost.cpu * factor;
		longest = ends[i] > longest ? ends[i] : longest;
	}
	arena_release(&a);
	return longest > work / cores ? longest : work / cores;
}
