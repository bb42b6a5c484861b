/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records what a folder holds without following links; the listing is the record. */
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/manifest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define LISTED_FILES 4000 /* a folder with more entries is only counted */
#define RECORD_LIMIT ((size_t)16 * 1024 * 1024)
#define HEAD	     "bootsmith-manifest 1 %" PRIu64 " %" PRIu64 "\n"

struct listing {
	struct arena arena;
	const char *root;
	struct strings paths; /* relative, sorted at the end; no more than LISTED_FILES + 1 */
	struct manifest_total total;
};

static void walk(struct listing *l, int parent, const char *name, const char *relative)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *d;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((d = readdir(dir))) {
		const char *below = NULL;
		struct stat st;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
			fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		l->total.files++;
		l->total.bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		/* Beyond the limit names are not recorded, so free them. */
		if (l->paths.n <= LISTED_FILES) {
			below = arena_fmt(
				&l->arena, "%s%s%s", relative, *relative ? "/" : "", d->d_name);
			vec_push_in(&l->arena, &l->paths, below);
		}
		if (S_ISDIR(st.st_mode))
			walk(l, fd, d->d_name, below ? below : "");
	}
	closedir(dir);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list(struct listing *l, const char *root)
{
	*l = (struct listing){.arena = ARENA_INIT, .root = root};
	walk(l, AT_FDCWD, root, "");
	if (l->paths.n > 1)
		qsort(l->paths.at, l->paths.n, sizeof l->paths.at[0], by_name);
}

static bool print_entry(struct text *out, const char *root, const char *relative, struct error *err)
{
	struct text path = TEXT_INIT;
	char hex[HASH_HEX] = "-", target[4096];
	struct stat st;
	ssize_t len;
	bool ok;

	text_fmt(&path, "%s/%s", root, relative);
	ok = lstat(path.s, &st) == 0 || error_errno(err, "%s cannot be read", path.s);
	if (ok && S_ISREG(st.st_mode)) {
		ok = hash_file(path.s, hex, err);
	} else if (ok && S_ISLNK(st.st_mode)) {
		len = readlink(path.s, target, sizeof target);
		hash_bytes(target, len > 0 ? (size_t)len : 0, hex);
	}
	if (ok)
		text_fmt(out, "%06o %" PRIu64 " %s %s\n", st.st_mode,
			S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, hex, relative);
	text_release(&path);
	return ok;
}

/* The record that the folder, as it is now, should have. */
static bool print_record(struct text *out, const char *folder, struct error *err)
{
	struct listing l;
	bool ok = true;

	list(&l, folder);
	text_fmt(out, HEAD, l.total.files, l.total.bytes);
	for (size_t i = 0; ok && i < l.paths.n && l.total.files <= LISTED_FILES; i++)
		ok = print_entry(out, folder, l.paths.at[i], err);
	arena_release(&l.arena);
	return ok;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool manifest_record(const char *folder, struct error *err)
{
	struct text path = TEXT_INIT, record = TEXT_INIT;
	bool ok = true;

	if (is_folder(folder)) {
		text_fmt(&path, "%s.manifest", folder);
		ok = print_record(&record, folder, err) &&
		     place_write_file(path.s, record.s, record.len, err);
	}
	text_release(&path);
	text_release(&record);
	return ok;
}

/* The name at the end of the first line that differs. */
static void say_difference(struct text *reason, const char *was, const char *is)
{
	const char *line = was;

	while (*was && *was == *is) {
		if (*was == '\n')
			line = was + 1;
		was++;
		is++;
	}
	was = *line ? line : was;
	for (int blanks = 0; blanks < 3 && *was && *was != '\n'; was++)
		blanks += *was == ' ';
	if (*was && *was != '\n')
		text_fmt(reason, "%.*s is not what it was", (int)strcspn(was, "\n"), was);
	else
		text_str(reason, "there are files that were not there");
}

static void compare(
	const char *was, const char *is, enum manifest_verdict *verdict, struct text *reason)
{
	struct manifest_total a = {0}, b = {0};

	*verdict = strcmp(was, is) == 0 ? MANIFEST_SAME : MANIFEST_DIFFERS;
	if (*verdict == MANIFEST_SAME)
		return;
	if (sscanf(was, HEAD, &a.files, &a.bytes) != 2)
		text_str(reason, "its record is damaged");
	else if (sscanf(is, HEAD, &b.files, &b.bytes) == 2 &&
		 (a.files != b.files || a.bytes != b.bytes))
		text_fmt(reason,
			"it has %" PRIu64 " files and %" PRIu64 " bytes, it had %" PRIu64
			" and %" PRIu64,
			b.files, b.bytes, a.files, a.bytes);
	else
		say_difference(reason, was, is);
}

bool manifest_check(
	const char *folder, enum manifest_verdict *verdict, struct text *reason, struct error *err)
{
	struct text path = TEXT_INIT, was = TEXT_INIT, is = TEXT_INIT;
	bool ok = true;

	text_fmt(&path, "%s.manifest", folder);
	*verdict = MANIFEST_MISSING;
	if (access(path.s, F_OK) == 0) {
		ok = text_read_file(&was, path.s, RECORD_LIMIT, err) &&
		     print_record(&is, folder, err);
		if (ok)
			compare(was.s, is.s, verdict, reason);
	}
	text_release(&path);
	text_release(&was);
	text_release(&is);
	return ok;
}

static bool read_total(const char *path, struct manifest_total *total)
{
	struct text record = TEXT_INIT;
	char head[128] = "";
	int fd;
	bool ok;

	text_fmt(&record, "%s.manifest", path);
	fd = open(record.s, O_RDONLY | O_CLOEXEC);
	text_release(&record);
	if (fd < 0)
		return false;
	ok = read(fd, head, sizeof head - 1) > 0 &&
	     sscanf(head, HEAD, &total->files, &total->bytes) == 2;
	close(fd);
	return ok;
}

struct manifest_total manifest_measure(const char *path)
{
	struct manifest_total total = {0};
	struct listing l;
	struct stat st;

	if (!is_folder(path)) {
		if (lstat(path, &st) == 0)
			total = (struct manifest_total){1, (uint64_t)st.st_size};
		return total;
	}
	if (read_total(path, &total))
		return total;
	list(&l, path);
	total = l.total;
	arena_release(&l.arena);
	return total;
}
