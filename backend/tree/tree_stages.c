/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a tree that finished stages bring: it stays as it is while only listed files change, such as the host's name. */
#include "tree/tree.h"

#include "base/arena.h"

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
