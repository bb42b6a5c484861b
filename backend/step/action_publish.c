/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * publish STAGING RESULT: makes a finished stage visible. Its bytes are on disk before its name is, and the name before the step
 * ends, so that a stage is complete or absent whatever happens to the machine.
 */
#include "base/copy.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache_entry.h"
#include "cache/twin.h"
#include "plan/plan.h"
#include "step/action.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define SINGLY 100 /* with more files than this sync the whole file system at once */

static bool sync_one(const char *path, int flags, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		error_errno(err, "%s cannot be brought to the disk", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Syncs files and folders one by one while *left lasts. */
static bool sync_below(const char *path, size_t *left, struct error *err)
{
	DIR *dir = opendir(path);
	const struct dirent *d;
	struct text below = TEXT_INIT;
	bool ok = dir != NULL || error_errno(err, "%s cannot be read", path);

	while (ok && dir && *left > 0 && (d = readdir(dir))) {
		struct stat st;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		(*left)--;
		text_clear(&below);
		text_fmt(&below, "%s/%s", path, d->d_name);
		if (lstat(below.s, &st) != 0)
			ok = error_errno(err, "%s cannot be read", below.s);
		else if (S_ISDIR(st.st_mode))
			ok = sync_below(below.s, left, err);
		else if (S_ISREG(st.st_mode))
			ok = sync_one(below.s, 0, err);
	}
	if (dir)
		closedir(dir);
	text_release(&below);
	return ok && sync_one(path, O_DIRECTORY, err);
}

static bool sync_all(const char *path, struct error *err)
{
	size_t left = SINGLY;
	struct stat st;
	int fd;
	bool ok;

	if (lstat(path, &st) != 0)
		return error_errno(err, "%s was to be published, but it is not there", path);
	if (!S_ISDIR(st.st_mode))
		return sync_one(path, 0, err);
	if (!sync_below(path, &left, err))
		return false;
	if (left > 0)
		return true;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok = fd >= 0 && syncfs(fd) == 0;
	if (!ok)
		error_errno(err, "%s cannot be brought to the disk", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool sync_parent(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct text parent = TEXT_INIT;
	bool ok;

	text_add(&parent, slash ? path : ".", slash > path ? (size_t)(slash - path) : 1);
	ok = sync_one(parent.s, O_DIRECTORY, err);
	text_release(&parent);
	return ok;
}

bool action_publish(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *staging = args->at[0], *result = args->at[1];
	char content[HASH_HEX];

	if (access(result, F_OK) == 0)
		return place_remove(staging,
			err); /* somebody else was faster; having the same key, what is there is the same */
	/* the record comes first: what has its name in the cache has one */
	if (!sync_all(staging, err) || !copy_make_parent(result, err) ||
		!cache_record(c->place->cache, staging, result, err))
		return false;
	if (plan_content_key(c->place->cache, c->step, content))
		twin_note(c->place->cache, content, result);
	if (rename(staging, result) == 0)
		return sync_parent(result, err);
	if (errno == EEXIST || errno == ENOTEMPTY)
		return place_remove(staging, err);
	return error_errno(err, "%s cannot be published as %s", staging, result);
}
