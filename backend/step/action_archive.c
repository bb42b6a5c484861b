/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * initramfs FILE COMPRESSION EPOCH [FIRST]: writes the unit's listing as an archive that the kernel unpacks into RAM. FIRST is
 * such an archive of what the finished stages bring: then its bytes come first, and a second archive holds the rest, so that a
 * changed name does not have everything compressed again. tar FILE COMPRESSION EPOCH: the listing as a tar, for people to unpack
 * where they want it.
 */
#include "base/compress.h"
#include "image/pack.h"
#include "step/image.h"
#include "tree/tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/banned.h"

static bool to_compressor(void *ctx, const void *bytes, size_t len, struct error *err)
{
	return compress_write(ctx, bytes, len, err);
}

/* What the first archive holds, if one is to be taken. */
static bool settle_stages(const struct action_context *c, const struct strings *args,
	struct tree *stages, struct error *err)
{
	*stages = (struct tree){0};
	if (args->n <= 3 || !c->step->unit->tree)
		return true;
	tree_stages(c->step->unit->tree, stages);
	return tree_settle(stages, err);
}

static bool write_archive(const struct action_context *c, const struct strings *args,
	enum pack_format format, struct error *err)
{
	struct tree stages;
	struct image_job j;
	struct compress *z = NULL;
	struct pack_options o = {.format = format,
		.sink = to_compressor,
		.tell = image_tell,
		.tell_ctx = &j.context};
	uint64_t size = 0;
	bool ok = settle_stages(c, args, &stages, err) &&
		  image_begin(&j, c, args->at[0], args->at[2], err) &&
		  compress_open(&z, args->at[0], args->at[1], tree_bytes(j.tree), err);

	/* where an overlay replaces something of a stage, all is written in one archive */
	if (ok && stages.arena && tree_contains(j.tree, &stages)) {
		o.before = &stages;
		ok = compress_prepend(z, args->at[3], err);
	}
	if (ok) {
		o.epoch = j.epoch;
		o.sink_ctx = z;
		ok = pack_write(j.tree, &o, err) && compress_finish(z, &size, err) &&
		     image_compressed(args->at[0], args->at[1], err);
	}
	compress_free(z);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %zu entries, %s, %" PRIu64 " bytes\n", args->at[0],
			j.tree->entries.n, args->at[1], size);
	else if (z)
		unlink(args->at[0]);
	return ok;
}

bool action_initramfs(const struct action_context *c, const struct strings *args, struct error *err)
{
	return write_archive(c, args, PACK_CPIO, err);
}

bool action_tar(const struct action_context *c, const struct strings *args, struct error *err)
{
	return write_archive(c, args, PACK_TAR, err);
}
