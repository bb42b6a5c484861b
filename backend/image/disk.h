/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk in a file: a partition table (GPT, UEFI specification 2.10 chapter 5, or the older one of PCs, through libfdisk) and
 * partitions filled from files. Nothing is mounted, and no privilege is needed. Identifiers are made from `seed`, so that the
 * same content gives the same disk; empty areas take no space.
 */
#ifndef DISK_H
#define DISK_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { DISK_SECTOR = 512, DISK_ALIGNMENT = 1024 * 1024 };

struct disk_partition {
	const char *type; /* GUID of the partition's type; in the older table two hex digits */
	const char *name; /* only for messages in the older table, which has no names */
	const char *
		file; /* its content; the partition is as large as that, rounded up to the alignment */
	uint64_t start, size; /* bytes; set by disk_write */
};

struct disk_partitions {
	struct disk_partition *at;
	size_t n, cap;
};

/*
 * Creates `path`. `table` is gpt, or dos for the older one (at most four partitions; the first is marked active, which some
 * firmware requires). `seed` is any text; *size receives the disk's size.
 */
CHECKED bool disk_write(const char *path, const char *table, const char *seed,
	struct disk_partitions *p, uint64_t *size, struct error *err);

/*
 * Lets a PC's BIOS start a boot loader whose image is in a partition without a file system, as GRUB's boot.S and diskboot.S
 * define it: the loader's first stage goes into the first sector, around the partition table, with the image's position at 0x5c;
 * the image's first sector gets the position of the rest at 0x1f4. The jump at 0x66 is removed, as for everything but floppies.
 * Compared with boot.S, diskboot.S and util/setup.c of GRUB 2.06, 2.12 and 2.14: the first two have not changed since.
 */
CHECKED bool disk_make_bootable(
	const char *path, const char *first_stage, uint64_t image_start, struct error *err);

/*
 * Puts a loader's image into the sectors between the older table and the first partition, at DISK_GAP; disk_make_bootable must
 * then be told that it is there.
 */
enum { DISK_GAP = DISK_SECTOR };
CHECKED bool disk_fill_gap(const char *path, const char *image, struct error *err);

#endif
