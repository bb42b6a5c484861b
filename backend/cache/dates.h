/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The date of a source: that of the newest file in its archive. It does not depend on who looks, when, or where the archive came
 * from, so build results may contain it. It is found when an archive is unpacked, and kept (cache/index/date-...).
 */
#ifndef DATES_H
#define DATES_H

#include "base/place.h"
#include <time.h>

/* FAT has no earlier date, and an archive without dates needs one too. */
#define DATES_FIRST ((time_t)315532800) /* 1980-01-01 */

struct archive_entry;
/* Makes *newest the later of itself and the entry's date. Folders, links and dates beyond 32 bits do not count. */
void dates_take(time_t *newest, struct archive_entry *e);

/* `archive` is its path in the cache. */
bool dates_are_known(const struct place *p, const char *archive);
void dates_keep(const struct place *p, const char *archive, time_t newest); /* best effort */
/* Reads the archive if its date is not known yet. */
CHECKED bool dates_find(
	const struct place *p, const char *archive, time_t *newest, struct error *err);

/* The names of dates in data: {epoch}, seconds since 1970; {date}, the form of ISO 9660; {day}, 2026-01-01, for banners. NULL for
 * any other name. */
const char *dates_name(struct arena *a, const char *name, time_t when);

/* The file it is kept in; for those that share a cache's knowledge. */
void dates_path(const struct place *p, const char *archive, struct text *out);

#endif
