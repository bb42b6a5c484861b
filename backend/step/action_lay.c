/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lay FOLDER EPOCH FILE: writes the unit's listing as real files to a new folder, for a program that makes the medium FILE from
 * them. Without privileges owners cannot be set, so that program must make root the owner; devices cannot be created at all.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "step/image.h"
#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { PIECE = 128 * 1024 };

static bool lay_content(struct tree_reader *r, int fd, const char *path, struct error *err)
{
	static char piece[PIECE];
	size_t n = 0;

	do {
		if (!tree_read(r, piece, sizeof piece, &n, err))
			return false;
		for (size_t at = 0; at < n;) {
			ssize_t done = write(fd, piece + at, n - at);

			if (done < 0 && errno != EINTR)
				return error_errno(err, "%s cannot be written", path);
			at += done > 0 ? (size_t)done : 0;
		}
	} while (n);
	return true;
}

static bool lay_file(const struct tree_entry *e, const char *path, struct error *err)
{
	struct tree_reader r;
	bool ok = tree_open(&r, e, err);
	int fd = ok ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;

	if (ok && fd < 0)
		ok = error_errno(err, "%s cannot be made", path);
	ok = ok && lay_content(&r, fd, path, err);
	if (ok && fchmod(fd, e->mode) < 0)
		ok = error_errno(err, "the mode of %s cannot be set", path);
	if (fd >= 0 && close(fd) < 0 && ok)
		ok = error_errno(err, "%s cannot be written", path);
	tree_close(&r);
	return ok;
}

bool image_lay(const struct tree_entry *e, const char *path, struct error *err)
{
	switch (e->kind) {
	case TREE_FOLDER:
		return (mkdir(path, 0700) == 0 && chmod(path, e->mode) == 0) ||
		       error_errno(err, "%s cannot be made", path);
	case TREE_FILE:
		return lay_file(e, path, err);
	case TREE_LINK:
		return symlink(e->target, path) == 0 || error_errno(err, "%s cannot be made", path);
	default:
		return error_set(err, ERROR_PROFILE,
			"%s is a device, which no medium of this kind holds", e->path);
	}
}

/* Creating a file in a folder changes the folder's date, so dates come last. */
static bool set_dates(const struct image_job *j, const char *folder, struct error *err)
{
	const struct timespec times[2] = {{.tv_sec = j->epoch}, {.tv_sec = j->epoch}};

	for (size_t i = j->tree->entries.n; i-- > 0;) {
		const char *path =
			arena_fmt(j->tree->arena, "%s%s", folder, j->tree->entries.at[i].path);

		if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) < 0)
			return error_errno(err, "the date of %s cannot be set", path);
	}
	return true;
}

bool action_lay(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *folder = args->at[0];
	struct image_job j;

	/* a killed run may have left parts of it */
	if (!place_remove(folder, err) || !place_make_folder(folder, err) ||
		!image_begin(&j, c, args->at[2], args->at[1], err))
		return false;
	for (size_t i = 0; i < j.tree->entries.n; i++) {
		const struct tree_entry *e = &j.tree->entries.at[i];

		if (!image_lay(e, arena_fmt(j.tree->arena, "%s%s", folder, e->path), err))
			return false;
	}
	dprintf(STDOUT_FILENO, "%s: %zu entries\n", folder, j.tree->entries.n);
	return set_dates(&j, folder, err);
}
