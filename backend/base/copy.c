/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies between two folder fds, so that no path component can be a link that leads elsewhere. */
#include "base/copy.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* One thing to copy: where it is, where it goes, and its name for messages. */
struct item {
	int from_dir, to_dir;
	const char *from, *to;
	const char *shown;
};

static bool copy_by_hand(int from, int to)
{
	char *chunk = xmalloc(1 << 20);
	ssize_t got;
	bool ok = true;

	while (ok && (got = read(from, chunk, 1 << 20)) != 0) {
		for (ssize_t put = 0; ok && put < got;) {
			ssize_t done = write(to, chunk + put, (size_t)(got - put));

			ok = done > 0;
			put += done;
		}
		ok = ok && got > 0;
	}
	free(chunk);
	return ok;
}

static bool copy_piece(int from, int to, off_t at, off_t end)
{
	loff_t in = at, out = at;

	while (in < end)
		if (copy_file_range(from, &in, to, &out, (size_t)(end - in), 0) <= 0)
			return false;
	return true;
}

/* Copies only the file's data, piece by piece: holes stay holes. */
static bool copy_pieces(int from, int to, off_t size)
{
	off_t end = 0, at;

	while ((at = lseek(from, end, SEEK_DATA)) >= 0) {
		end = lseek(from, at, SEEK_HOLE);
		if (end < 0 || !copy_piece(from, to, at, end))
			return false;
	}
	return errno == ENXIO && ftruncate(to, size) == 0;
}

static bool copy_bytes(int from, int to, off_t size)
{
	if (size > 0 && copy_pieces(from, to, size))
		return true;
	/* Not supported between these file systems, or a file (in /proc) of unknown size. */
	if (size == 0 || errno == EXDEV || errno == EINVAL || errno == ENOSYS ||
		errno == EOPNOTSUPP)
		return lseek(from, 0, SEEK_SET) == 0 && ftruncate(to, 0) == 0 &&
		       copy_by_hand(from, to);
	return false;
}

static bool copy_regular(const struct item *i, bool sync, struct error *err)
{
	int from = openat(i->from_dir, i->from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), to = -1;
	struct stat st;
	bool ok = false;

	if (from < 0 || fstat(from, &st) < 0) {
		error_errno(err, "%s cannot be read", i->shown);
		goto out;
	}
	to = openat(i->to_dir, i->to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		st.st_mode & 0100 ? 0755 : 0644);
	ok = to >= 0 && copy_bytes(from, to, st.st_size) && (!sync || fsync(to) == 0);
	if (!ok)
		error_errno(err, "%s cannot be copied to %s", i->shown, i->to);
out:
	if (from >= 0)
		close(from);
	if (to >= 0 && close(to) < 0 && ok)
		ok = error_errno(err, "%s cannot be copied to %s", i->shown, i->to);
	return ok;
}

bool copy_file(const char *from, const char *to, bool sync, struct error *err)
{
	const struct item i = {AT_FDCWD, AT_FDCWD, from, to, from};

	return copy_regular(&i, sync, err);
}

static bool copy_link(const struct item *i, struct error *err)
{
	char target[4096];
	ssize_t len = readlinkat(i->from_dir, i->from, target, sizeof target - 1);

	if (len < 0)
		return error_errno(err, "the link %s cannot be read", i->shown);
	target[len] = '\0';
	return symlinkat(target, i->to_dir, i->to) == 0 ||
	       error_errno(err, "the link %s cannot be copied", i->shown);
}

static bool copy_item(const struct item *i, struct error *err);

static bool copy_entries(DIR *dir, int to, const char *shown, struct error *err)
{
	const struct dirent *d;
	bool ok = true;

	while (ok && (d = readdir(dir))) {
		struct text name = TEXT_INIT;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		text_fmt(&name, "%s/%s", shown, d->d_name);
		ok = copy_item(&(struct item){dirfd(dir), to, d->d_name, d->d_name, name.s}, err);
		text_release(&name);
	}
	return ok;
}

static bool copy_folder(const struct item *i, struct error *err)
{
	int from = openat(i->from_dir, i->from, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
	    to = -1;
	DIR *dir = from >= 0 ? fdopendir(from) : NULL;
	bool ok = false;

	if (!dir) {
		error_errno(err, "the folder %s cannot be read", i->shown);
		goto out;
	}
	if (mkdirat(i->to_dir, i->to, 0755) < 0 && errno != EEXIST) {
		error_errno(err, "the folder %s cannot be made", i->to);
		goto out;
	}
	to = openat(i->to_dir, i->to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	ok = to >= 0 ? copy_entries(dir, to, i->shown, err)
		     : error_errno(err, "%s is in the way of a folder", i->to);
out:
	if (dir)
		closedir(dir);
	else if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return ok;
}

static bool copy_item(const struct item *i, struct error *err)
{
	struct stat st;

	if (fstatat(i->from_dir, i->from, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "%s cannot be read", i->shown);
	if (S_ISDIR(st.st_mode))
		return copy_folder(i, err);
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return error_set(err, ERROR_STEP,
			"%s is neither a file nor a folder nor a link, and is not copied",
			i->shown);
	if (unlinkat(i->to_dir, i->to, 0) < 0 && errno != ENOENT)
		return error_errno(err, "%s cannot be replaced", i->to);
	return S_ISLNK(st.st_mode) ? copy_link(i, err) : copy_regular(i, false, err);
}

bool copy_tree(const char *from, const char *to, struct error *err)
{
	return copy_item(&(struct item){AT_FDCWD, AT_FDCWD, from, to, from}, err);
}

bool copy_make_parent(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct text parent = TEXT_INIT;
	bool ok = true;

	if (slash && slash > path) {
		text_add(&parent, path, (size_t)(slash - path));
		ok = place_make_folder(parent.s, err);
	}
	text_release(&parent);
	return ok;
}
