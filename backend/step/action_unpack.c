/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unpack ARCHIVE RESULT [into FOLDER ARCHIVE]... [debian ARCHIVE NAME REVISION] [patch STRIP FILE]...: unpacks a pristine source
 * tree to RESULT, other archives into folders of it, and patches it.
 */
#include "step/action.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "cache/dates.h"
#include "source/unpack.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

/* Each word is followed by as many others. */
static bool read_arguments(
	const struct strings *args, struct unpack *u, struct arena *a, struct error *err)
{
	for (size_t i = 2, more; i < args->n; i += 1 + more) {
		const char *word = args->at[i];
		const char *const *rest = (const char *const *)args->at + i + 1;

		more = strcmp(word, "debian") == 0 ? 3 : 2;
		if (args->n - i - 1 < more)
			break;
		if (strcmp(word, "into") == 0) {
			vec_push_in(a, &u->parts, (struct unpack_part){rest[1], rest[0]});
		} else if (strcmp(word, "debian") == 0) {
			u->debian = rest[0];
			u->revision = arena_fmt(a, "%s %s", rest[1], rest[2]);
		} else if (strcmp(word, "patch") == 0 && rest[0][0] >= '0' && rest[0][0] <= '9') {
			vec_push_in(
				a, &u->patches, (struct unpack_patch){rest[1], rest[0][0] - '0'});
		} else {
			break;
		}
		if (i + 1 + more == args->n)
			return true;
	}
	return args->n == 2 ||
	       error_set(err, ERROR_INTERNAL,
		       "unpack wants ARCHIVE RESULT and words that it knows, not %s",
		       args->at[args->n - 1]);
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
	if (ok && newest) /* it was not there already */
		dates_keep(c->place, u.archive, newest);
	arena_release(&arena);
	return ok;
}
