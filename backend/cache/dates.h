/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The date of a source: that of the newest file in its archive. It is the same whoever looks, whenever and from wherever the
 * archive came, so results may bear it. It is found when an archive is unpacked, and kept (cache/index/date-...).
 */
#ifndef DATES_H
#define DATES_H

#include "base/place.h"
#include <time.h>

/* FAT knows no earlier date, and an archive without dates has to get one, too. */
#define DATES_FIRST ((time_t)315532800) /* 1980-01-01 */

struct archive_entry;
/* Makes *newest the later one of itself and the entry's date. Folders and links do not count, nor do dates beyond 32 bits. */
void dates_take(time_t *newest, struct archive_entry *e);

/* `archive` is its path in the cache. */
bool dates_are_known(const struct place *p, const char *archive);
void dates_keep(const struct place *p, const char *archive, time_t newest); /* best effort */
/* Reads the archive where its date is not known yet. */
CHECKED bool dates_find(
	const struct place *p, const char *archive, time_t *newest, struct error *err);

/* What a date is called in data: {epoch}, seconds since 1970; {date}, as ISO 9660 has it; {day}, 2026-01-01, for banners. NULL
 * for any other name. */
const char *dates_name(struct arena *a, const char *name, time_t when);

/* Where it is kept; for whoever shares a cache's knowledge. */
void dates_path(const struct place *p, const char *archive, struct text *out);

#endif
