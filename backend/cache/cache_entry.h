/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the cache, one by one, for report, verification and cleaning; and the name of the lock that protects one.
 * Whoever makes an entry holds its lock alone, whoever uses it holds it shared, and only its sole holder removes it.
 */
#ifndef CACHE_ENTRY_H
#define CACHE_ENTRY_H

#include "cache/cache.h"

/* `relative` is the entry's path in the cache ("stage/linux-0123"). A unit's work has the lock of its stage. */
void cache_lock_path(struct text *out, const char *cache, const char *relative);

struct cache_item {
	const char *kind;     /* folder of the cache: "source" ... */
	const char *name;     /* for people: the file name of an archive, else the entry's own */
	const char *relative; /* path in the cache */
	const char *path;
	int64_t used; /* when it was made or last used */
};

/* False stops it. An entry that vanishes meanwhile is passed over. */
typedef bool cache_each_fn(void *ctx, const struct cache_item *item, struct error *err);
CHECKED bool cache_each(const struct place *p, cache_each_fn *each, void *ctx, struct error *err);

/* Removes the oldest runs that are over, so that not more than `most` stay. Best effort. */
void cache_trim_runs(const struct place *p, size_t most);

#endif
