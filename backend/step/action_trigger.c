/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trigger FOLDER STAGE TOOL EACH [:below PATTERN...] [:reads PATTERN...] [:makes PATTERN...] [:run WORDS...]...: if the unit's
 * listing has files like `below`, lays those and what is read in FOLDER, runs the programs over them (choice/trigger.h), and
 * keeps in STAGE what they made or changed. TOOL is the path of the program that is needed, or its name if it is not installed.
 * EACH may be "-".
 */
#include "base/arena.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"
#include "step/action.h"
#include "step/image.h"
#include "tree/tree.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { FIXED = 4 };

struct job {
	const struct action_context *context;
	struct tree *tree;
	struct arena *arena;
	const char *root, *stage, *tool, *each;
	struct strings below, reads, makes;
	VEC(struct strings) runs;
	const char *folder, *name; /* of `each`, in turn */
};

static bool matches(const struct strings *patterns, const char *path)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (fnmatch(patterns->at[i], path, FNM_LEADING_DIR) == 0)
			return true;
	return false;
}

static void read_words(struct job *j, const struct strings *args)
{
	struct strings *to = NULL;

	j->root = args->at[0];
	j->stage = args->at[1];
	j->tool = args->at[2];
	j->each = strcmp(args->at[3], "-") != 0 ? args->at[3] : NULL;
	for (size_t i = FIXED; i < args->n; i++) {
		const char *word = args->at[i];

		if (strcmp(word, ":run") == 0) {
			vec_push_in(j->arena, &j->runs, (struct strings){0});
			to = &j->runs.at[j->runs.n - 1];
		} else if (*word == ':') {
			to = strcmp(word, ":below") == 0   ? &j->below
			     : strcmp(word, ":reads") == 0 ? &j->reads
							   : &j->makes;
		} else if (to) {
			vec_push_in(j->arena, to, word);
		}
	}
}

static bool is_set_off(const struct job *j)
{
	for (size_t i = 0; i < j->tree->entries.n; i++)
		if (j->tree->entries.at[i].kind == TREE_FILE &&
			matches(&j->below, j->tree->entries.at[i].path))
			return true;
	return false;
}

/* ---- what it reads ---- */

static bool lay(const struct job *j, struct error *err)
{
	for (size_t i = 0; i < j->tree->entries.n; i++) {
		struct tree_entry e = j->tree->entries.at[i];
		const char *path = arena_fmt(j->arena, "%s%s", j->root, e.path);

		if ((e.kind != TREE_FILE && e.kind != TREE_LINK) ||
			(!matches(&j->below, e.path) && !matches(&j->reads, e.path) &&
				!matches(&j->makes, e.path)))
			continue;
		/* its programs may read and replace everything, and nothing here has anybody's rights */
		e.mode = (e.mode & 0755) | 0600;
		if (!copy_make_parent(path, err) || !image_lay(&e, path, err))
			return false;
	}
	return true;
}

/* Where results go, as far as it can be told before. */
static bool lay_folders(const struct job *j, struct error *err)
{
	for (size_t i = 0; i < j->makes.n; i++) {
		const char *pattern = j->makes.at[i];
		size_t n = strcspn(pattern, "*?[");

		while (n && pattern[n] != '/')
			n--;
		if (*pattern == '/' &&
			!place_make_folder(
				arena_fmt(j->arena, "%s%.*s", j->root, (int)n, pattern), err))
			return false;
	}
	return true;
}

/* ---- the programs ---- */

static const char *names(void *ctx, const char *name, bool *is_list)
{
	const struct job *j = ctx;

	*is_list = false;
	if (strcmp(name, "root") == 0)
		return j->root;
	if (strcmp(name, "folder") == 0)
		return j->folder;
	return strcmp(name, "name") == 0 ? j->name : NULL;
}

static const char *program(const struct job *j, const char *word)
{
	return strcmp(word, strrchr(j->tool, '/') + 1) == 0 ? j->tool : word;
}

static bool run_all(struct job *j, struct error *err)
{
	for (size_t i = 0; i < j->runs.n; i++) {
		struct strings words = {0};

		for (size_t k = 0; k < j->runs.at[i].n; k++) {
			const char *word = j->runs.at[i].at[k];
			struct text out = TEXT_INIT;

			if (!expand(&out, word, names, j, err)) {
				text_release(&out);
				return false;
			}
			vec_push_in(j->arena, &words, program(j, arena_str(j->arena, out.s)));
			text_release(&out);
		}
		if (words.n && !action_run(j->context, &words, err))
			return false;
	}
	return true;
}

/* For each folder in `each` that the listing has, in its order. */
static bool run_each(struct job *j, struct error *err)
{
	size_t len = j->each ? strlen(j->each) : 0;

	if (!j->each)
		return run_all(j, err);
	for (size_t i = 0; i < j->tree->entries.n; i++) {
		const struct tree_entry *e = &j->tree->entries.at[i];
		struct stat st;

		if (e->kind != TREE_FOLDER || strncmp(e->path, j->each, len) != 0 ||
			e->path[len] != '/' || strchr(e->path + len + 1, '/'))
			continue;
		j->folder = arena_fmt(j->arena, "%s%s", j->root, e->path);
		j->name = tree_name(e);
		if (stat(j->folder, &st) == 0 && !run_all(j, err))
			return false;
	}
	return true;
}

static bool is_installed(const struct job *j, struct error *err)
{
	return *j->tool == '/' ||
	       error_set(err, ERROR_HOST,
		       "what the packages bring needs %s of this machine, which is not installed; `bootsmith doctor --install` installs it",
		       j->tool);
}

/* ---- what they made ---- */

static const struct tree_entry *before(const struct job *j, const char *path)
{
	for (size_t i = 0; i < j->tree->entries.n; i++)
		if (strcmp(j->tree->entries.at[i].path, path) == 0)
			return &j->tree->entries.at[i];
	return NULL;
}

static bool is_new(
	const struct job *j, const FTSENT *f, const char *path, bool *is, struct error *err)
{
	const struct tree_entry *e = before(j, path);
	char was[HASH_HEX], now[HASH_HEX];

	*is = !e || e->kind != (f->fts_info == FTS_F ? TREE_FILE : TREE_LINK);
	if (*is || f->fts_info != FTS_F)
		return true;
	if (e->content)
		hash_bytes(e->content, e->content_len, was);
	else if (!hash_file(e->from, was, err))
		return false;
	if (!hash_file(f->fts_path, now, err))
		return false;
	*is = strcmp(was, now) != 0;
	return true;
}

static bool keep_one(const struct job *j, const FTSENT *f, size_t *n, struct error *err)
{
	const char *path = f->fts_path + strlen(j->root), *to;
	bool is = false;

	if ((f->fts_info != FTS_F && f->fts_info != FTS_SL && f->fts_info != FTS_SLNONE) ||
		!matches(&j->makes, path))
		return true;
	if (!is_new(j, f, path, &is, err))
		return false;
	if (!is)
		return true;
	++*n;
	to = arena_fmt(j->arena, "%s%s", j->stage, path);
	return copy_make_parent(to, err) && copy_tree(f->fts_path, to, err);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool keep_all(const struct job *j, size_t *n, struct error *err)
{
	char *roots[] = {arena_str(j->arena, j->root), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool ok = walk || error_errno(err, "%s cannot be read", j->root);
	const FTSENT *f;

	while (ok && (f = fts_read(walk)))
		ok = keep_one(j, f, n, err);
	if (walk)
		fts_close(walk);
	return ok;
}

bool action_trigger(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct tree *t = c->step->unit->tree;
	struct arena a = ARENA_INIT;
	struct job j = {.context = c, .tree = t, .arena = &a};
	size_t n = 0;
	bool ok;

	if (!t)
		return error_set(err, ERROR_INTERNAL, "%s has no listing", c->step->id);
	read_words(&j, args);
	ok = tree_settle(t, err) && place_make_folder(j.stage, err);
	if (ok && is_set_off(&j)) {
		/* a killed run may have left parts of it */
		ok = is_installed(&j, err) && place_remove(j.root, err) &&
		     place_make_folder(j.root, err) && lay(&j, err) && lay_folders(&j, err) &&
		     run_each(&j, err) && keep_all(&j, &n, err);
		dprintf(STDOUT_FILENO, "%s: %zu files\n", j.tool, n);
	} else if (ok) {
		dprintf(STDOUT_FILENO, "%s: nothing to do\n", j.tool);
	}
	arena_release(&a);
	return ok;
}
