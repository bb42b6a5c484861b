/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a folder into which a program unpacked a file (see opener.h). We own everything in it, so owners say nothing. */
#include "contents/contents_walk.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool tell_bytes(const FTSENT *f, const struct walker *w, struct error *err)
{
	int fd = open(f->fts_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool ok = fd >= 0 || error_errno(err, "%s cannot be read", f->fts_path);

	ok = ok && contents_tell_range(fd, 0, (uint64_t)f->fts_statp->st_size, f->fts_path, w, err);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool contents_walk_folder(const char *path, const struct walker *w, struct error *err)
{
	char *const roots[] = {(char *)(uintptr_t)path, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	const FTSENT *f;
	bool ok = walk != NULL;

	while (ok && (errno = 0, f = fts_read(walk))) {
		struct content e = {.path = f->fts_path + strlen(path)};
		bool wants = false;

		if (f->fts_level == FTS_ROOTLEVEL || f->fts_info == FTS_DP)
			continue;
		if (f->fts_info != FTS_F && f->fts_info != FTS_D) {
			ok = error_set(err, ERROR_STEP, "%s is neither file nor folder", e.path);
			break;
		}
		e.mode = f->fts_statp->st_mode;
		e.mtime = f->fts_statp->st_mtime;
		e.size = f->fts_info == FTS_F ? (uint64_t)f->fts_statp->st_size : 0;
		ok = w->entry(w->ctx, &e, &wants, err) && (!wants || tell_bytes(f, w, err));
	}
	if (!walk || (ok && errno))
		ok = error_errno(err, "%s cannot be read", path);
	if (walk)
		fts_close(walk);
	return ok;
}
