/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a tree that stay as they are while others change: what finished stages bring does not depend on the host's name, and a
 * boot loader not on what it starts. */
#include "tree/tree.h"

#include "base/arena.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void tree_stages(const struct tree *t, struct tree *out)
{
	*out = (struct tree){.arena = t->arena};
	for (size_t i = 0; i < t->grafts.n; i++)
		vec_push_in(t->arena, &out->grafts, t->grafts.at[i]);
	for (size_t i = 0; i < t->libraries.n; i++)
		vec_push_in(t->arena, &out->libraries, t->libraries.at[i]);
}

bool tree_listed(
	const struct tree *t, const struct strings *paths, struct tree *out, struct error *err)
{
	*out = (struct tree){.arena = t->arena};
	for (size_t i = 0; i < paths->n; i++) {
		size_t k = 0;

		while (k < t->entries.n && strcmp(t->entries.at[k].path, paths->at[i]) != 0)
			k++;
		if (k == t->entries.n)
			return error_set(err, ERROR_PROFILE,
				"no file list of share/rootfs has %s, which an image is made from",
				paths->at[i]);
		vec_push_in(t->arena, &out->entries, t->entries.at[k]);
	}
	return true;
}

static int path_order(const void *path, const void *entry)
{
	return strcmp(path, ((const struct tree_entry *)entry)->path);
}

static const struct tree_entry *find(const struct tree *t, const char *path)
{
	return t->entries.n ? bsearch(path, t->entries.at, t->entries.n, sizeof *t->entries.at,
				      path_order)
			    : NULL;
}

/* Of stages' entries contents are files, so the same file is the same content. */
static bool same_content(const struct tree_entry *a, const struct tree_entry *b)
{
	if (a->kind == TREE_LINK)
		return strcmp(a->target, b->target) == 0;
	return a->kind != TREE_FILE ||
	       (!a->content && !b->content && a->from && b->from && strcmp(a->from, b->from) == 0);
}

bool tree_holds(const struct tree *t, const struct tree_entry *e)
{
	const struct tree_entry *is = find(t, e->path);

	return is && is->kind == e->kind && is->mode == e->mode && is->uid == e->uid &&
	       is->gid == e->gid && is->major == e->major && is->minor == e->minor &&
	       same_content(is, e);
}

bool tree_contains(const struct tree *t, const struct tree *part)
{
	for (size_t i = 0; i < part->entries.n; i++) {
		const struct tree_entry *e = &part->entries.at[i], *is = find(t, e->path);

		if (e->kind == TREE_FOLDER ? !is || is->kind != TREE_FOLDER : !tree_holds(t, e))
			return false;
	}
	return true;
}
