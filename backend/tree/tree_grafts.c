/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads stages into the listing, by the rules of the recipes that they are from. */
#include "tree/tree.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { DEEPEST_LINK = 8 };

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool read_link(struct tree *t, const char *path, struct tree_entry *e, struct error *err)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof target);

	if (len <= 0 || (size_t)len >= sizeof target)
		return error_errno(err, "the link %s cannot be read", path);
	e->kind = TREE_LINK;
	e->mode = 0777;
	e->target = arena_strn(t->arena, target, (size_t)len);
	return true;
}

static bool matches(const struct strings *patterns, const char *path)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (fnmatch(patterns->at[i], path, FNM_LEADING_DIR) == 0)
			return true;
	return false;
}

static bool stays_out(const struct tree_rules *r, const struct tree_entry *e)
{
	return r && !matches(&r->kept, e->path) &&
	       (matches(&r->left, e->path) ||
		       (e->kind == TREE_LINK && matches(&r->links, e->path)));
}

static const struct tree_mode *mode_of(const struct tree_rules *r, const char *path)
{
	for (size_t i = 0; r && i < r->modes.n; i++)
		if (strcmp(r->modes.at[i].path, path) == 0)
			return &r->modes.at[i];
	return NULL;
}

/* What is said of it by name counts; a set-id bit must be said, because it gives everybody somebody else's rights. */
static bool give_mode(struct tree_entry *e, const struct stat *st, struct error *err)
{
	const struct tree_mode *m = mode_of(e->rules, e->path);

	if (m && e->kind == TREE_LINK)
		return error_set(err, ERROR_PROFILE,
			"%s: %s is a link to %s; name what it leads to", m->where, e->path,
			e->target);
	if (m) {
		e->mode = m->mode;
		e->uid = m->uid;
		e->gid = m->gid;
		e->weak = false;
		return true;
	}
	if (!e->rules || e->kind != TREE_FILE || !(st->st_mode & (S_ISUID | S_ISGID)))
		return true;
	return error_set(err, ERROR_PROFILE,
		"%s installs %s with the set-id mode %04o, which its recipe does not state; say 'mode = %s %04o' in it to keep that, or 'mode = %s %04o' for an ordinary program",
		e->owner, e->path, st->st_mode & 07777u, e->path, st->st_mode & 07777u, e->path,
		e->mode);
}

static bool graft_one(
	struct tree *t, const struct tree_graft *g, const FTSENT *f, struct error *err)
{
	const char *below = f->fts_path + strlen(g->from);
	struct tree_entry e = {.owner = g->owner,
		.rules = g->rules,
		.rank = g->made			       ? TREE_MADE
			: g->rules && g->rules->yields ? TREE_YIELDS
						       : TREE_PLAIN};

	if (!*below && f->fts_info != FTS_F)
		return true;
	e.path = arena_fmt(t->arena, "%s%s", strcmp(g->to, "/") == 0 ? "" : g->to, below);
	switch (f->fts_info) {
	case FTS_D:
		e.mode = 0755;
		e.weak = true;
		break;
	case FTS_F:
		e.kind = TREE_FILE;
		e.mode = f->fts_statp->st_mode & 0111 ? 0755 : 0644;
		e.from = arena_str(t->arena, f->fts_path);
		break;
	case FTS_SL:
	case FTS_SLNONE:
		if (!read_link(t, f->fts_path, &e, err))
			return false;
		break;
	default:
		return error_set(err, ERROR_STEP,
			"%s is neither a file, a folder nor a symbolic link", f->fts_path);
	}
	if (stays_out(g->rules, &e))
		return true;
	return give_mode(&e, f->fts_statp, err) && tree_add(t, &e, err);
}

bool tree_read_graft(struct tree *t, const struct tree_graft *g, struct error *err)
{
	char *roots[] = {arena_str(t->arena, g->from), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool ok = walk != NULL;
	const FTSENT *f;

	while (ok && (errno = 0, f = fts_read(walk))) {
		errno = f->fts_errno;
		if (f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS)
			ok = error_errno(err, "%s of %s cannot be read", f->fts_path, g->owner);
		else if (f->fts_info != FTS_DP)
			ok = graft_one(t, g, f, err);
	}
	if (!walk || (ok && errno))
		ok = error_errno(err, "the files of %s in %s cannot be read", g->owner, g->from);
	if (walk)
		fts_close(walk);
	return ok;
}

/* ---- what the rules promise ---- */

static bool brings(const struct tree *t, const struct tree_rules *r, const char *path)
{
	for (size_t i = 0; i < t->entries.n; i++)
		if (t->entries.at[i].rules == r && strcmp(t->entries.at[i].path, path) == 0)
			return true;
	return false;
}

bool tree_finish_rules(struct tree *t, const struct tree_graft *g, struct error *err)
{
	for (size_t i = 0; g->rules && i < g->rules->modes.n; i++) {
		const struct tree_mode *m = &g->rules->modes.at[i];
		struct tree_entry e = {.path = m->path,
			.kind = TREE_FOLDER,
			.mode = m->mode,
			.uid = m->uid,
			.gid = m->gid,
			.owner = g->owner,
			.rules = g->rules};

		/* another graft of the same recipe may have made it */
		if (brings(t, g->rules, m->path))
			continue;
		if (!m->make && g->rules->all_modes && !matches(&g->rules->left, m->path))
			return error_set(err, ERROR_PROFILE,
				"%s: %s does not bring %s, whose mode this is; correct the path, or take the line away",
				m->where, g->owner, m->path);
		if (m->make && !tree_add(t, &e, err))
			return false;
	}
	return true;
}

static void print_words(const char *name, const struct strings *words, struct text *out)
{
	for (size_t i = 0; i < words->n; i++)
		text_fmt(out, "%s%s", i ? " " : name, words->at[i]);
	if (words->n)
		text_char(out, '\n');
}

/* The patterns are the same for nearly all grafts, and many. */
static void print_parts(const struct tree_rules *r, struct text *out)
{
	struct text all = TEXT_INIT;
	char hex[HASH_HEX];

	print_words("left ", &r->left, &all);
	print_words("links ", &r->links, &all);
	print_words("kept ", &r->kept, &all);
	hash_bytes(all.s, all.len, hex);
	if (all.len)
		text_fmt(out, "  parts %.16s\n", hex);
	text_release(&all);
}

void tree_print_rules(const struct tree_rules *r, struct text *out)
{
	for (size_t i = 0; i < r->modes.n; i++) {
		const struct tree_mode *m = &r->modes.at[i];

		text_fmt(out, "  mode %s%s %04o %u %u\n", m->path, m->make ? "/" : "", m->mode,
			m->uid, m->gid);
	}
	print_parts(r, out);
	if (r->yields)
		text_str(out, "  yields");
	print_words(" ", &r->alike, out);
	if (r->yields && !r->alike.n)
		text_char(out, '\n');
}

/* ---- yielding ---- */

static int path_order(const void *path, const void *entry)
{
	return strcmp(path, ((const struct tree_entry *)entry)->path);
}

static struct tree_entry *find(const struct tree *t, const char *path)
{
	return bsearch(path, t->entries.at, t->entries.n, sizeof *t->entries.at, path_order);
}

/* The path that a link names, as far as it can be told without looking up further links; NULL when it leads out of /. */
static const char *link_path(struct arena *a, const struct tree_entry *e)
{
	const char *s = e->target;
	struct text out = TEXT_INIT;
	bool inside = true;

	if (*s != '/')
		text_add(&out, e->path, (size_t)(strrchr(e->path, '/') - e->path));
	while (inside && *s) {
		size_t n = strcspn(s, "/");
		const char *last = out.len ? strrchr(out.s, '/') : NULL;

		if (n == 2 && strncmp(s, "..", 2) == 0) {
			inside = last != NULL;
			if (inside)
				out.s[out.len = (size_t)(last - out.s)] = '\0';
		} else if (n && !(n == 1 && *s == '.')) {
			text_char(&out, '/');
			text_add(&out, s, n);
		}
		s += n + (s[n] == '/');
	}
	s = inside && out.len ? arena_str(a, out.s) : NULL;
	text_release(&out);
	return s;
}

/* Does the path end, by way of links, at a program that is not `at` itself? A link to `at` would make a circle. */
static bool leads_past(const struct tree *t, const struct tree_entry *e, const char *at)
{
	for (int depth = 0; e && e->kind == TREE_LINK && depth < DEEPEST_LINK; depth++) {
		const char *path = link_path(t->arena, e);

		if (!path || strcmp(path, at) == 0)
			return false;
		e = find(t, path);
	}
	return e && e->kind == TREE_FILE;
}

/* "/bin/less" -> "../usr/bin/less" */
static const char *relative(struct arena *a, const char *from, const char *to)
{
	struct text out = TEXT_INIT;
	const char *s;

	for (s = strchr(from + 1, '/'); s; s = strchr(s + 1, '/'))
		text_str(&out, "../");
	text_str(&out, to + 1);
	s = arena_str(a, out.s);
	text_release(&out);
	return s;
}

static bool lies_in_one(const struct strings *folders, const char *path, size_t *len)
{
	*len = (size_t)(strrchr(path, '/') - path);
	for (size_t i = 0; i < folders->n; i++)
		if (strlen(folders->at[i]) == *len && strncmp(folders->at[i], path, *len) == 0)
			return true;
	return false;
}

void tree_yield(struct tree *t)
{
	for (size_t i = 0; i < t->entries.n; i++) {
		struct tree_entry *e = &t->entries.at[i];
		size_t len;

		if (e->rank != TREE_YIELDS || e->kind == TREE_FOLDER ||
			!lies_in_one(&e->rules->alike, e->path, &len))
			continue;
		for (size_t k = 0; k < e->rules->alike.n; k++) {
			const char *path =
				arena_fmt(t->arena, "%s%s", e->rules->alike.at[k], e->path + len);
			const struct tree_entry *other = find(t, path);

			if (!other || other->rank == TREE_YIELDS || !leads_past(t, other, e->path))
				continue;
			e->kind = TREE_LINK;
			e->mode = 0777;
			e->from = NULL;
			e->target = relative(t->arena, e->path, path);
			break;
		}
	}
}
