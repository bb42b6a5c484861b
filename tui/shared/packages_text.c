/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the lists of packages say in words (packages.h). */
#include "shared/packages.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "plan/package_facts.h"
#include "shared/words.h"

#include <inttypes.h>
#include <string.h>

enum { FEW = 4 }; /* names that a sentence can hold */

static bool has(const struct strings *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (!strcmp(words->at[i], word))
			return true;
	return false;
}

static void print_names(const struct strings *names, struct text *out)
{
	for (size_t i = 0; i < names->n; i++)
		text_fmt(out, "%s%s", i ? ", " : "", names->at[i]);
}

/* Seconds are for waiting, and a package takes some. */
static void print_time(double seconds, struct text *out)
{
	if (seconds < 90)
		words_seconds(out, seconds < 1 ? 1 : (double)(long)(seconds + 0.5));
	else
		text_fmt(out, "%.0f min", seconds / 60);
}

void packages_print_cost(const struct packages *l, const struct strings *names, struct text *out)
{
	struct package_sum sum = package_facts_sum(&l->facts, names);

	if (!sum.sized && !sum.timed) {
		text_str(out, "not measured");
		return;
	}
	if ((sum.sized && sum.sized < sum.n) || (sum.timed && sum.timed < sum.n))
		text_str(out, "at least ");
	if (sum.sized)
		words_bytes(out, sum.bytes);
	text_str(out, sum.sized && sum.timed ? ", " : "");
	if (sum.timed)
		print_time(sum.seconds, out);
	if (!sum.sized || !sum.timed)
		text_fmt(out, ", %s not measured", sum.sized ? "time" : "size");
}

void packages_print_cells(const struct packages *l, const struct package *k, struct text *out)
{
	struct strings one = {.at = (const char *[]){k->name}, .n = 1};
	struct package_sum sum = package_facts_sum(&l->facts, &one);
	struct text bytes = TEXT_INIT, seconds = TEXT_INIT;

	if (sum.sized)
		words_bytes(&bytes, sum.bytes);
	if (sum.timed)
		words_short(&seconds, sum.seconds < 1 ? 1 : sum.seconds);
	text_fmt(out, "%9s %5s", sum.sized ? bytes.s : "?", sum.timed ? seconds.s : "?");
	text_release(&bytes);
	text_release(&seconds);
}

void packages_print_sum(const struct packages *l, struct text *out)
{
	if (!l->all.n) {
		text_str(out, "nothing chosen");
		return;
	}
	text_fmt(out, "%zu chosen", l->chosen.n);
	if (l->all.n > l->chosen.n)
		text_fmt(out, " + %zu", l->all.n - l->chosen.n);
	text_str(out, ": ");
	packages_print_cost(l, &l->all, out);
}

/* With the choices of now. */
static const struct package_tried *tried_now(const struct packages *l, const char *name)
{
	return package_facts_tried(&l->facts, name, profile_get(l->profile, "libc"),
		profile_get(l->profile, "linkage"));
}

bool packages_tried(const struct packages *l, const struct package *k)
{
	return tried_now(l, k->name) != NULL;
}

void packages_print_tried(const struct packages *l, const struct package *k, struct text *out)
{
	const struct package_tried *t = tried_now(l, k->name);

	if (t)
		text_fmt(out, "tried %s", t->version);
	else if ((t = package_facts_tried(&l->facts, k->name, NULL, NULL)))
		text_fmt(out, "tried with %s, %s", t->libc, t->linkage);
	else
		text_str(out, "not tried");
}

void packages_print_untried(const struct packages *l, const struct strings *names, struct text *out)
{
	struct arena arena = ARENA_INIT;
	struct strings not = {0};

	for (size_t i = 0; i < names->n; i++)
		if (!tried_now(l, names->at[i]))
			vec_push_in(&arena, &not, names->at[i]);
	if (!not .n)
		text_str(out, "; all tried with these choices");
	else if (not .n == names->n)
		text_str(out, "; not tried with these choices");
	else if (not .n > FEW)
		text_fmt(out, "; %zu of %zu not tried with these choices", not .n, names->n);
	else
		text_str(out, "; not tried with these choices: ");
	if (not .n < names->n && not .n <= FEW)
		print_names(&not, out);
	arena_release(&arena);
}

/* ---- details ---- */

static void line(struct text *out, const char *label, const char *words)
{
	if (*words)
		text_fmt(out, "%s: %s\n", label, words);
}

static void print_names_line(struct text *out, const char *label, const struct strings *names)
{
	struct text words = TEXT_INIT;

	print_names(names, &words);
	line(out, label, words.s);
	text_release(&words);
}

static void print_costs(struct packages *l, const struct package *k, struct text *out)
{
	struct arena arena = ARENA_INIT;
	struct strings one = {.at = (const char *[]){k->name}, .n = 1}, all = {0}, others = {0},
		       new = {0};
	struct package_sum sum = package_facts_sum(&l->facts, &one);

	package_closure(l->profile, &one, &arena, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (strcmp(all.at[i], k->name))
			vec_push_in(&arena, &others, all.at[i]);
		if (!has(&l->all, all.at[i]))
			vec_push_in(&arena, &new, all.at[i]);
	}
	text_str(out, "Installed, and to build: ");
	packages_print_cost(l, &one, out);
	if (sum.sized)
		text_fmt(out, ", %" PRIu64 " files", sum.files);
	text_char(out, '\n');
	print_names_line(out, "With it come", &others);
	if (new.n > 1 && others.n) {
		text_fmt(out, "Choosing it adds %zu packages: ", new.n);
		packages_print_cost(l, &new, out);
		packages_print_untried(l, &new, out);
		text_char(out, '\n');
	}
	arena_release(&arena);
}

static void print_options(const struct packages *l, const struct package *k, struct text *out)
{
	for (size_t i = 0; i < k->options.n; i++) {
		const struct option *o = k->options.at[i];

		text_fmt(out, "%s = %s: %s (", o->name, profile_get(l->profile, o->name), o->help);
		for (size_t v = 0; v < o->values.n; v++)
			text_fmt(out, "%s%s", v ? ", " : "", o->values.at[v].name);
		text_str(out, ")\n");
	}
}

static void print_all_tried(const struct packages *l, const struct package *k, struct text *out)
{
	if (package_facts_tried(&l->facts, k->name, NULL, NULL) && !packages_tried(l, k))
		text_fmt(out, "not with these choices (%s, %s)", profile_get(l->profile, "libc"),
			profile_get(l->profile, "linkage"));
	for (size_t i = 0; i < l->facts.tried.n; i++) {
		const struct package_tried *t = &l->facts.tried.at[i];

		if (!strcmp(t->package, k->name))
			text_fmt(out, "%s%s with %s, %s, on %s", out->len ? "; " : "", t->version,
				t->libc, t->linkage, t->date);
	}
}

static void print_package(struct packages *l, const struct package *k, struct text *out)
{
	struct text state = TEXT_INIT, tried = TEXT_INIT;
	const char *version = package_facts_version(&l->facts, l->profile, l->settings, k);
	enum package_state s = packages_state(l, k, &state);

	text_fmt(out, "%s\n", k->summary);
	if (s == PACKAGE_CANNOT)
		line(out, "Not with these choices", state.s);
	else if (s == PACKAGE_ALONG)
		text_fmt(out, "It %s.\n", state.s);
	print_costs(l, k, out);
	line(out, "Newest version", version ? version : "not known here");
	print_all_tried(l, k, &tried);
	line(out, "Tried", tried.len ? tried.s : "not yet");
	print_options(l, k, out);
	line(out, "Good as", k->provides);
	line(out, "Licence", k->licence);
	line(out, "Home page", k->url);
	text_release(&state);
	text_release(&tried);
}

static void print_group(struct packages *l, const struct package_group *g, struct text *out)
{
	struct strings all = {0}, others = {0};

	text_fmt(out, "%s\n", g->summary);
	print_names_line(out, "Packages", &g->packages);
	package_closure(l->profile, &g->packages, &l->arena, &all);
	for (size_t i = 0; i < all.n; i++)
		if (!has(&g->packages, all.at[i]))
			vec_push_in(&l->arena, &others, all.at[i]);
	print_names_line(out, "With them come", &others);
	text_str(out, "Installed, and to build: ");
	packages_print_cost(l, &all, out);
	packages_print_untried(l, &all, out);
	text_char(out, '\n');
}

void packages_print_detail(struct packages *l, const struct package_row *r, struct text *out)
{
	switch (r->kind) {
	case PACKAGE_SECTION:
		text_fmt(out, "%zu packages, %zu of them chosen.\n", r->n, r->chosen);
		for (size_t i = 0, n = 0; i < l->profile->catalog->packages.n; i++)
			if (!strcmp(l->profile->catalog->packages.at[i]->section, r->section))
				text_fmt(out, "%s%s", n++ ? ", " : "",
					l->profile->catalog->packages.at[i]->name);
		if (l->all.n) {
			text_char(out, '\n');
			text_str(out, "In all, ");
			packages_print_sum(l, out);
			packages_print_untried(l, &l->all, out);
		}
		break;
	case PACKAGE_GROUP:
		print_group(l, r->group, out);
		break;
	case PACKAGE_ONE:
		print_package(l, r->package, out);
		break;
	case PACKAGE_OPTION:
		text_fmt(out, "%s\nValues:", r->option->help);
		for (size_t i = 0; i < r->option->values.n; i++)
			text_fmt(out, " %s", r->option->values.at[i].name);
		text_fmt(out, ". Default: %s.\n", r->option->fallback);
		break;
	}
}

static void print_missing(const struct strings *from, const struct strings *in, const char *lead,
	const char *tail, struct text *out)
{
	bool first = true;

	for (size_t i = 0; i < from->n; i++) {
		if (has(in, from->at[i]))
			continue;
		text_fmt(out, "%s%s", first ? lead : ", ", from->at[i]);
		first = false;
	}
	if (!first)
		text_str(out, tail);
}

void packages_print_change(
	const struct strings *before, const struct strings *after, struct text *out)
{
	print_missing(after, before, "New: ", ".", out);
	print_missing(before, after, out->len ? " Gone: " : "Gone: ", ".", out);
}
