/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs FILE COMPRESSION EPOCH: the unit's listing as an archive that the kernel unpacks into RAM. */
#include "cpio.h"
#include "image.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "banned.h"

bool action_initramfs(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct image_job j;
	struct compress *z = NULL;
	uint64_t size = 0;
	bool ok = image_begin(&j, c, args->at[0], args->at[2], err) &&
		  compress_open(&z, args->at[0], args->at[1], tree_bytes(j.tree), err) &&
		  cpio_write(j.tree, z, j.epoch, image_tell, &j.context, err) &&
		  compress_finish(z, &size, err);

	compress_free(z);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %zu entries, %s, %" PRIu64 " bytes\n", args->at[0],
			j.tree->entries.n, args->at[1], size);
	else if (z)
		unlink(args->at[0]);
	return ok;
}
