/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unpack ARCHIVE RESULT [PATCH...]: unpacks a pristine source tree to RESULT and patches it. */
#include "step/action.h"

#include "cache/dates.h"
#include "source/unpack.h"

#include <stdio.h>
#include <unistd.h>

#include "base/banned.h"

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

bool action_unpack(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct action_context copy = *c;
	struct strings patches = {.at = args->at + 2, .n = args->n - 2};
	time_t newest = 0;
	struct unpack u = {.archive = args->at[0],
		.result = args->at[1],
		.patches = &patches,
		.log_fd = STDOUT_FILENO,
		.progress = progress,
		.ctx = &copy,
		.cache = c->place->cache,
		.newest = &newest};

	dprintf(STDOUT_FILENO, "unpacking %s\n", u.archive);
	if (!unpack_tree(&u, err))
		return false;
	if (newest) /* it was not there already */
		dates_keep(c->place, u.archive, newest);
	return true;
}
