/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prepares the cache folder, checks that it is ours, and reports what it holds. */
#include "base/arena.h"
#include "base/error.h"
#include "base/manifest.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache.h"
#include "cache/cache_entry.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define STALE_SECONDS (2 * 24 * 3600) /* nothing in progress stays unchanged that long */

/* Folders with entries come first. */
static const char *const folders[] = {
	"bad", "index", "last", "run", "source", "stage", "tmp", "tree", "work", "lock", "record"};

const char *cache_kind_word(enum cache_kind kind)
{
	return folders[kind];
}

#define ELSEWHERE "; the variable BOOTSMITH_CACHE can name another folder"

static bool refuse_owner(uid_t uid, const char *cache, struct error *err)
{
	const struct passwd *owner = getpwuid(uid);

	if (owner)
		return error_set(err, ERROR_HOST, "the cache %s belongs to the user %s" ELSEWHERE,
			cache, owner->pw_name);
	return error_set(err, ERROR_HOST,
		"the cache %s belongs to another user (number %ld)" ELSEWHERE, cache, (long)uid);
}

/* When root uses somebody's checkout (as containers do) what counts is the owner of the cache's contents: the folder itself came
 * with the checkout. */
static bool came_with_checkout(const char *cache, uid_t uid)
{
	struct text parent = TEXT_INIT;
	struct stat st;
	bool came;

	text_fmt(&parent, "%s/..", cache);
	came = geteuid() == 0 && stat(parent.s, &st) == 0 && st.st_uid == uid;
	text_release(&parent);
	return came;
}

static bool check_owner(const char *cache, struct error *err)
{
	struct text lock = TEXT_INIT;
	struct stat st;
	bool ok = true;

	text_fmt(&lock, "%s/lock", cache);
	if (stat(cache, &st) == 0 && st.st_uid != geteuid() &&
		!came_with_checkout(cache, st.st_uid))
		ok = refuse_owner(st.st_uid, cache, err);
	else if (stat(lock.s, &st) == 0 && st.st_uid != geteuid())
		ok = refuse_owner(st.st_uid, cache, err);
	text_release(&lock);
	return ok;
}

static bool make_folders(const struct place *p, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof folders / sizeof folders[0]; i++) {
		text_clear(&path);
		text_fmt(&path, "%s/%s", p->cache, folders[i]);
		if (mkdir(path.s, 0777) == 0 || errno == EEXIST)
			ok = access(path.s, W_OK | X_OK) == 0;
		else
			ok = false;
		if (!ok) {
			error_errno(err, "the cache %s cannot be written", p->cache);
			err->kind = ERROR_HOST;
		}
	}
	text_release(&path);
	return ok;
}

/* A path as one name. */
static void add_flat(struct text *out, const char *relative)
{
	for (; *relative; relative++)
		text_char(out, *relative == '/' ? '-' : *relative);
}

void cache_lock_path(struct text *out, const char *cache, const char *relative)
{
	bool is_work = strncmp(relative, "work/", 5) == 0;

	text_fmt(out, "%s/lock/%s", cache, is_work ? "stage-" : "");
	add_flat(out, is_work ? relative + 5 : relative);
}

void cache_record_path(struct text *out, const char *cache, const char *relative)
{
	text_fmt(out, "%s/record/", cache);
	add_flat(out, relative);
}

/* ---- walking it ---- */

struct visit {
	const struct place *place;
	struct arena arena; /* of one entry */
	cache_each_fn *each;
	void *ctx;
};

static int64_t last_used(
	const struct visit *v, const struct cache_item *item, const struct stat *st)
{
	struct text path = TEXT_INIT;
	struct stat lock;
	int64_t used = (int64_t)st->st_mtime;

	cache_lock_path(&path, v->place->cache, item->relative);
	if (stat(path.s, &lock) == 0 && (int64_t)lock.st_mtime > used)
		used = (int64_t)lock.st_mtime;
	text_release(&path);
	return used;
}

static bool visit_entry(struct visit *v, enum cache_kind kind, const char *relative,
	const char *name, struct error *err)
{
	struct cache_item item = {
		.kind = kind, .name = name, .cache = v->place->cache, .relative = relative};
	struct stat st;

	item.path = arena_fmt(&v->arena, "%s/%s", v->place->cache, relative);
	if (lstat(item.path, &st) != 0)
		return true;
	item.used = last_used(v, &item, &st);
	return v->each(v->ctx, &item, err);
}

/* `deep`: entries are one level down (source/SHA256/FILE). */
static bool visit_folder(
	struct visit *v, enum cache_kind kind, const char *relative, bool deep, struct error *err)
{
	DIR *dir = opendir(arena_fmt(&v->arena, "%s/%s", v->place->cache, relative));
	const struct dirent *d;
	bool ok = true;

	while (ok && dir && (d = readdir(dir))) {
		const char *below;

		if (d->d_name[0] == '.')
			continue;
		below = arena_fmt(&v->arena, "%s/%s", relative, d->d_name);
		ok = deep ? visit_folder(v, kind, below, false, err)
			  : visit_entry(v, kind, below, arena_str(&v->arena, d->d_name), err);
	}
	if (dir)
		closedir(dir);
	return ok;
}

static bool each_of(const struct place *p, enum cache_kind kind, cache_each_fn *each, void *ctx,
	struct error *err)
{
	struct visit v = {p, ARENA_INIT, each, ctx};
	bool ok = visit_folder(&v, kind, folders[kind], kind == CACHE_SOURCE, err);

	arena_release(&v.arena);
	return ok;
}

bool cache_each(const struct place *p, cache_each_fn *each, void *ctx, struct error *err)
{
	bool ok = true;

	for (enum cache_kind kind = 0; ok && kind < CACHE_KINDS; kind++)
		ok = each_of(p, kind, each, ctx, err);
	return ok;
}

/* ---- preparing ---- */

bool cache_item_is_trash(const struct cache_item *item)
{
	if (item->kind != CACHE_TMP)
		return false;
	return strncmp(item->name, CACHE_TRASH, strlen(CACHE_TRASH)) == 0 ||
	       time(NULL) - item->used >= STALE_SECONDS;
}

static bool remove_trash(void *ctx, const struct cache_item *item, struct error *err)
{
	struct error ignored;

	(void)ctx;
	(void)err;
	if (cache_item_is_trash(item) && !place_remove(item->path, &ignored))
		return true; /* it stays until the next time */
	return true;
}

bool cache_folders(const struct place *p, struct error *err)
{
	struct stat st;

	if (stat(p->cache, &st) == 0 && !S_ISDIR(st.st_mode))
		return error_set(err, ERROR_HOST, "the cache %s is a file, not a folder" ELSEWHERE,
			p->cache);
	if (!place_make_folder(p->cache, err)) {
		err->kind = ERROR_HOST;
		return false;
	}
	return check_owner(p->cache, err) && make_folders(p, err);
}

bool cache_prepare(const struct place *p, struct error *err)
{
	return cache_folders(p, err) && each_of(p, CACHE_TMP, remove_trash, NULL, err);
}

/* ---- report ---- */

void cache_report_add(struct cache_report *r, const struct cache_item *item)
{
	struct text record = TEXT_INIT;
	uint64_t bytes;
	struct stat st;

	cache_record_path(&record, item->cache, item->relative);
	bytes = manifest_measure(item->path, record.s).bytes;
	if (lstat(record.s, &st) == 0)
		bytes += (uint64_t)st.st_size;
	text_release(&record);
	vec_push_in(&r->arena, &r->entries,
		(struct cache_entry){
			item->kind, arena_str(&r->arena, item->name), bytes, item->used});
	r->bytes += bytes;
}

static bool report_one(void *ctx, const struct cache_item *item, struct error *err)
{
	(void)err;
	cache_report_add(ctx, item);
	return true;
}

static int by_kind_and_name(const void *a, const void *b)
{
	const struct cache_entry *x = a, *y = b;
	return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->name, y->name);
}

void cache_report_sort(struct cache_report *r)
{
	if (r->entries.n > 1)
		qsort(r->entries.at, r->entries.n, sizeof r->entries.at[0], by_kind_and_name);
}

bool cache_report(struct cache_report *r, const struct place *p, struct error *err)
{
	bool ok;

	*r = (struct cache_report){.arena = ARENA_INIT};
	ok = cache_each(p, report_one, r, err);
	cache_report_sort(r);
	return ok;
}

void cache_report_release(struct cache_report *r)
{
	arena_release(&r->arena);
}
