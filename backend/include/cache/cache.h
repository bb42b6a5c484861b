/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cache holds, for `bootsmith cache`. Layout below the cache folder:
 *   source/SHA256/FILE   archives        tree/NAME-KEY/     unpacked, patched source trees
 *   stage/NAME-KEY/      finished units  work/NAME-KEY/     unfinished work, resumable
 *   run/ID/              event log, step logs (ID sorts by time)
 *   index/               version indexes bad/               archives that did not match their hash
 *   record/              what trees and stages held when they were published
 *   lock/                flock files     tmp/               files in the making, removed when stale, and trash
 *   last/                inputs of each profile's last finished build
 *   content/             which stage was made from which content (cache/twin.h)
 */
#ifndef CACHE_H
#define CACHE_H

#include "base/place.h"
#include <stdint.h>

/* In display order. */
enum cache_kind {
	CACHE_BAD,
	CACHE_INDEX,
	CACHE_LAST,
	CACHE_RUN,
	CACHE_SOURCE,
	CACHE_STAGE,
	CACHE_TMP,
	CACHE_TREE,
	CACHE_WORK,
	CACHE_KINDS
};
const char *cache_kind_word(enum cache_kind kind); /* the name of its folder */

struct cache_entry {
	enum cache_kind kind;
	const char *name;
	uint64_t bytes;
	int64_t used; /* seconds since the epoch */
};

struct cache_report {
	struct arena arena;
	VEC(struct cache_entry) entries;
	uint64_t bytes;
};

CHECKED bool cache_report(struct cache_report *r, const struct place *p, struct error *err);
void cache_report_release(struct cache_report *r);

/* Calls `bad` for each entry whose content changed since it was published; false only if the check itself failed. */
typedef void cache_bad(void *ctx, const char *name, const char *reason);
CHECKED bool cache_verify(
	const struct place *p, cache_bad *bad, void *ctx, uint64_t *checked, struct error *err);

/* Removes what no running build uses, and what an earlier, killed cleaning left behind. The report says what that was, or with
 * only_look what it would be; index and last stay. */
struct cache_cleaning {
	bool keep_sources;
	long older_than_days; /* < 0: regardless of age */
	bool only_look;
};
CHECKED bool cache_clean(struct cache_report *r, const struct place *p,
	const struct cache_cleaning *what, struct error *err);

/* Makes the folders, refuses a cache that belongs to another user or cannot be written (ERROR_HOST); removes trash. */
CHECKED bool cache_prepare(const struct place *p, struct error *err);

#endif
