/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fat FILE FOLDER LABEL: writes a FAT file system with the files of a folder, using mkfs.fat and mtools, which need no privilege
 * and no mount. It is slightly larger than its files need. Entries are sorted by name, whatever the folder's order; dates come
 * from SOURCE_DATE_EPOCH, which mtools honours.
 */
#include "step/action.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/vec.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { KIB = 1024, CLUSTER = 16 * KIB, LEAST_KIB = 4 * KIB, AT_ONCE = 500 };

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

struct content {
	struct strings folders;
	struct strings files, targets; /* targets: the folder that each file goes to, "::/boot" */
	uint64_t bytes;
};

static void take(struct content *t, struct arena *a, const char *folder, const FTSENT *f)
{
	const char *below = f->fts_path + strlen(folder);

	if (f->fts_info == FTS_D && *below) {
		vec_push_in(a, &t->folders, arena_fmt(a, "::%s", below));
		t->bytes += CLUSTER;
	} else if (f->fts_info == FTS_F) {
		vec_push_in(a, &t->files, arena_str(a, f->fts_path));
		vec_push_in(a, &t->targets,
			arena_fmt(a, "::%.*s/", (int)(strlen(below) - f->fts_namelen - 1), below));
		t->bytes += ((uint64_t)f->fts_statp->st_size + CLUSTER) / CLUSTER * CLUSTER;
	}
}

static bool look(struct content *t, struct arena *a, const char *folder, struct error *err)
{
	char *roots[] = {arena_str(a, folder), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	const FTSENT *f;
	bool ok = walk != NULL;

	while (ok && (errno = 0, f = fts_read(walk))) {
		if (f->fts_info == FTS_SL || f->fts_info == FTS_DNR || f->fts_info == FTS_ERR)
			ok = error_set(err, ERROR_STEP, "%s cannot go onto a FAT file system",
				f->fts_path);
		else
			take(t, a, folder, f);
	}
	if (!walk || (ok && errno))
		ok = error_errno(err, "%s cannot be read", folder);
	if (walk)
		fts_close(walk);
	return ok;
}

static bool run(const struct action_context *c, const char *const words[], struct error *err)
{
	struct strings args = {0};
	bool ok;

	for (size_t i = 0; words[i]; i++)
		vec_push(&args, words[i]);
	ok = action_run(c, &args, err);
	vec_release(&args);
	return ok;
}

/* TOOL -i FILE WHAT... [TO], for what[from] and those before what[end] */
static bool run_over(const struct action_context *c, const char *tool, const char *file,
	const struct strings *what, size_t from, size_t end, const char *to, struct error *err)
{
	struct strings args = {0};
	bool ok;

	vec_push(&args, tool);
	vec_push(&args, "-i");
	vec_push(&args, file);
	for (size_t i = from; i < end; i++)
		vec_push(&args, what->at[i]);
	if (to)
		vec_push(&args, to);
	ok = action_run(c, &args, err);
	vec_release(&args);
	return ok;
}

/* Parents come first. */
static bool make_folders(const struct action_context *c, const char *file, const struct content *t,
	struct error *err)
{
	bool ok = true;

	for (size_t i = 0, end; ok && i < t->folders.n; i = end) {
		end = i + AT_ONCE < t->folders.n ? i + AT_ONCE : t->folders.n;
		ok = run_over(c, "mmd", file, &t->folders, i, end, NULL, err);
	}
	return ok;
}

/* Those that follow each other and go to the same folder are copied by one program, which keeps the order. */
static bool copy_files(const struct action_context *c, const char *file, const struct content *t,
	struct error *err)
{
	bool ok = true;

	for (size_t i = 0, end; ok && i < t->files.n; i = end) {
		const char *to = t->targets.at[i];

		for (end = i + 1; end < t->files.n && end - i < AT_ONCE; end++)
			if (strcmp(t->targets.at[end], to) != 0)
				break;
		ok = run_over(c, "mcopy", file, &t->files, i, end, to, err);
	}
	return ok;
}

bool action_fat(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *file = args->at[0];
	struct content t = {0};
	struct arena a = ARENA_INIT;
	bool ok = look(&t, &a, args->at[1], err);
	uint64_t kib = t.bytes / KIB * 21 / 20 + KIB;
	const char *size = arena_fmt(&a, "%llu",
		(unsigned long long)((kib > LEAST_KIB ? kib : LEAST_KIB) + KIB - 1) / KIB * KIB);

	/* mkfs.fat makes no file that is there already: of a twin that was killed */
	ok = ok && place_remove(file, err) &&
	     run(c,
		     (const char *[]){
			     "mkfs.fat", "--invariant", "-n", args->at[2], "-C", file, size, NULL},
		     err);
	ok = ok && make_folders(c, file, &t, err) && copy_files(c, file, &t, err);
	if (!ok)
		unlink(file);
	arena_release(&a);
	return ok;
}
