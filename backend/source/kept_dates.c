/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers and restores dates of files that others are generated from. */
#include "source/kept_dates.h"

#include "base/arena.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

static bool generates(const char *name)
{
	static const char *const names[] = {"configure.ac", "configure.in", "*.m4", "*.am"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (fnmatch(names[i], name, 0) == 0)
			return true;
	return false;
}

bool kept_dates_read(struct kept_dates *out, const char *tree, struct arena *a, struct error *err)
{
	char *roots[] = {arena_str(a, tree), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *e;

	if (!walk)
		return error_errno(err, "%s cannot be read", tree);
	while ((e = fts_read(walk)))
		if (e->fts_info == FTS_F && generates(e->fts_name))
			vec_push_in(a, out,
				(struct kept_date){
					arena_str(a, e->fts_path), e->fts_statp->st_mtim});
	fts_close(walk);
	return true;
}

void kept_dates_restore(const struct kept_dates *dates)
{
	for (size_t i = 0; i < dates->n; i++) {
		const struct timespec both[] = {{.tv_nsec = UTIME_OMIT}, dates->at[i].date};

		if (utimensat(AT_FDCWD, dates->at[i].path, both, AT_SYMLINK_NOFOLLOW) != 0 &&
			errno != ENOENT)
			return; /* make starts autoconf then, as it would have without us */
	}
}
