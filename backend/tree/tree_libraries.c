/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adds the shared libraries of a root file system: each program's loader and needed libraries, then what those need in turn, are
 * taken from the tree's library folders and put where they are looked for. Found by reading ELF headers, never by running.
 */
#include "tree/tree.h"

#include "base/arena.h"
#include "base/elf.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { DEEPEST_LINK = 8 };
#define PROGRAM_LIMIT ((size_t)1 << 30)

/* A library that was added, by the file it came from. */
struct taken {
	dev_t dev;
	ino_t ino;
	const char *path;
};

struct collector {
	struct tree *tree;
	VEC(struct taken) taken;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The file behind a name in a library folder; links are resolved within the folder's own root. */
static const char *real_file(
	struct arena *a, const struct tree_libraries *l, const char *name, struct stat *st)
{
	const char *path = arena_fmt(a, "%s/%s", l->from, name);

	for (int depth = 0; depth < DEEPEST_LINK; depth++) {
		char target[PATH_MAX];
		ssize_t len;

		if (lstat(path, st) != 0)
			return NULL;
		if (!S_ISLNK(st->st_mode))
			return S_ISREG(st->st_mode) ? path : NULL;
		len = readlink(path, target, sizeof target - 1);
		if (len <= 0)
			return NULL;
		target[len] = '\0';
		if (target[0] == '/')
			path = arena_fmt(a, "%s%s", l->root, target);
		else
			path = arena_fmt(
				a, "%.*s/%s", (int)(strrchr(path, '/') - path), path, target);
	}
	return NULL;
}

static bool file_is_elf(const char *path)
{
	char start[4];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is = fd >= 0 && read(fd, start, sizeof start) == sizeof start &&
		  elf_is(start, sizeof start);

	if (fd >= 0)
		close(fd);
	return is;
}

static bool read_file(struct arena *a, const char *path, struct elf *e, bool *is, struct error *err)
{
	struct text bytes = TEXT_INIT;
	bool ok = true;

	*is = file_is_elf(path);
	if (*is)
		ok = text_read_file(&bytes, path, PROGRAM_LIMIT, err) &&
		     elf_read(e, bytes.s, bytes.len, a, err);
	text_release(&bytes);
	return ok;
}

/* An entry of that name counts wherever it is: a program may know better than we do where to look for its own libraries. */
static bool is_there(const struct collector *c, const char *name)
{
	for (size_t i = 0; i < c->tree->entries.n; i++) {
		const struct tree_entry *e = &c->tree->entries.at[i];
		const char *have = *name == '/' ? e->path : base_name(e->path);

		if (e->kind != TREE_FOLDER && strcmp(have, name) == 0)
			return true;
	}
	return false;
}

/* A file already added under another name becomes a link to it. */
static bool take(struct collector *c, const struct tree_entry *wanted, const struct stat *st,
	struct error *err)
{
	struct tree_entry e = *wanted;

	for (size_t i = 0; i < c->taken.n; i++) {
		if (c->taken.at[i].dev != st->st_dev || c->taken.at[i].ino != st->st_ino)
			continue;
		e.kind = TREE_LINK;
		e.mode = 0777;
		e.from = NULL;
		e.target = c->taken.at[i].path;
		return tree_add(c->tree, &e, err);
	}
	vec_push_in(c->tree->arena, &c->taken, (struct taken){st->st_dev, st->st_ino, e.path});
	return tree_add(c->tree, &e, err);
}

static bool missing(const struct collector *c, const struct tree_entry *program, const char *name,
	struct error *err)
{
	struct text folders = TEXT_INIT;

	for (size_t i = 0; i < c->tree->libraries.n; i++)
		text_fmt(&folders, "%s%s", i ? ", " : "", c->tree->libraries.at[i].from);
	error_set(err, ERROR_STEP,
		"%s needs %s, which is neither in the system nor in %s; put it into the overlay, or leave the program out",
		program->path, name, folders.s);
	text_release(&folders);
	return false;
}

/* `path` NULL: the default for libraries of that folder. */
static bool find_library(struct collector *c, const struct tree_entry *program,
	const struct elf *like, const char *name, const char *path, struct error *err)
{
	struct arena *a = c->tree->arena;

	for (size_t i = 0; i < c->tree->libraries.n; i++) {
		const struct tree_libraries *l = &c->tree->libraries.at[i];
		struct tree_entry e = {.kind = TREE_FILE, .mode = 0755};
		struct elf found = {0};
		struct stat st;
		bool is = false, ok;

		e.from = real_file(a, l, name, &st);
		if (!e.from)
			continue;
		ok = read_file(a, e.from, &found, &is, err);
		if (!ok)
			return error_in(err, "%s", e.from);
		if (!is || found.bits != like->bits || found.machine != like->machine)
			continue;
		e.path = path ? path : arena_fmt(a, "%s/%s", l->to, name);
		e.owner = arena_fmt(a, "the libraries of %s", program->path);
		return take(c, &e, &st, err);
	}
	return missing(c, program, path ? path : name, err);
}

static bool look_after(struct collector *c, const struct tree_entry *program, struct error *err)
{
	struct elf e = {0};
	bool is = program->content && elf_is(program->content, program->content_len);
	bool ok = true;

	if (is)
		ok = elf_read(&e, program->content, program->content_len, c->tree->arena, err);
	else if (program->from && !program->content)
		ok = read_file(c->tree->arena, program->from, &e, &is, err);
	if (!ok)
		error_in(err, "%s (%s)", program->path, program->owner);
	if (ok && e.loader && !is_there(c, e.loader))
		ok = find_library(c, program, &e, base_name(e.loader), e.loader, err);
	for (size_t i = 0; ok && i < e.needed.n; i++) {
		const char *name = e.needed.at[i];

		if (is_there(c, name))
			continue;
		ok = strchr(name, '/') ? missing(c, program, name, err)
				       : find_library(c, program, &e, name, NULL, err);
	}
	return ok;
}

bool tree_add_libraries(struct tree *t, struct error *err)
{
	struct collector c = {.tree = t};
	bool ok = true;

	if (!t->libraries.n)
		return true;
	for (size_t i = 0; ok && i < t->entries.n; i++) { /* what is added is examined in turn */
		struct tree_entry program = t->entries.at[i];

		if (program.kind == TREE_FILE)
			ok = look_after(&c, &program, err);
	}
	return ok;
}
