/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A settled tree as an ext4 file system in a file, without mounting anything: owners, modes and device nodes are those of the
 * listing. The same tree gives the same bytes: every date is `epoch`, the file system's UUID is made from the listing. What is
 * empty takes no space on this machine's disk. Kernels from 4.x on mount it.
 *
 * One that grows keeps blocks for the descriptors of 520 GiB, as the feature resize_inode has it (beyond that Linux 6.12 was
 * seen to crash), and as many inodes in each group as a file system of that size is commonly given.
 */
#ifndef EXT4_H
#define EXT4_H

#include "tree/tree.h"

#include <time.h>

struct ext4_options {
	const char *label; /* up to 16 bytes */
	uint64_t mib;	   /* size; 0: as large as the content needs, and room for as much again */
	time_t epoch;
	bool grows; /* it is to be enlarged later, without being unmounted: room for its tables is kept */
};

/* Writes the file; its size in bytes goes to *size. A size that is too small is ERROR_PROFILE, a full disk ERROR_HOST. */
CHECKED bool ext4_write(const struct tree *t, const char *path, const struct ext4_options *o,
	uint64_t *size, tree_progress *tell, void *ctx, struct error *err);

#endif
