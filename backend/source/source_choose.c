/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chooses one archive for a wish: what the lock file says, else what was chosen in the last hours, else the newest available
 * version of the series, from the first origin in the settings' order that has it.
 */
#include "source/choice.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/version.h"
#include "source/origin.h"
#include "source/pins.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static bool has(const struct strings *list, const char *word)
{
	for (size_t i = 0; list && word && i < list->n; i++)
		if (strcmp(list->at[i], word) == 0)
			return true;
	return false;
}

static bool is_accepted(struct sources *s, const struct source_wish *w, const char *version)
{
	return has(w->accept, arena_fmt(&s->arena, "%s-%s", w->component, version));
}

/* Only the cache has these bytes, while an index has others for the same version: they were replaced upstream, and nothing
 * vouches for the old ones any more. */
static bool is_replaced(const struct offer *c, const struct archive *a)
{
	for (size_t i = 0; a->origin == ORIGIN_CACHE && i < c->archives.n; i++) {
		const struct archive *b = &c->archives.at[i];

		if (b->origin != ORIGIN_CACHE && b->sha256 && strcmp(b->version, a->version) == 0)
			return true;
	}
	return false;
}

static bool is_vouched_for(struct sources *s, const struct offer *c, const struct source_wish *w,
	const struct archive *a)
{
	return (a->sha256 && !is_replaced(c, a)) || is_accepted(s, w, a->version);
}

static bool same_bytes(const struct archive *a, const struct archive *b)
{
	return a->sha256 && b->sha256 && strcmp(a->sha256, b->sha256) == 0;
}

static void add_from(struct sources *s, struct source_choice *out, const struct archive *a)
{
	struct archive_list *from = &out->from;
	struct archive *longer = arena_alloc(&s->arena, (from->n + 1) * sizeof *longer);

	for (size_t i = 0; i < from->n; i++) {
		if (strcmp(from->at[i].url, a->url) == 0)
			return;
		longer[i] = from->at[i];
	}
	longer[from->n] = *a;
	from->at = longer;
	from->cap = ++from->n;
}

/* The chosen archive first, then all others with the same bytes; unreachable ones last. */
static void collect_from(struct sources *s, const struct offer *c, const struct archive *chosen,
	struct source_choice *out)
{
	add_from(s, out, chosen);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < c->archives.n; i++)
			if (same_bytes(&c->archives.at[i], chosen) &&
				(c->archives.at[i].reach == REACH_NO) == (pass == 1))
				add_from(s, out, &c->archives.at[i]);
}

void choice_conclude(struct sources *s, const struct offer *c, const struct archive *a,
	const char *why, struct source_choice *out)
{
	const struct stocked *k = stock_find(s, a->sha256);

	*out = (struct source_choice){.component = c->name,
		.version = a->version,
		.series = a->series,
		.sha256 = a->sha256,
		.size = a->size,
		.file = k ? k->file : a->file,
		.why = why};
	out->path = arena_fmt(&s->arena, "%s/source/%s/%s", s->catalog->place->cache,
		a->sha256 ? a->sha256 : "accepted", out->file);
	out->cached = a->sha256 ? k != NULL : access(out->path, R_OK) == 0;
	collect_from(s, c, a, out);
}

bool choice_locked(struct sources *s, struct offer *c, const struct source_wish *w,
	const struct pin *l, struct source_choice *out, struct error *err)
{
	struct archive a = {.component = c->name,
		.version = l->version,
		.origin = ORIGIN_LOCK,
		.where = "",
		.support = "",
		.sha256 = l->sha256,
		.size = (uint64_t)l->size};
	struct text series = TEXT_INIT;
	struct source_choice mine;

	if (!version_in_series(l->version, w->wanted))
		return error_set(err, ERROR_PROFILE,
			"%s holds %s %s, but the profile asks for %s; `bootsmith lock %s --update` writes it again",
			w->lock, c->name, l->version, w->wanted, w->profile);
	if (has(w->avoid, l->sha256))
		return error_set(err, ERROR_SOURCE,
			"%s %s with the hash in %s could not be had from anywhere; `bootsmith lock %s --update` takes what there is now",
			c->name, l->version, w->lock, w->profile);
	version_series(l->version, &series);
	a.series = arena_str(&s->arena, series.s);
	text_release(&series);
	for (size_t i = 0; i < l->urls.n; i++) {
		a.url = l->urls.at[i];
		a.file = strrchr(a.url, '/') ? strrchr(a.url, '/') + 1 : a.url;
		offer_add(s, c, &a);
		for (size_t m = 0; m < s->settings->mirrors.n; m++) {
			struct archive there = a;

			there.origin = ORIGIN_MIRROR;
			there.where = s->settings->mirrors.at[m].base;
			there.url = mirror_url(&s->arena, &s->settings->mirrors.at[m], a.url);
			if (there.url)
				offer_add(s, c, &there);
		}
	}
	for (size_t i = 0; i < c->archives.n; i++) {
		if (!c->archives.at[i].sha256 || strcmp(c->archives.at[i].sha256, l->sha256) != 0)
			continue;
		choice_conclude(s, c, &c->archives.at[i],
			arena_fmt(&s->arena, "%s: %s as locked in %s", w->wanted, l->version,
				w->lock),
			&mine);
		*out = mine;
		return true;
	}
	return error_set(err, ERROR_SOURCE,
		"%s names no url for %s %s, and no origin has that archive; `bootsmith lock %s --update` takes what there is now",
		w->lock, c->name, l->version, w->profile);
}

/* The package index may offer what is not here yet, even if this machine cannot reach the lock's own URLs. */
static bool choose_pinned(struct sources *s, const struct source_wish *w, const struct pins *pins,
	struct source_choice *out, struct error *err)
{
	const struct pin *pin = pins_find(pins, w->component);
	struct offer *c;

	if (!pin)
		return error_set(err, ERROR_PROFILE,
			"%s has no %s, which the profile's choices need; `bootsmith lock %s --update` writes it again",
			w->lock, w->component, w->profile);
	c = offer_get(s, w->component, !stock_find(s, pin->sha256), err);
	return c && choice_locked(s, c, w, pin, out, err);
}

static bool is_fresh(const struct sources *s, const struct remembered *r)
{
	if (s->flags & SOURCES_REFRESH)
		return false;
	return s->now >= r->when && s->now - r->when < s->settings->refresh_hours * 3600;
}

/* What was chosen before, if it is still offered and did not fail in this run. */
static const struct archive *find_remembered(
	struct sources *s, const struct offer *c, const struct source_wish *w, struct remembered *r)
{
	if (!memory_find(s, w->component, w->wanted, r) || has(w->avoid, r->sha256))
		return NULL;
	for (size_t i = 0; i < c->archives.n; i++) {
		const struct archive *a = &c->archives.at[i];

		if (strcmp(a->version, r->version) != 0 ||
			strcmp(a->sha256 ? a->sha256 : "-", r->sha256) != 0)
			continue;
		if (!a->cached && strcmp(a->url, r->url) != 0)
			continue;
		if (is_vouched_for(s, c, w, a))
			return a;
	}
	return NULL;
}

/* An exact version in the cache needs no index and no network. */
static const struct archive *find_exact_cached(
	struct sources *s, const struct offer *c, const struct source_wish *w)
{
	for (size_t i = 0; i < c->archives.n; i++) {
		const struct archive *a = &c->archives.at[i];

		if (strcmp(a->version, w->wanted) == 0 && a->cached && a->sha256 &&
			!has(w->avoid, a->sha256) && is_vouched_for(s, c, w, a))
			return a;
	}
	return NULL;
}

/* The wish names an exact version and no other version belongs to it, so it is not a series. */
static bool is_exact(const struct offer *c, const struct source_wish *w)
{
	bool found = false;

	for (size_t i = 0; i < c->archives.n; i++) {
		if (!version_in_series(c->archives.at[i].version, w->wanted))
			continue;
		if (strcmp(c->archives.at[i].version, w->wanted) != 0)
			return false;
		found = true;
	}
	return found;
}

static bool may_be_used(struct search *x, const struct archive *a)
{
	if (has(x->wish->avoid, a->sha256)) {
		search_passed_over(x, a, "no server had the right bytes in this run");
		return false;
	}
	if (is_vouched_for(x->sources, x->offer, x->wish, a))
		return true;
	if (a->sha256) {
		search_passed_over(x, a,
			arena_fmt(&x->sources->arena,
				"its bytes are not those that an index lists by now; a lock or --accept %s-%s takes them",
				a->component, a->version));
		return false;
	}
	x->unknown_hash = true;
	search_passed_over(x, a, "its hash is not known");
	return false;
}

static bool can_be_had(struct search *x, struct archive *a)
{
	archives_probe(x->sources, a, 1);
	if (a->reach == REACH_YES)
		return true;
	if (a->reach == REACH_UNKNOWN)
		search_passed_over(x, a, "it is not in the cache, and this run uses no network");
	else
		search_passed_over(x, a, a->trouble);
	return false;
}

/* Of one version the cached archive is best, whatever its origin; a busy server is waited for only if no other has it. */
static struct archive *pick_version(struct search *x, struct archive *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (at[i].cached && !has(x->wish->avoid, at[i].sha256) &&
			is_vouched_for(x->sources, x->offer, x->wish, &at[i]))
			return &at[i];
	for (size_t i = 0; i < n; i++)
		if (may_be_used(x, &at[i]) && can_be_had(x, &at[i]))
			return &at[i];
	for (size_t i = 0; i < n; i++)
		if (at[i].reach == REACH_BUSY)
			return &at[i];
	return NULL;
}

static struct archive *pick(struct search *x)
{
	struct archive *at = x->offer->archives.at;
	size_t n = x->offer->archives.n;

	for (size_t i = 0, end; i < n; i = end) {
		struct archive *found;

		for (end = i + 1; end < n && strcmp(at[end].version, at[i].version) == 0;)
			end++;
		if (!version_in_series(at[i].version, x->wish->wanted))
			continue;
		found = pick_version(x, at + i, end - i);
		if (found)
			return found;
	}
	return NULL;
}

/* A version that no index lists: where upstream and the mirrors would have it. Upstream's own list of digests may vouch for it;
 * else it is used only if a person accepts it by name. */
static void guess(struct search *x)
{
	struct sources *s = x->sources;
	const char *version = x->wish->wanted;
	const char *url = catalogue_url(&s->arena, x->offer, version);
	struct archive a = {.component = x->offer->name,
		.version = version,
		.series = version,
		.support = "",
		.origin = ORIGIN_UPSTREAM,
		.where = "",
		.url = url};

	for (size_t i = 0; i < x->offer->archives.n; i++)
		if (version_in_series(x->offer->archives.at[i].version, version))
			return;
	if (!url)
		return;
	a.file = strrchr(url, '/') + 1;
	if (origin_is_asked(s, ORIGIN_UPSTREAM))
		a.sha256 = sums_digest(s, x->offer, version, a.file);
	for (size_t m = 0; m < s->settings->mirrors.n; m++) {
		struct archive there = a;

		there.origin = ORIGIN_MIRROR;
		there.where = s->settings->mirrors.at[m].base;
		there.url = mirror_url(&s->arena, &s->settings->mirrors.at[m], url);
		if (there.url)
			offer_add(s, x->offer, &there);
	}
	offer_add(s, x->offer, &a);
}

static bool choose_new(struct sources *s, struct offer *c, const struct source_wish *w,
	struct source_choice *out, struct error *err)
{
	struct search x = {.sources = s, .offer = c, .wish = w};
	const struct archive *a;

	guess(&x);
	a = pick(&x);
	if (!a) {
		search_report(&x, err);
		return false;
	}
	choice_conclude(s, c, a, search_explain(&x, a), out);
	if (!(s->flags & SOURCES_OFFLINE))
		memory_keep(s, &(struct remembered){.component = c->name,
				       .wanted = w->wanted,
				       .version = a->version,
				       .sha256 = a->sha256 ? a->sha256 : "-",
				       .url = a->url});
	return true;
}

static const char *remembered_words(struct sources *s, const struct source_wish *w,
	const struct archive *a, const struct remembered *r)
{
	long long minutes = (s->now - r->when) / 60;

	if (strcmp(a->version, w->wanted) == 0)
		return arena_fmt(&s->arena, "%s (%s)", a->version, choice_origin(s, a));
	return arena_fmt(&s->arena,
		"%s%s%s (%s), chosen %lld %s ago as the newest that could be had", w->wanted,
		*w->wanted ? ": " : "", a->version, choice_origin(s, a),
		minutes < 120 ? minutes : minutes / 60, minutes < 120 ? "min" : "h");
}

bool sources_choose(struct sources *s, const struct source_wish *w, struct source_choice *out,
	struct error *err)
{
	struct offer *c = offer_get(s, w->component, false, err);
	const struct archive *a;
	struct remembered r;
	struct pins pins;

	if (!c || !pins_read(&pins, w->lock, &s->arena, err))
		return false;
	if (pins.n)
		return choose_pinned(s, w, &pins, out, err);
	a = find_remembered(s, c, w, &r);
	if (a && (is_fresh(s, &r) || (s->flags & SOURCES_OFFLINE && a->cached))) {
		if (a->cached || !(s->flags & SOURCES_OFFLINE)) {
			choice_conclude(s, c, a, remembered_words(s, w, a, &r), out);
			return true;
		}
	}
	if (is_exact(c, w)) {
		a = find_exact_cached(s, c, w);
		if (a) {
			choice_conclude(s, c, a,
				arena_fmt(&s->arena, "%s (%s)", a->version, choice_origin(s, a)),
				out);
			return true;
		}
		/* The package index is read only if nobody else has that version. */
		if (choose_new(s, c, w, out, err))
			return true;
	}
	c = offer_get(s, w->component, true, err);
	if (!c)
		return false;
	if (choose_new(s, c, w, out, err))
		return true;
	sources_blame(s, err);
	return false;
}
