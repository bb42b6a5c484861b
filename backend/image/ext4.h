/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A settled tree as an ext4 file system in a file, without mounting anything: owners, modes and device nodes are those of the
 * listing. The same tree gives the same bytes: every date is `epoch`, the file system's UUID is made from the listing. Empty
 * areas take no space on this machine's disk. Kernels from 4.x on mount it.
 *
 * One that grows reserves blocks for the descriptors of 520 GiB (feature resize_inode; beyond that Linux 6.12 crashed), and has
 * as many inodes in each group as is usual for a file system of that size.
 */
#ifndef EXT4_H
#define EXT4_H

#include "tree/tree.h"

#include <time.h>

struct ext4_options {
	const char *label; /* up to 16 bytes */
	uint64_t
		mib; /* size; 0: as large as the content needs, plus the same again as free space */
	time_t epoch;
	bool grows; /* it will be enlarged later, while mounted: reserve room for its tables */
};

/* Writes the file; *size receives its size in bytes. A size that is too small is ERROR_PROFILE, a full disk ERROR_HOST. */
CHECKED bool ext4_write(const struct tree *t, const char *path, const struct ext4_options *o,
	uint64_t *size, tree_progress *tell, void *ctx, struct error *err);

#endif
