/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A source without an archive (archive = none): the folder `source` beside the recipe, known by what is in it. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/version.h"
#include "choice/recipe.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static const char beside[] = "source";

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file as it will be copied: who may write it does not count. */
static bool print_entry(const FTSENT *f, const char *path, struct text *out, struct error *err)
{
	char hex[HASH_HEX], target[4096];
	ssize_t len;

	switch (f->fts_info) {
	case FTS_D:
	case FTS_DP:
		return true;
	case FTS_F:
		if (!hash_file(f->fts_path, hex, err))
			return false;
		text_fmt(out, "%s %s %s\n", hex,
			f->fts_statp->st_mode & S_IXUSR ? "program" : "file", path);
		return true;
	case FTS_SL:
	case FTS_SLNONE:
		len = readlink(f->fts_path, target, sizeof target - 1);
		if (len < 0)
			return error_errno(err, "%s cannot be read", f->fts_path);
		text_fmt(out, "link %.*s %s\n", (int)len, target, path);
		return true;
	default:
		errno = f->fts_errno;
		return f->fts_errno ? error_errno(err, "%s cannot be read", f->fts_path)
				    : error_set(err, ERROR_PROFILE,
					      "%s is neither a file nor a folder", f->fts_path);
	}
}

static bool print_folder(struct arena *a, const char *folder, struct text *out, struct error *err)
{
	char *roots[] = {arena_str(a, folder), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool ok = walk || error_errno(err, "%s cannot be read", folder);
	const FTSENT *f;

	while (ok && (f = fts_read(walk)))
		ok = print_entry(f, f->fts_path + strlen(folder), out, err);
	if (walk)
		fts_close(walk);
	return ok;
}

bool plan_add_own(struct maker *m, const struct recipe *r, const char *version, struct error *err)
{
	const struct recipe *of = recipe_find(m->profile->catalog, r->source);
	struct source_choice c = {.component = r->source, .version = version, .cached = true};
	struct text all = TEXT_INIT, series = TEXT_INIT;
	char hex[HASH_HEX];
	bool ok;

	if (!*version)
		return error_set(err, ERROR_PROFILE,
			"%s: version says nothing; of a source beside the recipe only you know it",
			r->file);
	c.path = arena_fmt(m->arena, "%s/%s", of ? of->folder : r->folder, beside);
	if (access(c.path, F_OK) != 0)
		return error_set(err, ERROR_PROFILE,
			"%s: archive = none, but there is no folder %s, in which the source should be",
			r->file, c.path);
	version_series(version, &series);
	c.series = arena_str(m->arena, series.s);
	text_release(&series);
	ok = print_folder(m->arena, c.path, &all, err);
	hash_bytes(all.s, all.len, hex);
	c.sha256 = arena_str(m->arena, hex);
	text_release(&all);
	if (ok)
		vec_push_in(m->arena, &m->plan->own, c);
	return ok;
}

const char *plan_needed_source(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const char *dot = strrchr(name, '.');

	(void)is_list;
	if (!s->component || !dot || strcmp(dot, ".src") != 0)
		return NULL;
	for (size_t i = 0; i < s->component->closure.n; i++) {
		const char *needed = s->component->closure.at[i];

		if (strlen(needed) == (size_t)(dot - name) &&
			strncmp(needed, name, (size_t)(dot - name)) == 0)
			return plan_component(s->maker, needed)->source_tree->result;
	}
	return NULL;
}
