/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `lock`: writes the exact sources of a profile to a file beside it. */
#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/profile.h"
#include "cli/cli_out.h"
#include "plan/plan.h"
#include "source/pins.h"
#include <string.h>
#include <unistd.h>

struct locking {
	struct cli *cli;
	struct profile profile;
	struct text path;
	struct arena arena;
	struct pins before; /* the previous content of the lock; empty if there was none */
	bool locked;	    /* a lock exists and must stay */
};

static void tell_note(void *ctx, const char *sentence)
{
	complain(ctx, "%s", sentence);
}

/* An unreadable lock is no reason not to rewrite it. */
static bool read_before(struct locking *l, struct error *err)
{
	const struct cli *c = l->cli;
	struct error problem;

	pins_path(&l->profile, &c->place, &l->path);
	if (!l->path.len)
		return error_set(err, ERROR_USAGE, "a profile has to be a file to be locked");
	if (!pins_read(&l->before, l->path.s, &l->arena, &problem)) {
		if (!c->flags.update) {
			*err = problem;
			return false;
		}
		complain(c, "%s", problem.text);
	}
	l->locked = l->before.n && !c->flags.update;
	return true;
}

static bool make_plan(struct locking *l, struct plan *plan, struct error *err)
{
	struct cli *c = l->cli;
	struct plan_options options = {.offline = c->flags.offline,
		.fetch_only = true,
		.refresh = c->flags.update && !c->flags.offline,
		.lock = l->locked ? l->path.s : "",
		.accept = &c->flags.accept,
		.note = c->flags.json || l->locked ? NULL : tell_note,
		.note_ctx = c};

	return profile_check(&l->profile, err) &&
	       plan_make(plan, &l->profile, &c->settings, &options, err);
}

static bool write_lock(struct locking *l, const struct plan *plan, struct error *err)
{
	struct text out = TEXT_INIT, folder = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < plan->sources.n; i++)
		if (!plan->sources.at[i].sha256)
			ok = error_set(err, ERROR_SOURCE,
				"%s %s cannot be locked: its hash is not known, only its name was accepted; choose a version with a known hash (`bootsmith versions %s`)",
				plan->sources.at[i].component, plan->sources.at[i].version,
				plan->sources.at[i].component);
	pins_print(plan->sources.at, plan->sources.n, &out);
	text_add(&folder, l->path.s,
		(size_t)(strrchr(l->path.s, '/') ? strrchr(l->path.s, '/') - l->path.s : 0));
	ok = ok && (!folder.len || place_make_folder(folder.s, err)) &&
	     place_write_file(l->path.s, out.s, out.len, err);
	text_release(&out);
	text_release(&folder);
	return ok;
}

/* "6.12.9 -> 6.12.10", "other bytes of 6.12.9", "new", or NULL if unchanged. */
static const char *change(struct locking *l, const struct source_choice *now)
{
	const struct pin *was = pins_find(&l->before, now->component);

	if (!was)
		return l->before.n ? "new" : NULL;
	if (strcmp(was->version, now->version) != 0)
		return arena_fmt(&l->arena, "%s -> %s", was->version, now->version);
	return strcmp(was->sha256, now->sha256) != 0 ? "other bytes of the same version" : NULL;
}

static bool is_used(const struct plan *plan, const char *component)
{
	for (size_t i = 0; i < plan->sources.n; i++)
		if (strcmp(plan->sources.at[i].component, component) == 0)
			return true;
	return false;
}

static void tell_json(struct locking *l, const struct plan *plan)
{
	json_t *sources = json_array(), *gone = json_array();

	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct source_choice *s = &plan->sources.at[i];
		const struct pin *was = pins_find(&l->before, s->component);

		json_array_append_new(sources,
			json_pack("{s:o,s:o,s:o,s:o,s:o}", "component", json_text(s->component),
				"version", json_text(s->version), "sha256", json_text(s->sha256),
				"before", json_text(was ? was->version : NULL), "change",
				json_text(change(l, s))));
	}
	for (size_t i = 0; i < l->before.n; i++)
		if (!is_used(plan, l->before.at[i].component))
			json_array_append_new(gone, json_text(l->before.at[i].component));
	say_json(json_pack("{s:o,s:b,s:o,s:o}", "lock", json_text(l->path.s), "written",
		(int)!l->locked, "sources", sources, "removed", gone));
}

static void tell_changes(struct locking *l, const struct plan *plan)
{
	size_t changes = 0;

	for (size_t i = 0; i < plan->sources.n; i++) {
		const char *what = change(l, &plan->sources.at[i]);

		if (what)
			say(l->cli, "changed: %s %s", plan->sources.at[i].component, what);
		changes += what != NULL;
	}
	for (size_t i = 0; i < l->before.n; i++) {
		if (is_used(plan, l->before.at[i].component))
			continue;
		say(l->cli, "removed: %s", l->before.at[i].component);
		changes++;
	}
	if (!changes)
		say(l->cli, "nothing changed");
}

static void tell(struct locking *l, const struct plan *plan)
{
	const struct cli *c = l->cli;
	struct table t = {.columns = 3};

	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct source_choice *s = &plan->sources.at[i];

		table_add(&t, s->component, s->version, s->sha256);
	}
	table_print(c, &t);
	table_release(&t);
	if (l->before.n && !l->locked)
		tell_changes(l, plan);
	if (l->locked)
		say(c, "%s holds these already; --update takes the newest that can be had",
			l->path.s);
	else
		say(c, "written to %s%s", l->path.s,
			l->profile.shipped ? " (the profile is a shipped one)" : "");
}

static bool lock_profile(struct locking *l, struct error *err)
{
	struct plan plan;
	bool ok;

	if (!read_before(l, err) || !make_plan(l, &plan, err))
		return false;
	ok = l->locked || write_lock(l, &plan, err);
	if (ok && l->cli->flags.json)
		tell_json(l, &plan);
	else if (ok)
		tell(l, &plan);
	plan_release(&plan);
	return ok;
}

bool verb_lock(struct cli *c, struct error *err)
{
	struct locking l = {.cli = c, .path = TEXT_INIT};
	bool ok;

	if (!profile_find(&l.profile, &c->catalog, &c->place, c->words.at[0], err))
		return false;
	ok = lock_profile(&l, err);
	profile_release(&l.profile);
	text_release(&l.path);
	arena_release(&l.arena);
	return ok;
}
