/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of sources over all origins. */
#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/version.h"
#include "choice/recipe.h"
#include "source/debian_proxy.h"
#include "source/origin.h"
#include "source/reach.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

void sources_say(const struct sources *s, const char *fmt, ...)
{
	char sentence[1200];
	va_list ap;

	if (!s->note)
		return;
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	s->note(s->note_ctx, sentence);
}

void sources_problem(struct sources *s, const char *fmt, ...)
{
	char sentence[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	vec_push_in(&s->arena, &s->problems, arena_str(&s->arena, sentence));
	sources_say(s, "%s", sentence);
}

void sources_blame(const struct sources *s, struct error *err)
{
	if (s->host.kind != ERROR_NONE)
		*err = s->host;
}

const char *sources_path(struct sources *s, const char *name)
{
	return arena_fmt(&s->arena, "%s/index/%s", s->catalog->place->cache, name);
}

bool sources_open(struct sources **out, const struct catalog *c, const struct settings *settings,
	unsigned flags, source_note *note, void *ctx, struct error *err)
{
	struct sources *s = xmalloc(sizeof *s);

	(void)err; /* nothing can go wrong before the first question */
	*s = (struct sources){.arena = ARENA_INIT,
		.catalog = c,
		.settings = settings,
		.flags = flags,
		.note = note,
		.note_ctx = ctx,
		.now = (int64_t)time(NULL)};
	reach_init(&s->reach, &s->arena, sources_path(s, "dead"), s->now);
	if (flags & SOURCES_REFRESH)
		reach_forget(&s->reach);
	stock_load(s);
	*out = s;
	return true;
}

void sources_free(struct sources *s)
{
	if (!s)
		return;
	reach_release(&s->reach);
	arena_release(&s->arena);
	free(s);
}

static const struct series *series_of(const struct offer *c, const char *version)
{
	for (size_t i = 0; i < c->series.n; i++)
		if (version_in_series(version, c->series.at[i].label))
			return &c->series.at[i];
	return NULL;
}

void offer_add(struct sources *s, struct offer *c, const struct archive *a)
{
	const struct stocked *k = stock_find(s, a->sha256);
	struct archive copy = *a;

	copy.cached = k != NULL;
	if (!copy.sha256)
		copy.cached = access(arena_fmt(&s->arena, "%s/source/accepted/%s",
					     s->catalog->place->cache, copy.file),
				      R_OK) == 0;
	if (k && !copy.size)
		copy.size = k->size;
	vec_push_in(&s->arena, &c->archives, copy);
}

/* Labels and support status, which only a catalogue has, apply to the archives of all origins. */
static void label(struct sources *s, struct offer *c)
{
	struct text t = TEXT_INIT;

	for (size_t i = 0; i < c->archives.n; i++) {
		struct archive *a = &c->archives.at[i];
		const struct series *in = series_of(c, a->version);

		if (!in)
			version_series(a->version, &t);
		a->series = in ? in->label : a->series ? a->series : arena_str(&s->arena, t.s);
		a->support = in ? in->support : "";
	}
	text_release(&t);
}

static size_t rank(const struct sources *s, enum origin origin)
{
	const struct origins *order = &s->settings->origins;

	if (origin == ORIGIN_CACHE)
		return 0; /* nothing is nearer, wherever it stands in the settings */
	for (size_t i = 0; i < order->n; i++)
		if (order->at[i] == origin)
			return i + 1;
	return order->n + 1;
}

struct ranked {
	struct archive archive;
	size_t rank, place;
};

/* Newest version first, then by order of origins, then as found. */
static int by_preference(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;
	int order = version_compare(b->archive.version, a->archive.version);

	if (order)
		return order;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* Origins missing from the settings are not asked. An archive that is both cached and listed counts as the index's. */
static bool is_wanted(const struct sources *s, const struct offer *c, const struct archive *a)
{
	if (a->origin != ORIGIN_CACHE)
		return rank(s, a->origin) <= s->settings->origins.n;
	for (size_t i = 0; i < c->archives.n; i++) {
		const struct archive *b = &c->archives.at[i];

		if (b->sha256 && b->origin != ORIGIN_CACHE && strcmp(b->sha256, a->sha256) == 0 &&
			rank(s, b->origin) <= s->settings->origins.n)
			return false;
	}
	return true;
}

static void sort(struct sources *s, struct offer *c)
{
	VEC(struct ranked) all = {0};

	for (size_t i = 0; i < c->archives.n; i++)
		if (is_wanted(s, c, &c->archives.at[i]))
			vec_push_in(&s->arena, &all,
				(struct ranked){
					c->archives.at[i], rank(s, c->archives.at[i].origin), i});
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, by_preference);
	c->archives.n = 0;
	for (size_t i = 0; i < all.n; i++)
		vec_push_in(&s->arena, &c->archives, all.at[i].archive);
}

static bool fill(struct sources *s, struct offer *c, struct error *err)
{
	c->archives.n = 0;
	c->series.n = 0;
	if (!catalogue_fill(s, c, err))
		return false;
	debian_fill(s, c);
	mirror_fill(s, c);
	stock_fill(s, c);
	label(s, c);
	sort(s, c);
	return true;
}

static struct offer *find(const struct sources *s, const char *name)
{
	for (size_t i = 0; i < s->offers.n; i++)
		if (strcmp(s->offers.at[i]->name, name) == 0)
			return s->offers.at[i];
	return NULL;
}

enum packaged_kind packaged_kind(const struct sources *s, const char *component)
{
	for (size_t i = 0; i < s->catalog->recipes.n; i++) {
		const struct recipe *r = s->catalog->recipes.at[i];

		if (r->archive == RECIPE_BINARY && strcmp(r->source, component) == 0)
			return PACKAGED_BINARIES;
	}
	return PACKAGED_SOURCES;
}

bool origin_is_asked(const struct sources *s, enum origin origin)
{
	return rank(s, origin) <= s->settings->origins.n;
}

static void read_packages(struct sources *s, enum packaged_kind kind, bool refresh)
{
	struct packaged *p = &s->packaged[kind];

	if (p->fresh || (p->read && !refresh))
		return;
	debian_load(s, kind, refresh);
	p->read = true;
	p->fresh = refresh;
}

struct offer *offer_get(struct sources *s, const char *name, bool refresh, struct error *err)
{
	struct offer *c = find(s, name);

	read_packages(s, packaged_kind(s, name), refresh);
	if (c && (c->whole || !refresh))
		return c;
	if (!c) {
		c = arena_alloc(&s->arena, sizeof *c);
		c->name = arena_str(&s->arena, name);
		vec_push_in(&s->arena, &s->offers, c);
	}
	c->whole = refresh;
	return fill(s, c, err) ? c : NULL;
}

/* Package archives may be reachable only the package manager's way; its settings are read once. */
static const char *proxy_of(struct sources *s, const struct archive *at)
{
	if (s->flags & SOURCES_OFFLINE || at->reach != REACH_UNKNOWN || at->origin != ORIGIN_DEBIAN)
		return NULL;
	if (!s->packager)
		s->packager = debian_settings(&s->arena);
	return debian_proxy(&s->arena, s->packager, at->url);
}

void archives_probe(struct sources *s, struct archive *at, size_t n)
{
	struct reach_query *q = arena_alloc(&s->arena, (n ? n : 1) * sizeof *q);

	for (size_t i = 0; i < n; i++) {
		q[i].url = at[i].url;
		q[i].proxy = proxy_of(s, &at[i]);
		q[i].size = at[i].size;
		q[i].answered = at[i].reach != REACH_UNKNOWN ||
				(s->flags & SOURCES_OFFLINE && strncmp(at[i].url, "file:", 5) != 0);
	}
	reach_ask(&s->reach, q, n);
	for (size_t i = 0; i < n; i++) {
		if (at[i].reach != REACH_UNKNOWN)
			continue;
		if (!q[i].yes && !q[i].trouble)
			continue; /* not asked */
		at[i].reach = q[i].yes ? REACH_YES : q[i].busy ? REACH_BUSY : REACH_NO;
		at[i].trouble = q[i].trouble;
		if (!at[i].size)
			at[i].size = q[i].announced;
	}
}

/* Probably a typo: list the names there are, and suggest one. */
static bool nothing_called(struct sources *s, const char *name, struct error *err)
{
	struct strings names = {0};
	struct text all = TEXT_INIT;
	const char *near;

	for (size_t i = 0; i < s->catalog->recipes.n; i++) {
		const struct recipe *r = s->catalog->recipes.at[i];

		if (strcmp(r->source, r->name) != 0)
			continue;
		vec_push_in(&s->arena, &names, r->name);
		text_fmt(&all, "%s%s", all.len ? ", " : "", r->name);
	}
	near = conf_nearest(name, names.at, names.n);
	error_set(err, ERROR_USAGE,
		"no origin offers anything called '%.80s'%s%s%s; there are versions of %s", name,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", all.s);
	text_release(&all);
	return false;
}

bool sources_versions(struct sources *s, const char *name, bool probe, struct archive_list *out,
	struct error *err)
{
	struct offer *c = offer_get(s, name, true, err);

	if (!c)
		return false;
	if (!c->archives.n) {
		nothing_called(s, name, err);
		sources_blame(s, err);
		return false;
	}
	if (probe)
		archives_probe(s, c->archives.at, c->archives.n);
	*out = (struct archive_list){0};
	for (size_t i = 0; i < c->archives.n; i++)
		vec_push_in(&s->arena, out, c->archives.at[i]);
	return true;
}
