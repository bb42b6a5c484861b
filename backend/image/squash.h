/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A settled tree as a squashfs: read-only and compressed, for systems that start from a medium. Owners, modes and device nodes
 * are those of the listing, every date is `epoch`; the same tree gives the same bytes, however many processors pack it.
 */
#ifndef SQUASH_H
#define SQUASH_H

#include "tree/tree.h"

#include <time.h>

struct squash_options {
	const char *method; /* zstd, gzip, xz, lz4 */
	time_t epoch;
};

/* Writes the file; its size in bytes goes to *size. A full disk is ERROR_HOST. */
CHECKED bool squash_write(const struct tree *t, const char *path, const struct squash_options *o,
	uint64_t *size, tree_progress *tell, void *ctx, struct error *err);

#endif
