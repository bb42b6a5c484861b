/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dates of what configure scripts are made from. A patch of configure.ac makes it newer than the script that the release came
 * with, and make would then start autoconf, of which machines have other versions, or none. With its old date it is what it was
 * for make; a recipe that wants the script made anew says so itself.
 */
#ifndef KEPT_DATES_H
#define KEPT_DATES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include <time.h>

struct kept_date {
	const char *path;
	struct timespec date;
};
struct kept_dates {
	struct kept_date *at;
	size_t n, cap;
};

/* The strings live in the arena. */
CHECKED bool kept_dates_read(
	struct kept_dates *out, const char *tree, struct arena *a, struct error *err);
/* Files that are gone by now are left out. */
void kept_dates_restore(const struct kept_dates *dates);

#endif
