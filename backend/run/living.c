/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the runs whose builder is alive. */
#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/journal.h"
#include "run/run.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

static void add_living(struct living_runs *l, struct arena *a, const char *folder)
{
	const char *about = arena_fmt(a, "%s/about", folder);
	struct error ignored;
	struct run *r;
	struct stat st;

	if (!lock_is_held(arena_fmt(a, "%s/lock", folder)) || stat(about, &st) != 0 ||
		!run_open(&r, folder, &ignored))
		return;
	if (run_is_own(r))
		vec_push_in(a, l,
			(struct living_run){folder, arena_str(a, run_profile(r)), run_kind(r),
				st.st_mtim.tv_sec});
	run_free(r);
}

static int newest_first(const void *left, const void *right)
{
	const struct living_run *a = left, *b = right;

	return strcmp(b->folder, a->folder);
}

void run_living(const struct place *place, struct arena *a, struct living_runs *l)
{
	const char *runs = arena_fmt(a, "%s/run", place->cache);
	DIR *dir = opendir(runs);
	const struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			add_living(l, a, arena_fmt(a, "%s/%s", runs, d->d_name));
	if (dir)
		closedir(dir);
	if (l->n)
		qsort(l->at, l->n, sizeof *l->at, newest_first);
}
