/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unpack ARCHIVE RESULT [package] [elf PATTERN]... [into FOLDER ARCHIVE]... [debian ARCHIVE NAME REVISION] [patch STRIP FILE]...:
 * unpacks a pristine source tree to RESULT, other archives into folders of it, and patches it. The archive is a binary package if
 * it says so, of which the files that match are machine code; it may be a folder, which is copied.
 */
#include "step/action.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "cache/dates.h"
#include "source/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

static void take_package(struct unpack *u, struct arena *a, const char *const *rest)
{
	(void)a;
	(void)rest;
	u->package = true;
}

static void take_elf(struct unpack *u, struct arena *a, const char *const *rest)
{
	vec_push_in(a, &u->elf, rest[0]);
}

static void take_part(struct unpack *u, struct arena *a, const char *const *rest)
{
	vec_push_in(a, &u->parts, (struct unpack_part){rest[1], rest[0]});
}

static void take_debian(struct unpack *u, struct arena *a, const char *const *rest)
{
	u->debian = rest[0];
	u->revision = arena_fmt(a, "%s %s", rest[1], rest[2]);
}

static void take_patch(struct unpack *u, struct arena *a, const char *const *rest)
{
	vec_push_in(a, &u->patches, (struct unpack_patch){rest[1], atoi(rest[0])});
}

/* Each word is followed by as many others. */
static const struct {
	const char *word;
	size_t more;
	void (*take)(struct unpack *u, struct arena *a, const char *const *rest);
} words[] = {
	{"package", 0, take_package},
	{"elf", 1, take_elf},
	{"into", 2, take_part},
	{"debian", 3, take_debian},
	{"patch", 2, take_patch},
};

static bool read_arguments(
	const struct strings *args, struct unpack *u, struct arena *a, struct error *err)
{
	const size_t n = sizeof words / sizeof *words;

	for (size_t i = 2, k; i < args->n; i += 1 + words[k].more) {
		for (k = 0; k < n && strcmp(words[k].word, args->at[i]) != 0;)
			k++;
		if (k == n || args->n - i - 1 < words[k].more)
			return error_set(err, ERROR_INTERNAL,
				"unpack wants ARCHIVE RESULT and words that it knows, not %s",
				args->at[i]);
		words[k].take(u, a, (const char *const *)args->at + i + 1);
	}
	return true;
}

bool action_unpack(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct action_context copy = *c;
	struct arena arena = ARENA_INIT;
	time_t newest = 0;
	bool ok;
	struct unpack u = {.archive = args->at[0],
		.result = args->at[1],
		.log_fd = STDOUT_FILENO,
		.progress = progress,
		.ctx = &copy,
		.cache = c->place->cache,
		.newest = &newest};

	dprintf(STDOUT_FILENO, "unpacking %s\n", u.archive);
	ok = read_arguments(args, &u, &arena, err) && unpack_tree(&u, err);
	/* it was not there already; a package's date is that of its parts, which tells without unpacking */
	if (ok && newest && !u.package)
		dates_keep(c->place, u.archive, newest);
	arena_release(&arena);
	return ok;
}
