/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coordinates units between builders: which one may build a unit, and that what a plan uses stays. A unit is built under its
 * exclusive lock and then, like everything found in the cache, kept under a shared one until the builder ends, so that cleaning
 * skips it.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/lock.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache_entry.h"
#include "cache/results.h"
#include "cache/twin.h"
#include "plan/plan.h"
#include "run/builder.h"
#include "run/journal.h"
#include "run/worker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static void lock_path(struct text *out, const struct builder *b, const struct unit *u)
{
	const char *relative = cache_relative(b->plan->cache, u->result);

	if (relative)
		cache_lock_path(out, b->plan->cache, relative);
	else
		text_fmt(out, "%s/lock/%s", b->plan->cache, u->key);
}

static void tell_waiting(struct builder *b, struct unit_work *w, const char *path)
{
	struct text note = TEXT_INIT;
	long holder = lock_holder(path);

	if (w->told)
		return;
	w->told = true;
	text_fmt(&note, "another run (pid %ld) is building %s; waiting for it", holder,
		w->unit->name);
	journal_note(b->journal, note.s);
	text_release(&note);
}

static bool is_there(const struct unit_work *w)
{
	return !w->was_there && access(w->unit->result, F_OK) == 0;
}

/* Take only a shared lock on what somebody else has finished: if we wanted it exclusively while its builder keeps it and waits
 * for what we keep, the two builders would wait for each other. */
static bool take(struct builder *b, struct unit_work *w, enum unit_turn *turn, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	lock_path(&path, b, w->unit);
	ok = lock_try(path.s, is_there(w) ? LOCK_USE : LOCK_ALONE, &w->lock_fd, err);
	if (ok && w->lock_fd < 0) {
		tell_waiting(b, w, path.s);
		*turn = TURN_LATER;
	}
	text_release(&path);
	return ok;
}

static const struct step *last_step(const struct builder *b, const struct unit *u)
{
	for (size_t i = b->tasks.n; i-- > 0;)
		if (b->tasks.at[i].step->unit == u && b->tasks.at[i].step->last)
			return b->tasks.at[i].step;
	return NULL;
}

static void tell_twin(struct builder *b, const struct unit *u)
{
	struct text note = TEXT_INIT;

	text_fmt(&note,
		"%s is taken over from the cache: what it needs has the same content as when that was made",
		u->name);
	journal_note(b->journal, note.s);
	text_release(&note);
}

/* Now that all is there that it needs: was the same made from the same before, though keys were others? Then it is complete. */
static bool take_over(struct builder *b, struct unit_work *w, struct error *err)
{
	const char *cache = b->plan->cache, *twin = NULL;
	const struct step *last = last_step(b, w->unit);
	struct arena a = ARENA_INIT;
	char key[HASH_HEX];
	bool ok = true;

	if (last && twin_any(cache) && plan_content_key(cache, last, key))
		twin = twin_find(cache, key, &a);
	if (twin) {
		ok = twin_take(cache, twin, w->unit->result, &w->complete, err);
		if (w->complete)
			tell_twin(b, w->unit);
		else
			twin_forget(cache, key);
	}
	/* nothing is prepared for building it: plan again, without this twin */
	b->outcome->gone = b->outcome->gone || (w->twin && !w->complete);
	arena_release(&a);
	return ok;
}

enum unit_turn unit_enter(struct builder *b, struct task *t, struct error *err)
{
	struct unit_work *w = t->work;
	enum unit_turn turn = TURN_OURS;

	if (w->lock_fd >= 0 || w->complete || w->began > 0)
		return TURN_OURS;
	if (w->unit->key && !take(b, w, &turn, err))
		return TURN_NEVER;
	if (turn != TURN_OURS)
		return turn;
	w->told = false;
	w->began = clock_now();
	/* Somebody else may have finished it while we waited, or since the plan was made. */
	w->complete = is_there(w);
	if (!w->complete && !take_over(b, w, err))
		return TURN_NEVER;
	if (w->twin && !w->complete)
		return TURN_LATER;
	if (!w->complete && !worker_prepare(w->unit, err))
		return TURN_NEVER;
	return TURN_OURS;
}

static void remember_inputs(const struct builder *b, const struct unit *u)
{
	struct text path = TEXT_INIT, old = TEXT_INIT;
	struct error ignored;

	if (!u->inputs)
		goto out;
	text_fmt(&path, "%s/last/%s", b->plan->cache, b->plan->profile);
	if (!place_make_folder(path.s, &ignored))
		goto out;
	text_fmt(&path, "/%s.inputs", u->name);
	if (text_read_file(&old, path.s, (size_t)1 << 26, &ignored) &&
		strcmp(old.s, u->inputs) == 0)
		goto out;
	/* Only used to explain later builds: not worth failing for. */
	if (!place_write_soon(path.s, u->inputs, strlen(u->inputs), &ignored))
		unlink(path.s);
out:
	text_release(&path);
	text_release(&old);
}

void unit_leave(struct builder *b, struct unit_work *w)
{
	if (w->failed || b->cancelled) {
		lock_release(w->lock_fd);
		w->lock_fd = -1;
	} else if (w->left == 0) {
		remember_inputs(b, w->unit);
		if (w->lock_fd >= 0)
			lock_share(w->lock_fd);
	}
}

/* Does a step that will run use something from this unit? */
static bool is_used(const struct builder *b, const struct unit *u)
{
	for (size_t i = 0; i < b->tasks.n; i++) {
		const struct step *s = b->tasks.at[i].step;

		for (size_t k = 0; !s->cached && k < s->needs.n; k++)
			if (s->needs.at[k]->unit == u && u != s->unit)
				return true;
	}
	return false;
}

static bool is_cached(const struct builder *b, const struct unit *u)
{
	for (size_t i = 0; i < b->tasks.n; i++)
		if (b->tasks.at[i].step->unit == u && !b->tasks.at[i].step->cached)
			return false;
	return true;
}

/* It is not used, but goes to where one can look at it, and the next plan makes it again. */
static bool set_aside(struct builder *b, const struct unit *u, const char *relative,
	const char *damage, struct error *err)
{
	struct text lock = TEXT_INIT, where = TEXT_INIT, note = TEXT_INIT;
	int fd = -1;
	bool ok;

	lock_path(&lock, b, u);
	ok = lock_try(lock.s, LOCK_ALONE, &fd, err);
	if (ok && fd < 0)
		ok = error_set(err, ERROR_HOST,
			"%s in the cache is damaged (%s), but another run uses it; build again when that has ended",
			relative, damage);
	ok = ok && cache_set_aside(b->plan->cache, relative, &where, err);
	lock_release(fd);
	if (ok) {
		b->outcome->gone = true;
		if (b->plan->output)
			results_doubt(b->plan->output);
		text_fmt(&note,
			"%s in the cache is damaged: %s; it was moved to %s and is made again",
			relative, damage, where.s);
		journal_note(b->journal, note.s);
	}
	text_release(&lock);
	text_release(&where);
	text_release(&note);
	return ok;
}

static bool check(struct builder *b, struct unit_work *w, struct error *err)
{
	const char *relative = cache_relative(b->plan->cache, w->unit->result);
	struct cache_finding f = {.damage = TEXT_INIT};
	struct error ignored;
	bool ok = true;

	if (!relative)
		return true;
	cache_check(b->plan->cache, relative, b->rules.check_cache, &f);
	if (f.damage.len) {
		lock_release(w->lock_fd);
		w->lock_fd = -1;
		ok = set_aside(b, w->unit, relative, f.damage.s, err);
	}
	/* an entry older than records is trusted, and recorded as it is now */
	if (!f.checked && !cache_record(b->plan->cache, w->unit->result, w->unit->result, &ignored))
		f.checked = false;
	text_release(&f.damage);
	return ok;
}

static bool hold(struct builder *b, struct unit_work *w, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	lock_path(&path, b, w->unit);
	ok = lock_try(path.s, LOCK_USE, &w->lock_fd, err);
	text_release(&path);
	if (ok && w->unit->result && access(w->unit->result, F_OK) != 0) {
		b->outcome->gone = true;
		return true;
	}
	return ok && check(b, w, err);
}

/* What no step takes need not be there. */
static bool is_wanted(const struct builder *b, const struct unit *u)
{
	return is_used(b, u) || (b->rules.check_cache && u->result && access(u->result, F_OK) == 0);
}

/* The plan found it under another key, and a step will use it. */
static bool is_promised(const struct builder *b, const struct unit *u)
{
	const struct step *last = last_step(b, u);

	return last && last->twin && access(u->result, F_OK) != 0 && is_used(b, u);
}

bool unit_hold_cached(struct builder *b, struct error *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < b->works.n; i++) {
		struct unit_work *w = &b->works.at[i];

		w->twin = is_promised(b, w->unit);
		if (w->unit->key && !w->twin && is_cached(b, w->unit) && is_wanted(b, w->unit))
			ok = hold(b, w, err);
	}
	if (ok && b->outcome->gone)
		ok = error_set(err, ERROR_HOST,
			"something was removed from the cache just now; start the build again");
	return ok;
}
