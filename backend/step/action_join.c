/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sysroots: join TO FROM... and borrow TO --LIST WORD... (plan/plan_sysroot.c).
 *
 * Stages are copied (on file systems that can, without their bytes): a hard link would change the ctime of the stage's own file,
 * by which its record tells that somebody touched it. Of this machine's C library there are links, for the compiler finds what
 * lies beside a file by where the link is.
 */
#include "base/arena.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "plan/toolchain.h"
#include "step/action.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

bool action_join(const struct action_context *c, const struct strings *args, struct error *err)
{
	bool ok = place_make_folder(args->at[0], err);

	(void)c;
	for (size_t i = 1; ok && i < args->n; i++)
		ok = copy_tree(args->at[i], args->at[0], err);
	return ok;
}

/* ---- this machine's C library ---- */

enum list { FLAGS, FOLDER, HEADER, LIBRARY, LOADER, LISTS };
static const char *const lists[LISTS] = {
	"--flags", "--folder", "--header", "--library", "--loader"};

struct borrower {
	const char *to;
	struct arena arena;
	struct strings words[LISTS];
};

static void sort_words(struct borrower *b, const struct strings *args)
{
	struct strings *into = NULL;

	for (size_t i = 1; i < args->n; i++) {
		size_t k = 0;

		while (k < LISTS && strcmp(args->at[i], lists[k]) != 0)
			k++;
		if (k < LISTS)
			into = &b->words[k];
		else if (into)
			vec_push_in(&b->arena, into, args->at[i]);
	}
}

/* A repeated step finds the link from before. */
static bool link_to(struct borrower *b, const char *target, const char *name, struct error *err)
{
	const char *path = arena_fmt(&b->arena, "%s/%s", b->to, name);

	if (!copy_make_parent(path, err))
		return false;
	if (unlink(path) < 0 && errno != ENOENT)
		return error_errno(err, "%s cannot be replaced", path);
	return symlink(target, path) == 0 || error_errno(err, "the link %s cannot be made", path);
}

static bool link_header(struct borrower *b, const char *name, struct error *err)
{
	struct stat st;

	for (size_t i = 0; i < b->words[FOLDER].n; i++) {
		const char *path = arena_fmt(&b->arena, "%s/%s", b->words[FOLDER].at[i], name);

		if (stat(path, &st) == 0)
			return link_to(b, path, arena_fmt(&b->arena, "usr/include/%s", name), err);
	}
	return true;
}

static bool link_library(
	const struct action_context *c, struct borrower *b, const char *name, struct error *err)
{
	const char *path, *base;
	char folder[PATH_MAX];

	if (!toolchain_file(c->place, &b->words[FLAGS], name, &b->arena, &path, err))
		return false;
	base = path ? strrchr(path, '/') : NULL;
	if (!base || !realpath(arena_strn(&b->arena, path, (size_t)(base - path)), folder))
		return true;
	return link_to(b, arena_fmt(&b->arena, "%s%s", folder, base),
		arena_fmt(&b->arena, "usr/lib/%s", name), err);
}

bool action_borrow(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct borrower b = {.to = args->at[0], .arena = ARENA_INIT};
	bool ok = true;

	sort_words(&b, args);
	for (size_t i = 0; ok && i < b.words[HEADER].n; i++)
		ok = link_header(&b, b.words[HEADER].at[i], err);
	for (size_t i = 0; ok && i < b.words[LIBRARY].n; i++)
		ok = link_library(c, &b, b.words[LIBRARY].at[i], err);
	for (size_t i = 0; ok && i < b.words[LOADER].n; i++)
		ok = link_to(&b, b.words[LOADER].at[i], b.words[LOADER].at[i] + 1, err);
	arena_release(&b.arena);
	return ok;
}
