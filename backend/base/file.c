/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File operations: searching the data path, making folders, atomic writes, removing trees. */
#include "base/place.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct found {
	const char *relative, *path;
};

struct search {
	struct arena arena;
	VEC(struct found) files;
	size_t earlier; /* how many of them are from folders before this one */
	const char *suffix;
};

static bool ends_with(const char *s, const char *suffix)
{
	size_t a = strlen(s), b = strlen(suffix);

	return a >= b && memcmp(s + a - b, suffix, b) == 0;
}

/* In an earlier folder; one folder has no name twice. */
static bool seen(const struct search *s, const char *relative)
{
	for (size_t i = 0; i < s->earlier; i++)
		if (strcmp(s->files.at[i].relative, relative) == 0)
			return true;
	return false;
}

/* What a link leads to; file systems may leave it to us to find out what anything is. */
static unsigned char type_of(const char *path, unsigned char type)
{
	struct stat st;

	if (type != DT_LNK && type != DT_UNKNOWN)
		return type;
	return stat(path, &st) == 0 ? IFTODT(st.st_mode) : DT_UNKNOWN;
}

/* A file of one name in each folder: thousands of recipes are there, and the folders need not be listed. */
static void take_named(struct search *s, const char *root, const char *folder)
{
	const char *below = arena_fmt(&s->arena, "%s%s", folder, s->suffix);
	const char *full = arena_fmt(&s->arena, "%s/%s", root, below);
	struct stat st;

	if (stat(full, &st) == 0 && S_ISREG(st.st_mode) && !seen(s, below))
		vec_push_in(&s->arena, &s->files, (struct found){below, full});
}

static void walk(struct search *s, const char *root, const char *relative)
{
	const char *path = arena_fmt(&s->arena, "%s/%s", root, relative);
	DIR *dir = opendir(path);
	const struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		const char *below = arena_fmt(&s->arena, "%s/%s", relative, d->d_name);
		const char *full = arena_fmt(&s->arena, "%s/%s", root, below);
		unsigned char type = d->d_name[0] == '.' ? DT_UNKNOWN : type_of(full, d->d_type);

		if (type == DT_DIR && *s->suffix == '/')
			take_named(s, root, below);
		else if (type == DT_DIR)
			walk(s, root, below);
		else if (type == DT_REG && ends_with(below, s->suffix) && !seen(s, below))
			vec_push_in(&s->arena, &s->files, (struct found){below, full});
	}
	closedir(dir);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->relative, ((const struct found *)b)->relative);
}

bool place_each(const struct place *p, const char *folder, const char *suffix, place_each_fn *each,
	void *ctx, struct error *err)
{
	struct search s = {.arena = ARENA_INIT, .suffix = suffix};
	bool ok = true;

	for (size_t i = 0; i < p->data.n; i++) {
		s.earlier = s.files.n;
		walk(&s, p->data.at[i], folder);
	}
	if (s.files.n)
		qsort(s.files.at, s.files.n, sizeof *s.files.at, by_name);
	for (size_t i = 0; ok && i < s.files.n; i++)
		ok = each(ctx, s.files.at[i].relative, s.files.at[i].path, err);
	arena_release(&s.arena);
	return ok;
}

bool place_make_folder(const char *path, struct error *err)
{
	char *copy = xstrdup(path);
	struct stat st;
	bool ok = true;

	for (char *at = copy + 1; ok; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST &&
			(errno != EROFS || stat(copy, &st) != 0))
			ok = error_errno(err, "the folder %s cannot be made", copy);
		*at = c;
		if (c == '\0')
			break;
	}
	if (ok && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
		ok = error_set(err, ERROR_HOST, "%s is in the way: it is not a folder", path);
	free(copy);
	return ok;
}

/* access(2) says yes to root even where nothing can be made, as below /proc. */
static bool try_to_make(const char *folder)
{
	struct text path = TEXT_INIT;
	bool ok;

	text_fmt(&path, "%s/.bootsmith-%ld", folder, (long)getpid());
	ok = (mkdir(path.s, 0700) == 0 || errno == EEXIST) && rmdir(path.s) == 0;
	text_release(&path);
	return ok;
}

bool place_can_write_below(const char *path, struct error *err)
{
	char *nearest = xstrdup(path), *slash;
	struct stat st = {0};
	bool ok;

	/* the nearest that there is decides */
	while (stat(nearest, &st) != 0 && (errno == ENOENT || errno == ENOTDIR) &&
		(slash = strrchr(nearest, '/')))
		slash[slash == nearest] = '\0';
	if (st.st_mode && !S_ISDIR(st.st_mode))
		ok = error_set(err, ERROR_HOST, "%s is in the way: it is not a folder", nearest);
	else if (access(nearest, W_OK | X_OK) != 0)
		ok = error_set(err, ERROR_HOST, "the folder %s cannot be written: %s", nearest,
			strerror(errno));
	else
		ok = try_to_make(nearest) ||
		     error_set(err, ERROR_HOST, "nothing can be made in the folder %s: %s", nearest,
			     strerror(errno));
	free(nearest);
	return ok;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

static void sync_parent(const char *path)
{
	char *copy = xstrdup(path);
	char *slash = strrchr(copy, '/');
	int fd;

	if (slash)
		slash[slash == copy] = '\0';
	fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* Is it what the fd was opened as? */
static bool is_there_still(const char *path, int fd)
{
	struct stat there, ours;

	return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 && ours.st_dev == there.st_dev &&
	       ours.st_ino == there.st_ino;
}

/* A file's passing name is always the same, so that what a killed writer left is taken over by the next and not left behind
 * for ever; who writes the same file at the same time waits. */
static int open_passing(const char *path)
{
	int fd, tries = 0;

	for (;;) {
		fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
		/* somebody else's, or a link: in our folder it may go */
		if (fd < 0 && (errno == EACCES || errno == ELOOP) && !tries++ && unlink(path) == 0)
			continue;
		if (fd < 0)
			return -1;
		while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
			continue; /* where there are no locks, nobody else writes either */
		if (is_there_still(path, fd) && ftruncate(fd, 0) == 0)
			return fd;
		close(fd);
	}
}

static bool put_file(const char *path, const void *bytes, size_t len, bool sync, struct error *err)
{
	struct text temporary = TEXT_INIT;
	bool ok = false;
	int fd;

	text_fmt(&temporary, "%s.new", path);
	fd = open_passing(temporary.s);
	if (fd < 0) {
		error_errno(err, "%s cannot be written", path);
		goto out;
	}
	if (!write_all(fd, bytes, len) || (sync && fsync(fd) != 0)) {
		error_errno(err, "%s cannot be written", path);
		unlink(temporary.s);
		goto out;
	}
	if (rename(temporary.s, path) != 0) {
		error_errno(err, "%s cannot be put in place", path);
		unlink(temporary.s);
		goto out;
	}
	if (sync)
		sync_parent(path);
	ok = true;
out:
	if (fd >= 0)
		close(fd);
	text_release(&temporary);
	return ok;
}

bool place_write_file(const char *path, const void *bytes, size_t len, struct error *err)
{
	return put_file(path, bytes, len, true, err);
}

bool place_write_soon(const char *path, const void *bytes, size_t len, struct error *err)
{
	return put_file(path, bytes, len, false, err);
}

static bool remove_in(int parent, const char *name);

static bool remove_folder(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct dirent *d;
	bool ok = true;
	DIR *dir;

	if (fd < 0)
		return errno == ENOENT; /* somebody else already removed it */
	fchmod(fd, 0700);		/* a read-only folder cannot be emptied */
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return false;
	}
	while (ok && (d = readdir(dir)))
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			ok = remove_in(fd, d->d_name);
	closedir(dir);
	return ok && (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT);
}

static bool remove_in(int parent, const char *name)
{
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	return remove_folder(parent, name);
}

bool place_remove(const char *path, struct error *err)
{
	if (remove_in(AT_FDCWD, path))
		return true;
	return error_errno(err, "%s cannot be removed", path);
}
