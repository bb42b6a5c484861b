/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The disks of this machine, as the kernel (sysfs, /proc) and udev's records tell of them: what they are, what lies on them, and
 * why one of them must not be written over. Nothing here needs a right, and nothing is written.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "base/place.h"
#include <stdint.h>

/* A partition, or the disk itself where a file system fills it. */
struct device_part {
	const char *name; /* "sdb1" */
	uint64_t bytes;
	const char *type, *label; /* of its file system, "" when not known */
	const char *mounted;	  /* where, "" when it is not */
};

struct device {
	const char *name;		  /* "sdb" */
	const char *path;		  /* "/dev/sdb" */
	const char *node;		  /* the file to open: the path, but in tests */
	const char *number;		  /* "8:16" */
	const char *model, *serial, *bus; /* "" when not known; bus: "USB", "SD" */
	uint64_t bytes;
	bool removable;
	const char *identity; /* another device under the same name has another one */
	const char *refusal;  /* a sentence; NULL: it may be written */
	VEC(struct device_part) parts;
};

struct device_list {
	struct arena arena;
	VEC(struct device) of;	   /* all whole disks, by name */
	struct strings partitions; /* each followed by the name of its disk */
};

CHECKED bool device_list_load(struct device_list *l, const struct place *p, struct error *err);
void device_list_release(struct device_list *l);

/* By name or path. ERROR_USAGE for what is no disk, with the way to one that is. */
CHECKED bool device_find(const struct device_list *l, const char *word, const struct device **out,
	struct error *err);

/* May `bytes` be written to it? ERROR_HOST with the reason and what to do. */
CHECKED bool device_check(const struct device *d, uint64_t bytes, struct error *err);

/* Did a person name just this device: by its name, path, model or serial number? */
bool device_is_named(const struct device *d, const char *word);

/* Is what was opened by its node this very device? A regular file is one in a test's machine alone (place.h). */
bool device_is_open(const struct device *d, int fd, const struct place *p);

#endif
