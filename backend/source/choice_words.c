/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts into words why an archive was chosen, or why none could be. */
#include "source/choice.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "choice/settings.h"
#include "source/origin.h"

#include <string.h>

#include "base/banned.h"

const char *choice_origin(struct sources *s, const struct archive *a)
{
	if (a->cached && a->origin != ORIGIN_CACHE)
		return arena_fmt(&s->arena, "in the cache, from %s", origin_word(a->origin));
	if (a->origin == ORIGIN_CACHE)
		return "in the cache, listed by no index any more";
	return *a->where ? arena_fmt(&s->arena, "%s, %s", origin_word(a->origin), a->where)
			 : origin_word(a->origin);
}

/* Names an alternative: the newest of the same series, else the series. */
static void print_offers(const struct search *x, struct text *out)
{
	const struct offer *c = x->offer;
	struct text series = TEXT_INIT;
	const char *last = "";
	size_t n = 0;

	version_series(x->wish->wanted, &series);
	for (int pass = 0; pass < 2 && !n; pass++) {
		for (size_t i = 0; i < c->archives.n && n < 8; i++) {
			const struct archive *a = &c->archives.at[i];
			const char *name = pass ? a->series : a->version;

			if ((!pass && !version_in_series(a->version, series.s)) || !a->sha256 ||
				strcmp(name, last) == 0)
				continue;
			text_fmt(out, "%s%s", n++ ? ", " : "", name);
			last = name;
		}
	}
	text_release(&series);
}

/* Problems of the origins themselves. */
static void print_problems(const struct sources *s, struct text *out)
{
	for (size_t i = 0; i < s->problems.n; i++)
		text_fmt(out, "; %s", s->problems.at[i]);
}

void search_report(const struct search *x, struct error *err)
{
	const struct source_wish *w = x->wish;
	struct text t = TEXT_INIT;

	if (!x->trials.n && packaged_kind(x->sources, w->component) == PACKAGED_BINARIES &&
		!origin_is_asked(x->sources, ORIGIN_DEBIAN)) {
		error_set(err, ERROR_SOURCE,
			"%s comes from finished packages of the origin debian alone, which the settings leave out (origins); name it there, or leave %s out",
			w->component, w->component);
	} else if (!x->trials.n) {
		print_offers(x, &t);
		if (!t.len)
			text_str(&t, "none at all");
		print_problems(x->sources, &t);
		error_set(err, ERROR_SOURCE, "%s %s is offered nowhere; there are: %.800s",
			w->component, w->wanted, t.s);
	} else if (x->unknown_hash && x->trials.n == 1) {
		print_offers(x, &t);
		if (!t.len)
			text_str(&t, "the known versions");
		text_fmt(&t, ", or accept it on trust by its name (--accept %s-%s)", w->component,
			w->wanted);
		print_problems(x->sources, &t);
		error_set(err, ERROR_SOURCE,
			"no index knows %s %s, so nothing vouches for its archive; take one of %.900s",
			w->component, w->wanted, t.s);
	} else {
		trials_print(&x->trials, 6, &t);
		print_problems(x->sources, &t);
		error_set(err, ERROR_SOURCE, "no archive of %s %s can be had: %.650s. %s",
			w->component, w->wanted, t.s,
			x->sources->flags & SOURCES_OFFLINE
				? "Build once with the network, or choose a version that is in the cache"
				: "Check the network, add a mirror to the settings, or choose another version");
	}
	text_release(&t);
}

const char *search_explain(const struct search *x, const struct archive *a)
{
	struct text t = TEXT_INIT;
	const char *why;

	if (strcmp(a->version, x->wish->wanted) == 0)
		text_fmt(&t, "%s (%s)", a->version, choice_origin(x->sources, a));
	else if (*x->wish->wanted)
		text_fmt(&t, "%s: newest that can be had is %s (%s)", x->wish->wanted, a->version,
			choice_origin(x->sources, a));
	else
		text_fmt(&t, "%s, the newest that can be had (%s)", a->version,
			choice_origin(x->sources, a));
	if (x->trials.n) {
		text_str(&t, "; passed over: ");
		trials_print(&x->trials, 3, &t);
	}
	why = arena_str(&x->sources->arena, t.s);
	text_release(&t);
	return why;
}
