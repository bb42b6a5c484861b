/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs, /proc and udev say about block devices, all read below the place's `machine`: the raw facts behind device.h. */
#ifndef DEVICE_SYSTEM_H
#define DEVICE_SYSTEM_H

#include "base/place.h"
#include <stdint.h>

/* A disk, a partition, or something built on them (device mapper, RAID, loop). */
struct block {
	const char *name, *number; /* "sdb1", "8:17" */
	const char *folder;	   /* in sysfs, as a path on this machine */
	const char *disk;	   /* the whole disk of a partition; NULL: this is a whole disk */
	const char *title;	   /* a mapped device's name, else "" */
	const char *mounted;	   /* where it is mounted; "" */
	bool swap;
	uint64_t bytes;
	bool read_only, removable;
	struct strings holders; /* what is built on it */
};

struct block_system {
	struct arena *arena;
	const char *root; /* "" except in tests */
	VEC(struct block) of;
};

CHECKED bool block_system_load(
	struct block_system *s, const struct place *p, struct arena *a, struct error *err);

struct block *block_find(const struct block_system *s, const char *name); /* NULL: there is none */

/* The content of a file below the device's folder, without surrounding blanks; "" if there is none. */
const char *block_value(const struct block_system *s, const struct block *b, const char *file);

/* The nearest parent folder of the device that has such a file: for the USB device that a disk is part of. */
const char *block_value_above(
	const struct block_system *s, const struct block *b, const char *file);

/* The file system on it: from udev's records, else by reading the device, if permitted. "" if unknown. */
void block_content(
	const struct block_system *s, const struct block *b, const char **type, const char **label);

#endif
