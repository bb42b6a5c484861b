/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the two halves of the ext4 writer: ext4.c makes the file system, ext4_fill.c puts the listing in. */
#ifndef EXT4_FILL_H
#define EXT4_FILL_H

#include "image/ext4.h"
#include <et/com_err.h>
#include <ext2fs/ext2fs.h>

struct ext4_maker {
	const struct tree *tree;
	const char *file; /* being written */
	time_t epoch;
	bool grows;
	uint64_t mib, auto_mib, inodes;
	ext2_filsys fs;
	ext2_ino_t lost; /* lost+found */
	tree_progress *tell;
	void *ctx;
};

/* Puts all entries in. The file system has / and lost+found already. */
CHECKED bool ext4_fill(struct ext4_maker *m, struct error *err);

/* Turns the library's error code for `path` (in the target, or a description) into a sentence. */
bool ext4_fail(struct ext4_maker *m, const char *path, long code, struct error *err);

#endif
