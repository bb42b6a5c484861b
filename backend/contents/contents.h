/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in a file that contains files: archives (tar, newc, ISO 9660; compressed or not), ext4, disks with partitions, programs
 * for UEFI, and single compressed files; also what other programs make of other formats: listings of unsquashfs, and folders.
 * Nothing is mounted. The format is recognised by the file's bytes, never by its name.
 */
#ifndef CONTENTS_H
#define CONTENTS_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"
#include <stdint.h>

enum contents_kind {
	CONTENTS_NONE, /* plain bytes, or an unknown format */
	CONTENTS_ARCHIVE,
	CONTENTS_EXT4,
	CONTENTS_LISTING,
	CONTENTS_FOLDER,
	CONTENTS_DISK,
	CONTENTS_PE,
};

struct content {
	const char *path; /* no slash at either end; "partition 2", "section .initrd", "unpacked" */
	const char *target;		       /* of a link; NULL otherwise */
	const char *more;		       /* further facts as text, only for comparing */
	unsigned mode, uid, gid, major, minor; /* mode with the type; 0 if there is none */
	int64_t mtime;
	uint64_t size;
	char sha256[HASH_HEX]; /* of its bytes; "" if it has none */
};

struct contents {
	struct arena arena;
	VEC(struct content) of; /* in the order of the container */
};

enum contents_kind contents_kind(const char *path);

CHECKED bool contents_list(
	struct contents *c, const char *path, enum contents_kind kind, struct error *err);
void contents_release(struct contents *c);

/* Writes the bytes of the entry with that number to a new file. */
CHECKED bool contents_extract(const char *path, enum contents_kind kind, size_t number,
	const char *to, struct error *err);

#endif
