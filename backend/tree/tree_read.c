/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What writers need from a settled tree: the bytes of files, and the folder each entry is in. */
#include "tree/tree.h"

#include "base/arena.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static bool content_is_inline(const struct tree_entry *e)
{
	return e->content || !e->from;
}

bool tree_open(struct tree_reader *r, const struct tree_entry *e, struct error *err)
{
	struct stat st;

	*r = (struct tree_reader){.entry = e, .fd = -1};
	if (e->kind != TREE_FILE)
		return true;
	r->size = e->content_len;
	if (content_is_inline(e))
		return true;
	r->fd = open(e->from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (r->fd < 0 || fstat(r->fd, &st) != 0)
		return error_errno(err, "%s cannot be read for %s", e->from, e->path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_STEP,
			"%s was a file when the listing was made and is none now", e->from);
	r->size = (uint64_t)st.st_size;
	return true;
}

bool tree_read(struct tree_reader *r, void *into, size_t most, size_t *n, struct error *err)
{
	uint64_t left = r->size - r->at;
	ssize_t got;

	*n = left < most ? (size_t)left : most;
	if (!*n)
		return true;
	if (r->fd < 0) {
		memcpy(into, r->entry->content + r->at, *n);
		r->at += *n;
		return true;
	}
	do
		got = read(r->fd, into, *n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_errno(err, "%s cannot be read for %s", r->entry->from, r->entry->path);
	if (got == 0)
		return error_set(
			err, ERROR_STEP, "%s became shorter while it was read", r->entry->from);
	*n = (size_t)got;
	r->at += *n;
	return true;
}

void tree_close(struct tree_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

uint64_t tree_file_bytes(const struct tree_entry *e)
{
	struct stat st;

	if (e->kind != TREE_FILE)
		return 0;
	if (content_is_inline(e))
		return e->content_len;
	return stat(e->from, &st) == 0 ? (uint64_t)st.st_size : 0;
}

uint64_t tree_bytes(const struct tree *t)
{
	uint64_t total = 0;

	for (size_t i = 0; i < t->entries.n; i++)
		total += tree_file_bytes(&t->entries.at[i]);
	return total;
}

static int path_order(const void *path, const void *entry)
{
	return strcmp(path, ((const struct tree_entry *)entry)->path);
}

size_t tree_parent(const struct tree *t, size_t i)
{
	const char *path = t->entries.at[i].path, *slash = strrchr(path, '/');
	const struct tree_entry *parent;
	char *folder;

	if (slash == path)
		return TREE_TOP;
	folder = arena_strn(t->arena, path, (size_t)(slash - path));
	parent = bsearch(folder, t->entries.at, t->entries.n, sizeof *parent, path_order);
	return parent ? (size_t)(parent - t->entries.at) : TREE_TOP;
}

const char *tree_name(const struct tree_entry *e)
{
	return strrchr(e->path, '/') + 1;
}
