/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prepares the folder of a second build: where it is, and what it shares with the first one's cache. */
#include "run/rebuild.h"

#include "base/arena.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache_entry.h"
#include "cache/dates.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/banned.h"

/* Disk space of a build for each byte of its archives (plan_look.c says how that was measured), and of the images. */
enum { SPACE_TIMES = 14 };
#define SPACE_LEAST ((uint64_t)512 << 20)
#define TMPFS	    0x01021994

/* ---- where ---- */

/* A file system in memory counts only by its free space, half of which is left for the programs. */
static uint64_t memory_free(void)
{
	struct text t = TEXT_INIT;
	struct error ignored;
	const char *at;
	uint64_t kib = 0;

	if (text_read_file(&t, "/proc/meminfo", 1 << 16, &ignored) &&
		(at = strstr(t.s, "MemAvailable:")))
		kib = strtoull(at + strlen("MemAvailable:"), NULL, 10);
	text_release(&t);
	return kib * 1024 / 2;
}

static bool has_room(const char *folder, uint64_t bytes)
{
	struct statvfs fs;
	struct statfs kind;

	if (access(folder, W_OK | X_OK) != 0 || statvfs(folder, &fs) != 0 ||
		statfs(folder, &kind) != 0 || fs.f_flag & (ST_NOEXEC | ST_RDONLY))
		return false;
	return (uint64_t)fs.f_bavail * fs.f_frsize > bytes &&
	       (kind.f_type != TMPFS || memory_free() > bytes);
}

static bool on_another_file_system(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev != y.st_dev;
}

/* A file system other than the cache's lists folders in another order, so use the first such one. */
static const char *choose_parent(
	struct rebuild *r, const struct place *place, uint64_t bytes, struct error *err)
{
	const char *temporary = getenv("TMPDIR");
	const char *const candidates[] = {temporary && temporary[0] == '/' ? temporary : "/tmp",
		"/dev/shm", "/tmp", "/var/tmp", arena_fmt(&r->arena, "%s/tmp", place->cache)};
	const size_t n = sizeof candidates / sizeof candidates[0];

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++)
			if (has_room(candidates[i], bytes) &&
				(pass == 1 ||
					on_another_file_system(candidates[i], place->cache))) {
				r->other_order = pass == 0;
				return candidates[i];
			}
	error_set(err, ERROR_HOST,
		"building everything again takes about %" PRIu64
		" MiB, and neither $TMPDIR nor /dev/shm, /tmp, /var/tmp or the cache has room for that; make some, or name a folder with room in TMPDIR",
		bytes >> 20);
	return NULL;
}

static uint64_t space_needed(const struct plan *plan, bool images_only)
{
	uint64_t bytes = SPACE_LEAST;

	for (size_t i = 0; i < plan->sources.n && !images_only; i++) {
		struct stat st;

		if (stat(plan->sources.at[i].path, &st) == 0)
			bytes += (uint64_t)st.st_size * SPACE_TIMES;
	}
	return bytes;
}

/* The names contain what trips programs: a letter beyond ASCII, and a blank where make is not involved. "che" is a literal of its
 * own because \xa4 would take its c as one more hex digit. */
static bool make_folders(struct rebuild *r, const char *parent, struct error *err)
{
	char *folder = arena_fmt(&r->arena, "%s/bootsmith-v\xc3\xa9rify-XXXXXX", parent);

	if (!mkdtemp(folder)) {
		error_errno(err, "no folder can be made in %s", parent);
		return false;
	}
	r->folder = folder;
	r->cache = arena_fmt(&r->arena, "%s/%s", folder,
		r->images_only ? "another c\xc3\xa4"
				 "che"
			       : "c\xc3\xa4"
				 "che");
	r->output = arena_fmt(&r->arena, "%s/its r\xc3\xa9sults", folder);
	r->work = arena_fmt(&r->arena, "%s/compare", folder);
	r->state = arena_fmt(&r->arena, "%s/state", folder);
	r->lock = arena_fmt(&r->arena, "%s/lock", folder);
	return place_make_folder(r->cache, err) && place_make_folder(r->work, err) &&
	       place_make_folder(r->state, err);
}

/* ---- what is shared ---- */

/* `path` in our cache appears under the same relative path in the other one. */
static bool share(struct rebuild *r, const struct plan *plan, const char *path, struct error *err)
{
	size_t len = strlen(plan->cache);
	const char *to = arena_fmt(&r->arena, "%s%s", r->cache, path + len);
	struct text lock = TEXT_INIT;
	int fd = -1;
	bool ok;

	cache_lock_path(&lock, plan->cache, path + len + 1);
	ok = lock_try(lock.s, LOCK_USE, &fd, err);
	text_release(&lock);
	if (!ok)
		return false;
	if (fd >= 0)
		vec_push_in(&r->arena, &r->locks, fd);
	return copy_make_parent(to, err) &&
	       (symlink(path, to) == 0 || error_errno(err, "%s cannot be made", to));
}

static bool lies_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* Unpacking an archive finds its date again; sharing the date spares reading the others. */
static bool share_date(struct rebuild *r, const struct plan *plan, const struct place *place,
	const char *archive, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	dates_path(place, archive, &path);
	if (access(path.s, R_OK) == 0)
		ok = share(r, plan, path.s, err);
	text_release(&path);
	return ok;
}

static bool share_all(
	struct rebuild *r, const struct plan *plan, const struct place *place, struct error *err)
{
	for (size_t i = 0; i < plan->sources.n; i++) {
		const char *path = plan->sources.at[i].path;

		if (access(path, R_OK) == 0 && !share(r, plan, path, err))
			return false;
		if (r->images_only && !share_date(r, plan, place, path, err))
			return false;
	}
	for (size_t i = 0; r->images_only && i < plan->units.n; i++) {
		const struct unit *u = plan->units.at[i];

		/* a source has no work folder, an image has a listing */
		if (u->result && u->work && !u->tree && lies_below(u->result, plan->cache) &&
			!share(r, plan, u->result, err))
			return false;
	}
	return true;
}

/* The lock makes the second build use the same archives. An archive accepted only by name has no hash to lock. */
static bool write_lock(struct rebuild *r, const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->sources.n; i++)
		if (!plan->sources.at[i].sha256)
			r->lock = "";
	return !*r->lock ||
	       place_write_file(r->lock, plan->lock_text, strlen(plan->lock_text), err);
}

bool rebuild_prepare(struct rebuild *r, const struct plan *plan, const struct place *place,
	bool images_only, struct error *err)
{
	const char *parent;
	bool ok;

	*r = (struct rebuild){.arena = ARENA_INIT, .images_only = images_only};
	r->jobs = plan->jobs + 1;
	parent = choose_parent(r, place, space_needed(plan, images_only), err);
	ok = parent && make_folders(r, parent, err) && share_all(r, plan, place, err) &&
	     write_lock(r, plan, err);
	if (!ok)
		rebuild_release(r);
	return ok;
}

void rebuild_release(struct rebuild *r)
{
	struct error ignored;

	if (r->folder && !r->keep && !place_remove(r->folder, &ignored))
		r->keep = true; /* what cannot be removed stays, in a folder for temporary files */
	for (size_t i = 0; i < r->locks.n; i++)
		lock_release(r->locks.at[i]);
	arena_release(&r->arena);
	r->locks.n = 0;
	r->folder = NULL;
}
