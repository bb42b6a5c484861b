/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This machine's disks, as the kernel (sysfs, /proc) and udev's records describe them: what they are, what is on them, and why a
 * disk must not be overwritten. Nothing here needs a privilege, and nothing is written.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "base/place.h"
#include <stdint.h>

/* A partition, or the disk itself if a file system fills it. */
struct device_part {
	const char *name; /* "sdb1" */
	uint64_t bytes;
	const char *type, *label; /* of its file system, "" if unknown */
	const char *mounted;	  /* where it is mounted, "" if it is not */
};

struct device {
	const char *name;		  /* "sdb" */
	const char *path;		  /* "/dev/sdb" */
	const char *node;		  /* the file to open: the path, except in tests */
	const char *number;		  /* "8:16" */
	const char *model, *serial, *bus; /* "" if unknown; bus: "USB", "SD" */
	uint64_t bytes;
	bool removable;
	const char *identity; /* changes when another device gets the same name */
	const char *refusal;  /* a sentence; NULL: it may be written */
	VEC(struct device_part) parts;
};

struct device_list {
	struct arena arena;
	VEC(struct device) of;	   /* all whole disks, by name */
	struct strings partitions; /* each followed by its disk's name */
};

CHECKED bool device_list_load(struct device_list *l, const struct place *p, struct error *err);
void device_list_release(struct device_list *l);

/* By name or path. ERROR_USAGE if it is not a disk, and how to find one that is. */
CHECKED bool device_find(const struct device_list *l, const char *word, const struct device **out,
	struct error *err);

/* May `bytes` be written to it? ERROR_HOST with the reason and what to do. */
CHECKED bool device_check(const struct device *d, uint64_t bytes, struct error *err);

/* Did a person mean exactly this device: by its name, path, model or serial number? */
bool device_is_named(const struct device *d, const char *word);

/* Is the opened file this very device? A regular file can only be one on a test's machine (place.h). */
bool device_is_open(const struct device *d, int fd, const struct place *p);

#endif
