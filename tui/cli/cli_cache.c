/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `cache`: what it holds, whether that is intact, and its removal. */
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
	table_add(t, e->kind, size.s, age.s, name.s);
	text_release(&name);
	text_release(&size);
	text_release(&age);
}

static bool show_cache(struct cli *c, struct error *err)
{
	struct text total = TEXT_INIT;
	struct table t = {.columns = 4};
	struct cache_report r;

	if (!cache_report(&r, &c->place, err))
		return false;
	for (size_t i = 0; i < r.entries.n; i++) {
		const struct cache_entry *e = &r.entries.at[i];

		if (c->flags.json)
			say_json(json_pack("{s:o,s:o,s:I,s:I}", "kind", json_text(e->kind), "name",
				json_text(e->name), "bytes", (json_int_t)e->bytes, "used",
				(json_int_t)e->used));
		else
			tell_entry(c, &t, e);
	}
	table_print(c, &t);
	words_bytes(&total, r.bytes);
	if (!c->flags.json)
		say(c, "%zu entries, %s, in %s", r.entries.n, total.s, c->place.cache);
	table_release(&t);
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
			"the cache holds damaged entries; `bootsmith cache clean` removes "
			"everything, and the next build makes it again");
	return true;
}

static bool clean_cache(struct cli *c, struct error *err)
{
	struct text words = TEXT_INIT;
	uint64_t freed = 0;
	bool ok = cache_clean(&c->place, c->flags.keep_sources, c->flags.older_than, &freed, err);

	words_bytes(&words, freed);
	if (ok && c->flags.json)
		say_json(json_pack("{s:I}", "freed", (json_int_t)freed));
	else if (ok)
		say(c, "%s freed", words.s);
	text_release(&words);
	return ok;
}

bool verb_cache(struct cli *c, struct error *err)
{
	const char *what = c->words.n ? c->words.at[0] : "";
	bool clean = strcmp(what, "clean") == 0;

	if (!clean && (c->flags.keep_sources || c->flags.older_than >= 0))
		return error_set(err, ERROR_USAGE,
			"--keep-sources and --older-than belong to `bootsmith cache clean`");
	if (clean)
		return clean_cache(c, err);
	if (strcmp(what, "verify") == 0)
		return verify_cache(c, err);
	if (*what)
		return error_set(err, ERROR_USAGE,
			"`bootsmith cache` knows verify and clean, not '%s'", what);
	return show_cache(c, err);
}
