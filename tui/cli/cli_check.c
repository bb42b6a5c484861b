/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `check`: everything that can be known before building, one line each; the worst one decides the exit status. */
#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/run_boot.h"
#include "choice/profile.h"
#include "cli/cli_out.h"
#include "plan/plan.h"
#include "proc/host.h"
#include "proc/jail.h"
#include "shared/words.h"
#include "source/source.h"
#include <string.h>
#include <sys/statvfs.h>

enum outcome { OUTCOME_OK, OUTCOME_HINT, OUTCOME_BAD };

struct checker {
	struct cli *cli;
	struct table table;
	struct plan plan;
	struct arena arena;
	struct strings notes; /* what making the plan found worth saying */
	bool planned;
};

static void found(struct checker *k, enum outcome outcome, enum error_kind kind, const char *what,
	const char *fmt, ...) FORMAT(5, 6);

static void found(struct checker *k, enum outcome outcome, enum error_kind kind, const char *what,
	const char *fmt, ...)
{
	static const char *const words[] = {"ok", "hint", "FAIL"};
	struct text detail = TEXT_INIT, shown = TEXT_INIT;
	char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) >= 0)
		text_str(&detail, s);
	va_end(ap);
	add_foreign(k->cli, &shown, detail.s);
	if (k->cli->flags.json)
		say_json(json_pack("{s:s,s:s,s:o}", "check", what, "result", words[outcome],
			"detail", json_text(detail.s)));
	else
		table_add(&k->table, words[outcome], what, shown.s);
	if (outcome == OUTCOME_BAD && (int)kind > k->cli->status)
		k->cli->status = kind;
	free(s);
	text_release(&detail);
	text_release(&shown);
}

static void failed(struct checker *k, const char *what, const struct error *err)
{
	found(k, OUTCOME_BAD, err->kind, what, "%s", err->text);
}

/* How a component's version was chosen, as a note says it, too. */
static const char *version_words(struct checker *k, size_t number)
{
	const struct source_choice *s = &k->plan.sources.at[number];

	return arena_fmt(&k->arena, "%s %s", s->component, s->why);
}

static void take_note(void *ctx, const char *sentence)
{
	struct checker *k = ctx;

	vec_push_in(&k->arena, &k->notes, arena_str(&k->arena, sentence));
}

/* But what has a line of its own anyway: a version, a value that is kept aside. */
static void tell_notes(struct checker *k, const struct profile *p)
{
	struct strings *notes = &k->notes;

	for (size_t n = 0; n < notes->n; n++) {
		bool told = false;

		for (size_t i = 0; k->planned && i < k->plan.sources.n; i++)
			told = told || strcmp(notes->at[n], version_words(k, i)) == 0;
		for (size_t i = 0; i < p->set.n; i++) {
			struct text aside = TEXT_INIT;

			told = told || (profile_is_aside(p, &p->set.at[i], &aside) &&
					       strcmp(notes->at[n], aside.s) == 0);
			text_release(&aside);
		}
		if (!told)
			found(k, OUTCOME_HINT, ERROR_NONE, "choices", "%s", notes->at[n]);
	}
}

static void take_boot_note(void *ctx, const char *sentence)
{
	found(ctx, OUTCOME_HINT, ERROR_NONE, "boot", "%s", sentence);
}

static void check_host(struct checker *k)
{
	struct host_report r;
	struct error err;
	size_t here = 0;

	if (!host_inspect(&r, &k->cli->place, &err)) {
		failed(k, "host", &err);
		return;
	}
	for (size_t i = 0; i < r.needs.n; i++) {
		const struct host_need *n = &r.needs.at[i];

		here += n->present;
		if (!n->present)
			found(k, n->required ? OUTCOME_BAD : OUTCOME_HINT, ERROR_HOST, "host",
				"%s is missing; it is needed for %s", n->tool, n->purpose);
	}
	found(k, OUTCOME_OK, ERROR_NONE, "host", "%zu of %zu tools and libraries are here%s%s",
		here, r.needs.n, *r.install ? "; get the others with: " : "", r.install);
	host_report_release(&r);
}

static const struct archive *same_bytes(
	const struct archive_list *list, const struct source_choice *choice)
{
	const struct archive *best = NULL;

	for (size_t i = 0; i < list->n; i++) {
		const struct archive *a = &list->at[i];
		bool same = a->sha256 && choice->sha256 ? strcmp(a->sha256, choice->sha256) == 0
							: strcmp(a->version, choice->version) == 0;

		if (same && (!best || (best->reach != REACH_YES && a->reach == REACH_YES)))
			best = a;
	}
	return best;
}

static void check_source(
	struct checker *k, struct sources *sources, const struct source_choice *choice)
{
	struct archive_list list = {0};
	const struct archive *a;
	struct error err;

	if (choice->cached) {
		found(k, OUTCOME_OK, ERROR_NONE, choice->component, "%s is in the cache",
			choice->version);
		return;
	}
	if (!sources_versions(sources, choice->component, true, &list, &err)) {
		failed(k, choice->component, &err);
		return;
	}
	a = same_bytes(&list, choice);
	if (a && a->reach == REACH_YES)
		found(k, OUTCOME_OK, ERROR_NONE, choice->component, "%s answers at %s",
			choice->version, a->url);
	else if (a && a->reach == REACH_BUSY)
		found(k, OUTCOME_HINT, ERROR_NONE, choice->component,
			"%s: %s at %s; a build waits for it as long as it asks for, up to two minutes",
			choice->version, a->trouble, a->url);
	else if (a && a->reach == REACH_NO)
		found(k, OUTCOME_BAD, ERROR_SOURCE, choice->component, "%s does not answer at %s",
			choice->version, a->url);
	else
		found(k, OUTCOME_HINT, ERROR_NONE, choice->component,
			"%s: whether it can be had was not found out", choice->version);
}

static void check_sources(struct checker *k)
{
	struct cli *c = k->cli;
	struct sources *sources;
	struct error err;

	for (size_t i = 0; i < k->plan.sources.n; i++)
		found(k, OUTCOME_OK, ERROR_NONE, "version", "%s", version_words(k, i));
	if (!sources_open(&sources, &c->catalog, &c->settings,
		    c->flags.offline ? SOURCES_OFFLINE : 0, NULL, NULL, &err)) {
		failed(k, "sources", &err);
		return;
	}
	for (size_t i = 0; i < k->plan.sources.n; i++)
		check_source(k, sources, &k->plan.sources.at[i]);
	sources_free(sources);
}

/* The file system that a folder is on, or will be on: that of its nearest existing parent. */
static bool free_space(const char *folder, uint64_t *bytes)
{
	struct text path = TEXT_INIT;
	struct statvfs fs;
	bool ok;

	text_str(&path, folder);
	while (!(ok = statvfs(path.s, &fs) == 0) && strrchr(path.s, '/') > path.s)
		*strrchr(path.s, '/') = '\0';
	if (ok)
		*bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	text_release(&path);
	return ok;
}

static void check_space(struct checker *k)
{
	struct text has = TEXT_INIT, wants = TEXT_INIT;
	const char *cache = k->cli->place.cache;
	uint64_t need = k->plan.forecast.disk_bytes, there;

	if (!free_space(cache, &there)) {
		found(k, OUTCOME_BAD, ERROR_HOST, "disk",
			"the folder of the cache, %s, cannot be looked at", cache);
		return;
	}
	words_bytes(&has, there);
	words_bytes(&wants, need);
	if (need > there)
		found(k, OUTCOME_BAD, ERROR_HOST, "disk",
			"the build will need about %s below %s, where %s are free; make room or set BOOTSMITH_CACHE",
			wants.s, cache, has.s);
	else
		found(k, OUTCOME_OK, ERROR_NONE, "disk", "%s free below %s; the build needs %s%s",
			has.s, cache, need ? "about " : "", need ? wants.s : "nothing more");
	text_release(&has);
	text_release(&wants);
}

/* The folders of a build; without that of what was learned a build goes on, but learns nothing. */
static void check_places(struct checker *k, const struct profile *p)
{
	struct error err;
	const char *output;

	if (!place_can_write_below(k->cli->place.cache, &err))
		found(k, OUTCOME_BAD, ERROR_HOST, "cache",
			"%s; BOOTSMITH_CACHE names another folder for the cache", err.text);
	if (!place_can_write_below(k->cli->place.state, &err))
		found(k, OUTCOME_HINT, ERROR_NONE, "state",
			"%s; how long steps take will not be remembered, nor what is open (XDG_STATE_HOME names another folder)",
			err.text);
	output = plan_output(p->name, k->cli->flags.output, &k->arena, &err);
	if (output && place_can_write_below(output, &err))
		found(k, OUTCOME_OK, ERROR_NONE, "results", "they will be in %s", output);
	else
		found(k, OUTCOME_BAD, ERROR_HOST, "results",
			"%s; --output names another folder for them, and -C another one to work in",
			err.text);
}

static bool check_values(struct checker *k, struct profile *p)
{
	struct error err;

	if (!profile_check(p, &err)) {
		failed(k, "values", &err);
		return false;
	}
	found(k, OUTCOME_OK, ERROR_NONE, "values", "%zu choices, the rest has defaults", p->set.n);
	for (size_t i = 0; i < p->set.n; i++) {
		struct text aside = TEXT_INIT;

		if (profile_is_aside(p, &p->set.at[i], &aside))
			found(k, OUTCOME_HINT, ERROR_NONE, "values", "%s", aside.s);
		text_release(&aside);
	}
	return true;
}

static void check_sandbox(struct checker *k)
{
	const enum jail_wish wish = k->cli->settings.sandbox.wish;
	struct text words = TEXT_INIT;
	struct jail_power power;

	if (wish == JAIL_OFF) {
		found(k, OUTCOME_HINT, ERROR_NONE, "sandbox",
			"sandbox = off in the settings: what is built can read and change all that you can");
		return;
	}
	jail_probe(&power, k->cli->place.cache);
	jail_words(&power, &words);
	if (jail_is_whole(&power))
		found(k, OUTCOME_OK, ERROR_NONE, "sandbox", "build steps are confined: %s",
			words.s);
	else
		found(k, wish == JAIL_REQUIRE ? OUTCOME_BAD : OUTCOME_HINT, ERROR_HOST, "sandbox",
			"build steps are %s: %s", words.len ? words.s : "not confined",
			power.lacks);
	text_release(&words);
}

/* What does not keep anything from being built. */
static void check_boot(struct checker *k, const struct profile *p)
{
	const struct boot_options usual = {.memory_mib = 0};
	struct error err;

	if (!run_boot_check(p, &usual, &err) && err.kind == ERROR_USAGE)
		found(k, OUTCOME_HINT, ERROR_NONE, "boot", "%s", err.text);
	if (k->planned && !k->plan.lacking)
		run_boot_foresee(p, &k->plan, take_boot_note, k);
}

/* One fault does not hide another: what needs no plan is looked at without one, and what can be had where something cannot. */
static void check_plan(struct checker *k, const struct profile *p)
{
	struct plan_options options = {.output = k->cli->flags.output,
		.offline = k->cli->flags.offline,
		.rest = true,
		.accept = &k->cli->flags.accept,
		.note = take_note,
		.note_ctx = k};
	struct error err;

	k->planned = plan_make(&k->plan, p, &k->cli->settings, &options, &err);
	tell_notes(k, p);
	if (!k->planned)
		failed(k, "plan", &err);
	else if (k->plan.lacking)
		found(k, OUTCOME_BAD, ERROR_SOURCE, "plan", "%s", k->plan.lacking);
	if (k->planned)
		check_sources(k);
	if (k->planned && !k->plan.lacking)
		check_space(k);
	check_boot(k, p);
	if (k->planned)
		plan_release(&k->plan);
}

bool verb_check(struct cli *c, struct error *err)
{
	struct checker k = {.cli = c, .table = {.columns = 3}, .arena = ARENA_INIT};
	struct profile p;

	if (!profile_find(&p, &c->catalog, &c->place, c->words.at[0], err))
		return false;
	if (check_values(&k, &p))
		check_plan(&k, &p);
	check_host(&k);
	check_sandbox(&k);
	check_places(&k, &p);
	table_print(c, &k.table);
	table_release(&k.table);
	arena_release(&k.arena);
	profile_release(&p);
	return true;
}
