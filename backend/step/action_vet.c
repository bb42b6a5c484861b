/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vet STAGE SYSROOT [IRELATIVE]: what a package must not carry into a system, looked for in all of its files before it is
 * published. Every library that a program needs is the package's own or in its sysroot, so it did not come from this machine; its
 * loader is the one in the sysroot; no file names a path of the cache; no script is for a shell that configure found on this
 * machine and the package may lack; and where the C library does not know relocations of the
 * type IRELATIVE (its number is given then), there are none: a program would die of them when it starts.
 *
 * All faults are in the log, the first is the step's error.
 */
#include "base/arena.h"
#include "base/elf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "step/action.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define FILE_LIMIT ((size_t)1 << 30)

struct vetting {
	const char *stage, *sysroot;
	const char *caches
		[2]; /* as it is called, and where it really is, each with a slash behind it */
	unsigned long irelative; /* 0: may be there */
	struct arena arena;
	struct strings libraries; /* base names of those that may be needed */
	struct error first;
	size_t faults;
};

typedef bool vet_file(struct vetting *v, const FTSENT *f, struct error *err);

/* Files and links below a folder; links are not followed. */
static bool each(struct vetting *v, const char *folder, vet_file *look, struct error *err)
{
	char *const roots[] = {arena_str(&v->arena, folder), NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *f = NULL;
	bool ok = walk != NULL;

	while (ok && (errno = 0, f = fts_read(walk)))
		switch (f->fts_info) {
		case FTS_D:
		case FTS_DP:
			break;
		case FTS_F:
		case FTS_SL:
		case FTS_SLNONE:
			ok = look(v, f, err);
			break;
		default:
			errno = f->fts_errno;
			ok = error_errno(err, "%s cannot be examined", f->fts_path);
		}
	if (!f && errno)
		ok = error_errno(err, "%s cannot be examined", folder);
	if (walk)
		fts_close(walk);
	return ok;
}

static bool take_library(struct vetting *v, const FTSENT *f, struct error *err)
{
	(void)err;
	if (strstr(f->fts_name, ".so"))
		vec_push_in(&v->arena, &v->libraries, arena_str(&v->arena, f->fts_name));
	return true;
}

static bool has_library(const struct vetting *v, const char *name)
{
	for (size_t i = 0; i < v->libraries.n; i++)
		if (strcmp(v->libraries.at[i], name) == 0)
			return true;
	return false;
}

static void fault(struct vetting *v, const FTSENT *f, const char *what, const char *remedy)
{
	const char *path = f->fts_path + strlen(v->stage) + 1;

	fprintf(stderr, "%s %s; %s\n", path, what, remedy);
	if (!v->faults++)
		error_set(&v->first, ERROR_STEP, "%s %s; %s", path, what, remedy);
}

static void vet_program(struct vetting *v, const FTSENT *f, const struct text *bytes)
{
	struct error unreadable;
	struct stat st;
	struct elf e;

	if (!elf_read(&e, bytes->s, bytes->len, &v->arena, &unreadable)) {
		fault(v, f, arena_fmt(&v->arena, "cannot be read: %s", unreadable.text),
			"leave the file out (drop)");
		return;
	}
	for (size_t i = 0; i < e.needed.n; i++)
		if (!has_library(v, e.needed.at[i]))
			fault(v, f,
				arena_fmt(&v->arena,
					"needs %s, which comes with nothing that the recipe needs",
					e.needed.at[i]),
				"add the recipe that brings it to 'needs', or configure the feature away");
	if (e.loader && lstat(arena_fmt(&v->arena, "%s%s", v->sysroot, e.loader), &st) != 0)
		fault(v, f,
			arena_fmt(&v->arena,
				"is started by %s, which is not the loader of the C library",
				e.loader),
			"it was compiled for this machine; see that its build uses {cc}");
	if (v->irelative && elf_has_relocation(bytes->s, bytes->len, v->irelative))
		fault(v, f,
			"has relocations of the kind IRELATIVE, which this C library does not know",
			"configure it without functions that are chosen when it starts (ifunc)");
}

/* The path is shown as it goes on in the file. */
static void vet_paths(struct vetting *v, const FTSENT *f, const char *bytes, size_t len)
{
	const char *at = NULL;
	size_t left, n = 0;

	for (size_t i = 0; i < 2 && !at; i++)
		at = memmem(bytes, len, v->caches[i], strlen(v->caches[i]));
	if (!at)
		return;
	left = len - (size_t)(at - bytes);
	while (n < left && n < PATH_MAX && at[n] > ' ' && at[n] < 0x7f && !strchr("\"':;,)", at[n]))
		n++;
	fault(v, f, arena_fmt(&v->arena, "names a path of this machine, %.*s", (int)n, at),
		"leave the file out (drop), or take the path out after installing (tidy)");
}

/* configure takes bash for scripts where it finds one. Shells that authors ask for themselves are called by env. */
static void vet_script(struct vetting *v, const FTSENT *f, const struct text *bytes)
{
	static const char *const shells[] = {"/bin/bash", "/usr/bin/bash"};
	struct stat st;
	size_t len;

	if (bytes->len < 3 || memcmp(bytes->s, "#!", 2) != 0)
		return;
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		const char *at = bytes->s + 2 + strspn(bytes->s + 2, " ");

		len = strlen(shells[i]);
		if (strncmp(at, shells[i], len) != 0 || !strchr(" \n", at[len]) ||
			lstat(arena_fmt(&v->arena, "%s%s", v->stage, shells[i]), &st) == 0 ||
			lstat(arena_fmt(&v->arena, "%s%s", v->sysroot, shells[i]), &st) == 0)
			continue;
		fault(v, f,
			arena_fmt(
				&v->arena, "is a script for %s, which may not be there", shells[i]),
			"configure it with another shell (settings = CONFIG_SHELL=/bin/sh), need bash, or leave the file out (drop)");
	}
}

static bool vet_one(struct vetting *v, const FTSENT *f, struct error *err)
{
	struct text bytes = TEXT_INIT;
	char target[PATH_MAX];
	ssize_t len;
	bool ok;

	if (f->fts_info != FTS_F) {
		len = readlink(f->fts_accpath, target, sizeof target);
		if (len > 0)
			vet_paths(v, f, target, (size_t)len);
		return true;
	}
	ok = text_read_file(&bytes, f->fts_accpath, FILE_LIMIT, err);
	if (ok)
		vet_paths(v, f, bytes.s, bytes.len);
	if (ok && elf_is(bytes.s, bytes.len))
		vet_program(v, f, &bytes);
	if (ok)
		vet_script(v, f, &bytes);
	text_release(&bytes);
	return ok;
}

bool action_vet(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct vetting v = {.stage = args->at[0],
		.sysroot = args->at[1],
		.irelative = args->n > 2 ? strtoul(args->at[2], NULL, 10) : 0,
		.arena = ARENA_INIT};
	char real[PATH_MAX];
	bool ok;

	v.caches[0] = arena_fmt(&v.arena, "%s/", c->place->cache);
	v.caches[1] =
		realpath(c->place->cache, real) ? arena_fmt(&v.arena, "%s/", real) : v.caches[0];
	ok = each(&v, v.stage, take_library, err) && each(&v, v.sysroot, take_library, err) &&
	     each(&v, v.stage, vet_one, err);
	if (ok && v.faults > 1)
		error_set(err, ERROR_STEP, "%s (and %zu more, in the log)", v.first.text,
			v.faults - 1);
	else if (ok && v.faults)
		*err = v.first;
	arena_release(&v.arena);
	return ok && !v.faults;
}
