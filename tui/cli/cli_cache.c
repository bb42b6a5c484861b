/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `cache`: shows what the cache holds, verifies it, and removes it. */
#include "base/error.h"
#include "base/text.h"
#include "cache/cache.h"
#include "cli/cli_out.h"
#include "shared/words.h"
#include <inttypes.h>
#include <string.h>
#include <time.h>

static void age_words(struct text *out, int64_t used)
{
	double days = difftime(time(NULL), (time_t)used) / 86400;

	if (days < 1)
		text_str(out, "today");
	else
		text_fmt(out, "%.0f day%s ago", days, days < 1.5 ? "" : "s");
}

static void tell_entry(struct cli *c, struct table *t, const struct cache_entry *e)
{
	struct text name = TEXT_INIT, size = TEXT_INIT, age = TEXT_INIT;

	add_foreign(c, &name, e->name);
	words_bytes(&size, e->bytes);
	age_words(&age, e->used);
	table_add(t, cache_kind_word(e->kind), size.s, age.s, name.s);
	text_release(&name);
	text_release(&size);
	text_release(&age);
}

static void tell_report(struct cli *c, const struct cache_report *r)
{
	struct table t = {.columns = 4};

	for (size_t i = 0; i < r->entries.n; i++) {
		const struct cache_entry *e = &r->entries.at[i];

		if (c->flags.json)
			say_json(json_pack("{s:s,s:o,s:I,s:I}", "kind", cache_kind_word(e->kind),
				"name", json_text(e->name), "bytes", (json_int_t)e->bytes, "used",
				(json_int_t)e->used));
		else
			tell_entry(c, &t, e);
	}
	table_print(c, &t);
	table_release(&t);
}

static void total_words(struct text *out, const struct cache_report *r)
{
	text_fmt(out, "%zu %s, ", r->entries.n, r->entries.n == 1 ? "entry" : "entries");
	words_bytes(out, r->bytes);
}

static bool show_cache(struct cli *c, struct error *err)
{
	struct text total = TEXT_INIT;
	struct cache_report r;

	if (!cache_report(&r, &c->place, err))
		return false;
	tell_report(c, &r);
	total_words(&total, &r);
	if (!c->flags.json)
		say(c, "%s, in %s", total.s, c->place.cache);
	text_release(&total);
	cache_report_release(&r);
	return true;
}

struct verification {
	struct cli *cli;
	uint64_t bad;
};

static void tell_bad(void *ctx, const char *name, const char *reason)
{
	struct verification *v = ctx;

	v->bad++;
	if (v->cli->flags.json)
		say_json(json_pack(
			"{s:o,s:o}", "name", json_text(name), "reason", json_text(reason)));
	else
		say_role(v->cli, ROLE_BAD, "%s: %s", name, reason);
}

static bool verify_cache(struct cli *c, struct error *err)
{
	struct verification v = {c, 0};
	uint64_t checked = 0;

	if (!cache_verify(&c->place, tell_bad, &v, &checked, err))
		return false;
	if (!c->flags.json)
		say(c, "%" PRIu64 " entries checked, %" PRIu64 " bad", checked, v.bad);
	if (v.bad)
		return error_set(err, ERROR_SOURCE,
			"the cache holds damaged entries; `bootsmith cache clean` removes everything, and the next build makes it again");
	return true;
}

/* How much of each kind; downloads take the longest to get again. */
static void tell_kinds(struct cli *c, const struct cache_report *r)
{
	static const char *const meaning[CACHE_KINDS] = {
		[CACHE_BAD] = "archives that were not what they should be",
		[CACHE_RUN] = "logs of builds and boots",
		[CACHE_SOURCE] = "downloaded archives",
		[CACHE_STAGE] = "finished parts",
		[CACHE_TMP] = "what was thrown away or never finished",
		[CACHE_TREE] = "unpacked sources",
		[CACHE_WORK] = "unfinished work",
	};
	struct table t = {.columns = 3};

	for (enum cache_kind kind = 0; kind < CACHE_KINDS; kind++) {
		struct text size = TEXT_INIT, number = TEXT_INIT;
		uint64_t bytes = 0;
		size_t n = 0;

		for (size_t i = 0; i < r->entries.n; i++)
			if (r->entries.at[i].kind == kind) {
				bytes += r->entries.at[i].bytes;
				n++;
			}
		text_fmt(&number, "%zu", n);
		words_bytes(&size, bytes);
		if (n && meaning[kind])
			table_add(&t, size.s, number.s, meaning[kind]);
		text_release(&size);
		text_release(&number);
	}
	table_print(c, &t);
	table_release(&t);
}

/* Finds out what would be removed; if that is nothing, no question is needed. */
static bool may_clean(
	struct cli *c, const struct cache_cleaning *what, bool *yes, struct error *err)
{
	struct cache_cleaning look = *what;
	struct text question = TEXT_INIT;
	struct cache_report r;
	bool ok = true;

	*yes = c->flags.yes;
	look.only_look = true;
	if (!cache_clean(&r, &c->place, &look, err)) {
		cache_report_release(&r);
		return false;
	}
	if (!c->flags.json && r.entries.n)
		tell_kinds(c, &r);
	if (!r.entries.n)
		*yes = true;
	total_words(&question, &r);
	if (c->flags.dry_run) {
		*yes = false;
		if (c->flags.json)
			tell_report(c, &r);
		else
			say(c, "would be removed from %s: %s", c->place.cache, question.s);
	} else if (!*yes) {
		text_clear(&question);
		text_str(&question, "Remove ");
		total_words(&question, &r);
		text_fmt(&question, " from %s?", c->place.cache);
		ok = ask(c, question.s, "--yes", yes, err);
	}
	text_release(&question);
	cache_report_release(&r);
	return ok;
}

static bool clean_cache(struct cli *c, struct error *err)
{
	struct cache_cleaning what = {
		.keep_sources = c->flags.keep_sources, .older_than_days = c->flags.older_than};
	struct text words = TEXT_INIT;
	struct cache_report r;
	bool yes, ok;

	if (!may_clean(c, &what, &yes, err))
		return false;
	if (c->flags.dry_run)
		return true;
	if (!yes)
		return error_set(err, ERROR_USAGE, "nothing was removed");
	ok = cache_clean(&r, &c->place, &what, err);
	words_bytes(&words, r.bytes);
	if (ok && c->flags.json)
		say_json(json_pack("{s:I}", "freed", (json_int_t)r.bytes));
	else if (ok)
		say(c, "%s freed", words.s);
	text_release(&words);
	cache_report_release(&r);
	return ok;
}

bool verb_cache(struct cli *c, struct error *err)
{
	const char *what = c->words.n ? c->words.at[0] : "";
	bool clean = strcmp(what, "clean") == 0;

	if (!clean && (c->flags.keep_sources || c->flags.older_than >= 0 || c->flags.yes ||
			      c->flags.dry_run))
		return error_set(err, ERROR_USAGE,
			"--keep-sources, --older-than, --dry-run and --yes belong to `bootsmith cache clean`");
	if (clean)
		return clean_cache(c, err);
	if (strcmp(what, "verify") == 0)
		return verify_cache(c, err);
	if (*what)
		return error_set(err, ERROR_USAGE,
			"`bootsmith cache` knows verify and clean, not '%s'", what);
	return show_cache(c, err);
}
