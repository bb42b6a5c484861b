/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The root file system as a listing. */
#include "tree/tree.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const char *const kind_words[] = {
	[TREE_FOLDER] = "folder",
	[TREE_FILE] = "file",
	[TREE_LINK] = "link",
	[TREE_CHARACTER] = "character",
	[TREE_BLOCK] = "block",
};

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static bool path_is_clean(const char *path)
{
	if (path[0] != '/' || !path[1] || has_control(path))
		return false;
	while (*path) {
		size_t n = strcspn(++path, "/");

		if (n == 0 || (n == 1 && path[0] == '.') ||
			(n == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += n;
	}
	return true;
}

bool tree_add(struct tree *t, const struct tree_entry *e, struct error *err)
{
	if (!path_is_clean(e->path))
		return error_set(err, ERROR_PROFILE,
			"'%s' (%s) cannot be a path in the system: write it from /, without '.', '..', '//' or control characters",
			e->path, e->owner);
	if (e->kind == TREE_LINK && (!e->target || !*e->target || has_control(e->target)))
		return error_set(err, ERROR_PROFILE, "the link %s (%s) has no usable target",
			e->path, e->owner);
	vec_push_in(t->arena, &t->entries, *e);
	return true;
}

void tree_graft(struct tree *t, const struct tree_graft *g)
{
	vec_push_in(t->arena, &t->grafts, *g);
}

/* ---- merging what was added into one entry a path ---- */

static int order(const void *left, const void *right)
{
	const struct tree_entry *a = left, *b = right;
	int by_path = strcmp(a->path, b->path);

	if (by_path)
		return by_path;
	if (a->wins != b->wins)
		return a->wins ? -1 : 1;
	if (a->weak != b->weak)
		return a->weak ? 1 : -1;
	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	return strcmp(a->owner, b->owner);
}

/* Folders that nobody listed but that contain something. */
static void add_parents(struct tree *t)
{
	size_t n = t->entries.n;

	for (size_t i = 0; i < n; i++) {
		struct tree_entry parent = {.kind = TREE_FOLDER,
			.mode = 0755,
			.weak = true,
			.owner = t->entries.at[i].owner};
		const char *path = t->entries.at[i].path;

		for (const char *slash = strrchr(path, '/'); slash && slash != path;) {
			parent.path = arena_strn(t->arena, path, (size_t)(slash - path));
			vec_push_in(t->arena, &t->entries, parent);
			path = parent.path;
			slash = strrchr(path, '/');
		}
	}
}

static bool folders_agree(const struct tree_entry *a, const struct tree_entry *b)
{
	if (a->kind != TREE_FOLDER || b->kind != TREE_FOLDER)
		return false;
	return a->weak || b->weak || a->wins || b->wins ||
	       (a->mode == b->mode && a->uid == b->uid && a->gid == b->gid);
}

/* A recipe may name a folder, and one in it once more. */
static bool is_same(const struct tree_entry *a, const struct tree_entry *b)
{
	if (strcmp(a->owner, b->owner) != 0)
		return false;
	if (a->kind == TREE_LINK && b->kind == TREE_LINK)
		return strcmp(a->target, b->target) == 0;
	return a->from && b->from && strcmp(a->from, b->from) == 0;
}

/* Whose attributes count: of two folders the built one's, because an overlay only brings the folder's contents; of anything else
 * the winner's. */
static bool join(struct tree_entry *into, const struct tree_entry *next, struct error *err)
{
	if (folders_agree(into, next)) {
		if (into->wins && !next->weak)
			*into = *next;
		return true;
	}
	if (into->wins && !next->wins)
		return true;
	if (into->rank != next->rank) {
		if (next->rank > into->rank)
			*into = *next;
		return true;
	}
	if (is_same(into, next))
		return true;
	return error_set(err, ERROR_PROFILE, "both %s and %s bring %s; leave one of them out",
		into->owner, next->owner, into->path);
}

static int path_order(const void *path, const void *entry)
{
	return strcmp(path, ((const struct tree_entry *)entry)->path);
}

static bool check_parents(const struct tree *t, struct error *err)
{
	for (size_t i = 0; i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i], *parent;
		const char *slash = strrchr(e->path, '/');

		if (slash == e->path)
			continue;
		parent = bsearch(arena_strn(t->arena, e->path, (size_t)(slash - e->path)),
			t->entries.at, t->entries.n, sizeof *e, path_order);
		if (parent && parent->kind != TREE_FOLDER)
			return error_set(err, ERROR_PROFILE,
				"%s brings %s, but %s is no folder: %s brings it as a %s; leave one of them out",
				e->owner, e->path, parent->path, parent->owner,
				kind_words[parent->kind]);
	}
	return true;
}

static bool settle(struct tree *t, struct error *err)
{
	size_t kept = 0;

	add_parents(t);
	if (!t->entries.n)
		return true;
	qsort(t->entries.at, t->entries.n, sizeof *t->entries.at, order);
	for (size_t i = 1; i < t->entries.n; i++) {
		if (strcmp(t->entries.at[kept].path, t->entries.at[i].path) != 0)
			t->entries.at[++kept] = t->entries.at[i];
		else if (!join(&t->entries.at[kept], &t->entries.at[i], err))
			return false;
	}
	t->entries.n = kept + 1;
	tree_yield(t);
	return check_parents(t, err);
}

bool tree_settle(struct tree *t, struct error *err)
{
	for (size_t i = 0; i < t->grafts.n; i++)
		if (!tree_read_graft(t, &t->grafts.at[i], err))
			return false;
	for (size_t i = 0; i < t->grafts.n; i++)
		if (!tree_finish_rules(t, &t->grafts.at[i], err))
			return false;
	t->grafts.n = 0;
	return settle(t, err) && tree_add_libraries(t, err) && settle(t, err);
}

/* ---- the canonical text ---- */

static bool print_content(const struct tree_entry *e, struct text *out, struct error *err)
{
	char hex[HASH_HEX];

	if (e->from && !e->content) {
		if (!hash_file(e->from, hex, err))
			return error_in(err, "%s", e->owner);
	} else {
		hash_bytes(e->content ? e->content : "", e->content_len, hex);
	}
	text_fmt(out, " %s", hex);
	return true;
}

static bool print_entry(const struct tree_entry *e, struct text *out, struct error *err)
{
	text_fmt(out, "%s %s %04o %u %u", kind_words[e->kind], e->path, e->mode, e->uid, e->gid);
	if (e->kind == TREE_FILE && !print_content(e, out, err))
		return false;
	if (e->kind == TREE_LINK)
		text_fmt(out, " -> %s", e->target);
	if (e->kind == TREE_CHARACTER || e->kind == TREE_BLOCK)
		text_fmt(out, " %u:%u", e->major, e->minor);
	text_char(out, '\n');
	return true;
}

static int graft_order(const void *left, const void *right)
{
	const struct tree_graft *a = left, *b = right;
	int by_target = strcmp(a->to, b->to);

	return by_target ? by_target : strcmp(a->id, b->id);
}

static bool print_copy(struct tree *copy, struct text *out, struct error *err)
{
	if (!settle(copy, err))
		return false;
	for (size_t i = 0; i < copy->entries.n; i++)
		if (!print_entry(&copy->entries.at[i], out, err))
			return false;
	if (copy->grafts.n)
		qsort(copy->grafts.at, copy->grafts.n, sizeof *copy->grafts.at, graft_order);
	for (size_t i = 0; i < copy->grafts.n; i++) {
		text_fmt(out, "graft %s %s\n", copy->grafts.at[i].to, copy->grafts.at[i].id);
		if (copy->grafts.at[i].rules)
			tree_print_rules(copy->grafts.at[i].rules, out);
	}
	for (size_t i = 0; i < copy->libraries.n; i++)
		text_fmt(out, "libraries %s %s\n", copy->libraries.at[i].to,
			copy->libraries.at[i].id);
	return true;
}

bool tree_print(const struct tree *t, struct text *out, struct error *err)
{
	struct arena scratch = ARENA_INIT;
	struct tree copy = {.arena = &scratch};
	bool ok;

	for (size_t i = 0; i < t->entries.n; i++)
		vec_push_in(&scratch, &copy.entries, t->entries.at[i]);
	for (size_t i = 0; i < t->grafts.n; i++)
		vec_push_in(&scratch, &copy.grafts, t->grafts.at[i]);
	for (size_t i = 0; i < t->libraries.n; i++)
		vec_push_in(&scratch, &copy.libraries, t->libraries.at[i]);
	ok = print_copy(&copy, out, err);
	arena_release(&scratch);
	return ok;
}
