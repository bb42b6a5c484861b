/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs FILE COMPRESSION EPOCH: the unit's listing as an archive that the kernel unpacks into RAM. */
#include "action.h"
#include "cpio.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "banned.h"

static void tell_builder(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

static bool read_epoch(const char *word, time_t *epoch, struct error *err)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(word, &end, 10);
	/* newc keeps dates in 32 bits */
	if (errno || end == word || *end || n < 0 || n > 0xffffffffLL)
		return error_set(
			err, ERROR_INTERNAL, "'%s' is not a date in seconds since 1970", word);
	*epoch = (time_t)n;
	return true;
}

static bool make_parent(struct arena *a, const char *path, struct error *err)
{
	return place_make_folder(dirname(arena_str(a, path)), err);
}

bool action_initramfs(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct tree *t = c->step->unit->tree;
	struct action_context copy = *c;
	struct compress *z = NULL;
	uint64_t size = 0;
	time_t epoch = 0;
	bool ok;

	if (!t)
		return error_set(err, ERROR_INTERNAL,
			"%s has no listing of what goes into the image", c->step->id);
	ok = read_epoch(args->at[2], &epoch, err) && tree_settle(t, err) &&
	     make_parent(t->arena, args->at[0], err) &&
	     compress_open(&z, args->at[0], args->at[1], err) &&
	     cpio_write(t, z, epoch, tell_builder, &copy, err) && compress_finish(z, &size, err);
	compress_free(z);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %zu entries, %s, %" PRIu64 " bytes\n", args->at[0],
			t->entries.n, args->at[1], size);
	else if (z)
		unlink(args->at[0]);
	return ok;
}
