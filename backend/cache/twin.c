/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the hints, and makes an entry's content appear under another key. */
#include "cache/twin.h"

#include "base/arena.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/lock.h"
#include "base/manifest.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache_entry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define FOLDER "content"

bool twin_content(const char *cache, const char *result, char hex[HASH_HEX])
{
	const char *relative = cache_relative(cache, result);
	struct text record = TEXT_INIT;
	bool ok = false;

	if (relative && access(result, F_OK) == 0) {
		cache_record_path(&record, cache, relative);
		ok = manifest_content(record.s, hex);
	}
	text_release(&record);
	return ok;
}

void twin_note(const char *cache, const char *key, const char *result)
{
	const char *relative = cache_relative(cache, result);
	struct text path = TEXT_INIT;
	struct error ignored;

	if (relative) {
		text_fmt(&path, "%s/" FOLDER "/%s", cache, key);
		if (!copy_make_parent(path.s, &ignored) ||
			!place_write_soon(path.s, relative, strlen(relative), &ignored))
			unlink(path.s);
	}
	text_release(&path);
}

void twin_forget(const char *cache, const char *key)
{
	struct text path = TEXT_INIT;

	text_fmt(&path, "%s/" FOLDER "/%s", cache, key);
	unlink(path.s);
	text_release(&path);
}

/* "stage/NAME-KEY": a hint leads nowhere else. */
static bool is_entry(const char *relative)
{
	const char *name = relative + strlen("stage/");

	return strncmp(relative, "stage/", strlen("stage/")) == 0 && *name && *name != '.' &&
	       !strpbrk(name, "/\n");
}

/* False if the hint cannot be read or is none. */
static bool read_hint(const char *path, struct text *relative)
{
	enum { LIMIT = 300 };
	struct error ignored;

	return text_read_file(relative, path, LIMIT, &ignored) && is_entry(relative->s);
}

const char *twin_find(const char *cache, const char *key, struct arena *a)
{
	struct text path = TEXT_INIT, relative = TEXT_INIT;
	const char *found = NULL;

	text_fmt(&path, "%s/" FOLDER "/%s", cache, key);
	if (access(path.s, F_OK) == 0 && read_hint(path.s, &relative)) {
		found = arena_fmt(a, "%s/%s", cache, relative.s);
		text_clear(&path);
		cache_record_path(&path, cache, relative.s);
		if (access(found, F_OK) != 0 || access(path.s, F_OK) != 0)
			found = NULL;
	}
	text_release(&path);
	text_release(&relative);
	return found;
}

/* ---- taking over ---- */

/* Names reach the disk before the entry has its own; the bytes did when the twin was published. */
static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool link_one(const FTSENT *f, const char *to)
{
	const mode_t mode = f->fts_statp->st_mode & 07777;

	switch (f->fts_info) {
	case FTS_D:
		return mkdir(to, 0700) == 0;
	case FTS_DP: /* now nothing more comes into it */
		return sync_folder(to) && chmod(to, mode) == 0;
	case FTS_F:
	case FTS_SL:
	case FTS_SLNONE:
		return linkat(AT_FDCWD, f->fts_accpath, AT_FDCWD, to, 0) == 0;
	default:
		return false;
	}
}

/* False where a file system has no (more) hard links, or the twin vanishes meanwhile. */
static bool link_tree(const char *from, const char *to)
{
	char *roots[] = {xstrdup(from), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	struct text path = TEXT_INIT;
	const FTSENT *f = NULL;
	bool ok = walk != NULL;

	while (ok && (errno = 0, f = fts_read(walk))) {
		text_clear(&path);
		text_fmt(&path, "%s%s", to, f->fts_path + strlen(from));
		ok = link_one(f, path.s);
	}
	ok = ok && errno == 0;
	if (walk)
		fts_close(walk);
	free(roots[0]);
	text_release(&path);
	return ok;
}

/* The record is made anew from all bytes, and says the same as the twin's or nothing is taken. */
static bool publish(const char *cache, const char *staging, const char *twin, const char *result,
	bool *taken, struct error *err)
{
	const char *relative = cache_relative(cache, result);
	char was[HASH_HEX], is[HASH_HEX];
	struct text record = TEXT_INIT;
	bool ok = cache_record(cache, staging, result, err);

	cache_record_path(&record, cache, relative);
	*taken = ok && twin_content(cache, twin, was) && manifest_content(record.s, is) &&
		 strcmp(was, is) == 0;
	if (!*taken) {
		unlink(record.s);
	} else if (rename(staging, result) != 0) {
		*taken = false;
		ok = error_errno(err, "%s cannot be published", result);
	} else {
		text_clear(&record);
		text_add(&record, result, (size_t)(strrchr(result, '/') - result));
		ok = sync_folder(record.s) ||
		     error_errno(err, "%s cannot be brought to the disk", record.s);
	}
	text_release(&record);
	return ok;
}

bool twin_take(
	const char *cache, const char *twin, const char *result, bool *taken, struct error *err)
{
	const char *from = cache_relative(cache, twin), *to = cache_relative(cache, result);
	struct text lock = TEXT_INIT, staging = TEXT_INIT;
	struct error ignored;
	int fd = -1;
	bool ok;

	*taken = false;
	if (!from || !to || strcmp(from, to) == 0)
		return true;
	cache_lock_path(&lock, cache, from);
	text_fmt(&staging, "%s/tmp/twin-%s", cache, strrchr(to, '/') + 1);
	ok = lock_try(lock.s, LOCK_USE, &fd, err) && (fd < 0 || place_remove(staging.s, err));
	if (ok && fd >= 0 && link_tree(twin, staging.s))
		ok = publish(cache, staging.s, twin, result, taken, err);
	/* of one that was published nothing is left there; any other goes with the next attempt at the latest */
	if (fd >= 0 && !*taken && !place_remove(staging.s, &ignored))
		*taken = false;
	lock_release(fd);
	text_release(&lock);
	text_release(&staging);
	return ok;
}

/* ---- all hints ---- */

bool twin_any(const char *cache)
{
	struct text path = TEXT_INIT;
	bool any;

	text_fmt(&path, "%s/" FOLDER, cache);
	any = access(path.s, F_OK) == 0;
	text_release(&path);
	return any;
}

static bool leads_somewhere(const char *cache, const char *path)
{
	struct text relative = TEXT_INIT, entry = TEXT_INIT;
	bool there = read_hint(path, &relative);

	text_fmt(&entry, "%s/%s", cache, relative.s);
	there = there && access(entry.s, F_OK) == 0;
	text_release(&relative);
	text_release(&entry);
	return there;
}

void twin_clean(const char *cache)
{
	struct text folder = TEXT_INIT, path = TEXT_INIT;
	const struct dirent *d;
	DIR *dir;

	text_fmt(&folder, "%s/" FOLDER, cache);
	dir = opendir(folder.s);
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		text_clear(&path);
		text_fmt(&path, "%s/%s", folder.s, d->d_name);
		if (!hash_is_hex(d->d_name) || !leads_somewhere(cache, path.s))
			unlink(path.s);
	}
	if (dir)
		closedir(dir);
	rmdir(folder.s); /* only an empty one goes */
	text_release(&folder);
	text_release(&path);
}
