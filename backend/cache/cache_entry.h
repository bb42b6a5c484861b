/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the cache, one by one, for reporting, verifying and cleaning; and the name of each entry's lock. Making an entry
 * takes its lock exclusively, using it takes the lock shared, and only an exclusive holder removes it.
 */
#ifndef CACHE_ENTRY_H
#define CACHE_ENTRY_H

#include "cache/cache.h"

#define CACHE_TRASH "trash-" /* prefix of names in tmp/ that only wait to be deleted */

/* `relative` is the entry's path in the cache ("stage/linux-0123"). A unit's work folder shares the lock of its stage. */
void cache_lock_path(struct text *out, const char *cache, const char *relative);

/* The entry's path in the cache, within `path`; NULL: it lies elsewhere. */
const char *cache_relative(const char *cache, const char *path);

/* Where the record of what it holds is (base/manifest.h): outside the folders that steps work with. Archives have none. */
void cache_record_path(struct text *out, const char *cache, const char *relative);

/* Makes the record of what will be published as `result`, by rename of `staging`; a path outside the cache gets none. */
CHECKED bool cache_record(
	const char *cache, const char *staging, const char *result, struct error *err);

struct cache_finding {
	bool checked;	    /* there was something to compare with */
	struct text damage; /* a reason; "": it is what it was */
};

/* Compares an entry with its record, or an archive with the hash that it is named after. With `content` every byte of a
 * recorded folder is read, else only of files that were touched. */
void cache_check(const char *cache, const char *relative, bool content, struct cache_finding *f);

/* Moves a damaged entry into bad/, for whoever wants to look; its lock must be held alone. */
CHECKED bool cache_set_aside(
	const char *cache, const char *relative, struct text *where, struct error *err);

struct cache_item {
	enum cache_kind kind;
	const char *name; /* for display: an archive's file name, else the entry's own */
	const char *cache;
	const char *relative; /* path in the cache */
	const char *path;
	int64_t used; /* when it was made or last used */
};

/* Returning false stops. An entry that vanishes meanwhile is skipped. */
typedef bool cache_each_fn(void *ctx, const struct cache_item *item, struct error *err);
CHECKED bool cache_each(const struct place *p, cache_each_fn *each, void *ctx, struct error *err);

/* Adds the entry to a report, with its size and that of the record of its files. */
void cache_report_add(struct cache_report *r, const struct cache_item *item);
void cache_report_sort(struct cache_report *r);

/* Like cache_prepare, but leaves tmp/ alone. */
CHECKED bool cache_folders(const struct place *p, struct error *err);

/* Is it in tmp/ and abandoned: thrown away, or unfinished for days? */
bool cache_item_is_trash(const struct cache_item *item);

/* Removes the oldest finished runs so that at most `most` stay. Best effort. */
void cache_trim_runs(const struct place *p, size_t most);

#endif
