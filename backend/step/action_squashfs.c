/* SPDX-License-Identifier: GPL-2.0-or-later */
/* squashfs FILE COMPRESSION EPOCH: the unit's listing as a read-only, compressed file system. */
#include "image/squash.h"
#include "step/image.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/banned.h"

bool action_squashfs(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct squash_options o = {.method = args->at[1]};
	struct image_job j;
	uint64_t size = 0;

	if (!image_begin(&j, c, args->at[0], args->at[2], err))
		return false;
	o.epoch = j.epoch;
	if (!squash_write(j.tree, args->at[0], &o, &size, image_tell, &j.context, err) ||
		!image_compressed(args->at[0], o.method, err))
		return false;
	dprintf(STDOUT_FILENO, "%s: %zu entries, %s, %" PRIu64 " bytes\n", args->at[0],
		j.tree->entries.n, o.method, size);
	return true;
}
