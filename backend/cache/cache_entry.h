/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the cache, one by one, for report, verification and cleaning; and the name of the lock that protects one.
 * Whoever makes an entry holds its lock alone, whoever uses it holds it shared, and only its sole holder removes it.
 */
#ifndef CACHE_ENTRY_H
#define CACHE_ENTRY_H

#include "cache/cache.h"

#define CACHE_TRASH "trash-" /* how names in tmp/ begin that are only waiting to be deleted */

/* `relative` is the entry's path in the cache ("stage/linux-0123"). A unit's work has the lock of its stage. */
void cache_lock_path(struct text *out, const char *cache, const char *relative);

struct cache_item {
	enum cache_kind kind;
	const char *name;     /* for people: the file name of an archive, else the entry's own */
	const char *relative; /* path in the cache */
	const char *path;
	int64_t used; /* when it was made or last used */
};

/* False stops it. An entry that vanishes meanwhile is passed over. */
typedef bool cache_each_fn(void *ctx, const struct cache_item *item, struct error *err);
CHECKED bool cache_each(const struct place *p, cache_each_fn *each, void *ctx, struct error *err);

/* Adds the entry to a report, with what it and the record of its files weigh. */
void cache_report_add(struct cache_report *r, const struct cache_item *item);
void cache_report_sort(struct cache_report *r);

/* What cache_prepare does, but what lies in tmp/ stays. */
CHECKED bool cache_folders(const struct place *p, struct error *err);

/* Is it in tmp/ and nobody's any more: thrown away, or in the making for days? */
bool cache_item_is_trash(const struct cache_item *item);

/* Removes the oldest runs that are over, so that not more than `most` stay. Best effort. */
void cache_trim_runs(const struct place *p, size_t most);

#endif
