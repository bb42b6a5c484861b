/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the overlay folder into the listing. */
#include "tree/overlay.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "tree/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/banned.h"

enum { DEEPEST = 64 };

struct walker {
	struct tree *tree;
	const char *folder;
};

static bool printable_name(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return false;
	return true;
}

static bool walk(struct walker *w, int fd, const char *below, int depth, struct error *err);

static bool add_folder(struct walker *w, int parent, const char *name, struct tree_entry *e,
	int depth, struct error *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_errno(
			err, "the overlay's folder %s%s cannot be read", w->folder, e->path);
	e->kind = TREE_FOLDER;
	if (!tree_add(w->tree, e, err)) {
		close(fd);
		return false;
	}
	return walk(w, fd, e->path, depth + 1, err);
}

static bool add_one(struct walker *w, int parent, const char *name, const char *path, int depth,
	struct error *err)
{
	struct tree_entry e = {.path = path, .owner = w->folder, .wins = true};
	char target[PATH_MAX];
	struct stat st;
	ssize_t len;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return error_errno(err, "%s%s cannot be examined", w->folder, path);
	e.mode = st.st_mode & 07777;
	if (S_ISDIR(st.st_mode))
		return add_folder(w, parent, name, &e, depth, err);
	if (S_ISLNK(st.st_mode)) {
		len = readlinkat(parent, name, target, sizeof target);
		if (len <= 0 || (size_t)len >= sizeof target)
			return error_errno(err, "the link %s%s cannot be read", w->folder, path);
		e.kind = TREE_LINK;
		e.target = arena_strn(w->tree->arena, target, (size_t)len);
		return tree_add(w->tree, &e, err);
	}
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_PROFILE,
			"%s%s is neither a file, a folder nor a symbolic link; take it out of the overlay",
			w->folder, path);
	e.kind = TREE_FILE;
	e.from = arena_fmt(w->tree->arena, "%s%s", w->folder, path);
	return tree_add(w->tree, &e, err);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted: what is told of them must not depend on the file system, nor the results, which tell it, too. */
static void read_names(DIR *dir, struct arena *arena, struct strings *names)
{
	const struct dirent *d;

	while ((d = readdir(dir)))
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			vec_push_in(arena, names, arena_str(arena, d->d_name));
	if (names->n)
		qsort(names->at, names->n, sizeof *names->at, by_name);
}

/* Takes ownership of fd. */
static bool walk(struct walker *w, int fd, const char *below, int depth, struct error *err)
{
	struct arena *arena = w->tree->arena;
	DIR *dir = fdopendir(fd);
	struct strings names = {0};
	bool ok = true;

	if (!dir) {
		close(fd);
		return error_errno(
			err, "the overlay's folder %s%s cannot be read", w->folder, below);
	}
	if (depth > DEEPEST)
		ok = error_set(err, ERROR_PROFILE, "the overlay %s is more than %d folders deep",
			w->folder, DEEPEST);
	read_names(dir, arena, &names);
	for (size_t i = 0; ok && i < names.n; i++) {
		if (!printable_name(names.at[i]))
			ok = error_set(err, ERROR_PROFILE,
				"a file name below %s%s has a control character; rename it",
				w->folder, below);
		else
			ok = add_one(w, fd, names.at[i],
				arena_fmt(arena, "%s/%s", below, names.at[i]), depth, err);
	}
	closedir(dir);
	return ok;
}

bool overlay_collect(struct tree *t, const char *folder, struct error *err)
{
	struct walker w = {t, folder};
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		error_errno(err, "the overlay folder %s cannot be read", folder);
		err->kind = ERROR_PROFILE;
		return false;
	}
	return walk(&w, fd, "", 0, err);
}

/* ---- what the plan reports about it ---- */

enum { MOST_NAMED = 12 };

/* "/init, /etc/inittab and 3 more" */
struct naming {
	struct text names;
	size_t n;
};

static void name_one(struct naming *g, const char *path, const char *how)
{
	if (g->n++ < MOST_NAMED)
		text_fmt(&g->names, "%s%s%s", g->n > 1 ? ", " : "", path, how);
}

static void tell(struct naming *g, struct text *out, const char *before, const char *after)
{
	if (g->n) {
		text_fmt(out, "%s%s%s", out->len ? "\n" : "", before, g->names.s);
		if (g->n > MOST_NAMED)
			text_fmt(out, " and %zu more", g->n - MOST_NAMED);
		text_str(out, after);
	}
	text_release(&g->names);
}

static bool is_built(const struct tree *t, const char *path)
{
	for (size_t i = 0; i < t->entries.n; i++)
		if (!t->entries.at[i].wins && strcmp(t->entries.at[i].path, path) == 0)
			return true;
	return false;
}

static bool replaces(const struct tree *t, const struct tree_entry *e)
{
	return e->wins && e->kind != TREE_FOLDER && is_built(t, e->path);
}

void overlay_replaced(const struct tree *t, struct arena *a, struct strings *paths)
{
	for (size_t i = 0; i < t->entries.n; i++)
		if (replaces(t, &t->entries.at[i]))
			vec_push_in(a, paths, arena_str(a, t->entries.at[i].path));
}

void overlay_say(const struct tree *t, const char *covered, struct text *out)
{
	struct naming replaced = {.names = TEXT_INIT}, bold = replaced, lost = replaced,
		      hidden = replaced;
	char mode[16];

	for (size_t i = 0; i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];

		if (replaces(t, e))
			name_one(&replaced, e->path, "");
		if (e->wins && covered && strcmp(e->path, covered) != 0 &&
			place_within(e->path, covered))
			name_one(&hidden, e->path, "");
		if (!e->wins || e->kind == TREE_LINK)
			continue;
		snprintf(mode, sizeof mode, " (%04o)", e->mode);
		if (e->mode & 07002 && !(e->kind == TREE_FOLDER && is_built(t, e->path)))
			name_one(&bold, e->path, mode);
		if (e->kind == TREE_FILE && lgetxattr(e->from, "security.capability", NULL, 0) > 0)
			name_one(&lost, e->path, "");
	}
	tell(&replaced, out, "the overlay replaces ", "");
	tell(&hidden, out, "the overlay brings what a file system of its own will cover: ",
		"; nobody will see it there");
	tell(&bold, out,
		"the overlay brings what is set-id, sticky or for everybody to write: ", "");
	tell(&lost, out, "the overlay loses the capabilities of ",
		": images have none; make it set-user-id, or call setcap when the system starts");
}

/* ---- folders of the system ---- */

bool overlay_leaves(const struct tree *t, const char *folder, const char *owner, struct error *err)
{
	for (size_t i = 0; i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];
		size_t len = strlen(e->path);

		if (e->wins && e->kind != TREE_FOLDER && strncmp(folder, e->path, len) == 0 &&
			(!folder[len] || folder[len] == '/'))
			return error_set(err, ERROR_PROFILE,
				"the overlay %s brings %s as a %s, but %s puts files into the folder %s; take it out of the overlay, or make it a folder there",
				e->owner, e->path, e->kind == TREE_LINK ? "link" : "file", owner,
				folder);
	}
	return true;
}

/* A file that is grafted may be replaced; before it is built nobody knows whether it is one. */
static const char *folder_of(const struct tree *t, const struct tree_graft *g)
{
	size_t len = (size_t)(strrchr(g->to, '/') - g->to);
	struct stat st;

	if (stat(g->from, &st) == 0 && S_ISDIR(st.st_mode))
		return g->to;
	return arena_strn(t->arena, g->to, len ? len : 1);
}

bool overlay_leaves_all(const struct tree *t, struct error *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];
		size_t len = (size_t)(strrchr(e->path, '/') - e->path);

		if (!e->wins && len)
			ok = overlay_leaves(t, arena_strn(t->arena, e->path, len), e->owner, err);
	}
	for (size_t i = 0; ok && i < t->grafts.n; i++)
		ok = overlay_leaves(t, folder_of(t, &t->grafts.at[i]), t->grafts.at[i].owner, err);
	for (size_t i = 0; ok && i < t->libraries.n; i++)
		ok = overlay_leaves(t, t->libraries.at[i].to, "the C library", err);
	return ok;
}
