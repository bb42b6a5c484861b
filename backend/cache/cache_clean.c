/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verifies and removes entries of the cache. An entry is renamed before it is deleted, so that a half-deleted stage never appears
 * under its name. */
#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/cache.h"
#include "cache/cache_entry.h"
#include "cache/twin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

struct verification {
	cache_bad *bad;
	void *ctx;
	uint64_t checked;
};

static bool verify_one(void *ctx, const struct cache_item *item, struct error *err)
{
	struct verification *v = ctx;
	struct cache_finding f = {.damage = TEXT_INIT};

	(void)err;
	if (item->kind == CACHE_SOURCE || item->kind == CACHE_STAGE || item->kind == CACHE_TREE)
		cache_check(item->cache, item->relative, true, &f);
	v->checked += f.checked;
	if (f.damage.len)
		v->bad(v->ctx, item->name, f.damage.s);
	text_release(&f.damage);
	return true;
}

bool cache_verify(
	const struct place *p, cache_bad *bad, void *ctx, uint64_t *checked, struct error *err)
{
	struct verification v = {bad, ctx, 0};
	bool ok = cache_each(p, verify_one, &v, err);

	*checked = v.checked;
	return ok;
}

/* ---- cleaning ---- */

struct cleaning {
	const struct place *place;
	const struct cache_cleaning *what;
	struct cache_report *report;
	int64_t before; /* entries used later than this stay; INT64_MAX: none stays */
	unsigned long number;
};

static bool remove_entry(struct cleaning *c, const struct cache_item *item, struct error *err)
{
	struct text trash = TEXT_INIT, record = TEXT_INIT;
	bool ok = true;

	cache_report_add(c->report, item);
	if (c->what->only_look)
		return true;
	cache_record_path(&record, c->place->cache, item->relative);
	text_fmt(&trash, "%s/tmp/" CACHE_TRASH "%ld-%lu", c->place->cache, (long)getpid(),
		c->number++);
	ok = rename(item->path, trash.s) == 0 || errno == ENOENT ||
	     error_errno(err, "%s cannot be removed from the cache", item->path);
	if (ok) {
		unlink(record.s);
		ok = place_remove(trash.s, err);
	}
	text_release(&trash);
	text_release(&record);
	return ok;
}

/* Only the exclusive holder of an entry's lock may remove it; the lock file goes too. */
static bool remove_unused(struct cleaning *c, const struct cache_item *item, struct error *err)
{
	struct text path = TEXT_INIT;
	int fd = -1;
	bool ok;

	cache_lock_path(&path, c->place->cache, item->relative);
	if (c->what->only_look) {
		ok = lock_is_used(path.s) || remove_entry(c, item, err);
		text_release(&path);
		return ok;
	}
	ok = lock_try(path.s, LOCK_ALONE, &fd, err);
	if (ok && fd >= 0) {
		ok = remove_entry(c, item, err);
		unlink(path.s);
	}
	lock_release(fd);
	text_release(&path);
	return ok;
}

static bool run_lives(const struct cache_item *item)
{
	struct text path = TEXT_INIT;
	bool lives;

	text_fmt(&path, "%s/lock", item->path);
	lives = lock_is_held(path.s);
	text_release(&path);
	return lives;
}

static void remove_empty_parent(const struct cache_item *item)
{
	struct text parent = TEXT_INIT;

	text_add(&parent, item->path, (size_t)(strrchr(item->path, '/') - item->path));
	rmdir(parent.s);
	text_release(&parent);
}

static bool clean_one(void *ctx, const struct cache_item *item, struct error *err)
{
	struct cleaning *c = ctx;
	bool is_source = item->kind == CACHE_SOURCE;

	if (item->kind == CACHE_TMP)
		return !cache_item_is_trash(item) || remove_entry(c, item, err);
	if (item->kind == CACHE_INDEX || item->kind == CACHE_LAST)
		return true;
	if (item->used > c->before || (is_source && c->what->keep_sources))
		return true;
	if (item->kind == CACHE_RUN)
		return run_lives(item) || remove_entry(c, item, err);
	if (item->kind == CACHE_BAD)
		return remove_entry(c, item, err);
	if (!remove_unused(c, item, err))
		return false;
	if (is_source && !c->what->only_look)
		remove_empty_parent(item);
	return true;
}

bool cache_clean(struct cache_report *r, const struct place *p, const struct cache_cleaning *what,
	struct error *err)
{
	struct cleaning c = {.place = p, .what = what, .report = r, .before = INT64_MAX};
	bool ok;

	*r = (struct cache_report){.arena = ARENA_INIT};
	if (what->older_than_days >= 0)
		c.before = (int64_t)time(NULL) - (int64_t)what->older_than_days * 24 * 3600;
	ok = (what->only_look || cache_folders(p, err)) && cache_each(p, clean_one, &c, err);
	if (!what->only_look)
		twin_clean(p->cache);
	cache_report_sort(r);
	return ok;
}

/* ---- runs ---- */

struct run_list {
	struct arena arena;
	struct strings paths;
};

static bool list_run(void *ctx, const struct cache_item *item, struct error *err)
{
	struct run_list *l = ctx;

	(void)err;
	if (item->kind == CACHE_RUN && !run_lives(item))
		vec_push_in(&l->arena, &l->paths, arena_str(&l->arena, item->path));
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void cache_trim_runs(const struct place *p, size_t most)
{
	struct run_list l = {.arena = ARENA_INIT};
	struct error ignored;
	bool ok = cache_each(p, list_run, &l, &ignored);

	/* Names start with the time. */
	if (ok && l.paths.n > most)
		qsort(l.paths.at, l.paths.n, sizeof l.paths.at[0], by_name);
	for (size_t i = 0; ok && i + most < l.paths.n; i++)
		ok = place_remove(l.paths.at[i], &ignored);
	arena_release(&l.arena);
}
