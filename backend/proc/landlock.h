/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock (Documentation/userspace-api/landlock.rst): a process takes from itself, and all that it starts, every right to
 * files but those that it lists. The numbers are the kernel's, as headers are older than kernels; what a kernel does not know
 * it is not asked for.
 */
#ifndef LANDLOCK_H
#define LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define LANDLOCK_USES UINT64_C(0x000d) /* execute, read a file, list a folder */
#define LANDLOCK_FILE UINT64_C(0x4002) /* write to a file, truncate it */
/* Everything that changes a file system; REFER, to link and rename between folders, and TRUNCATE are later additions. */
#define LANDLOCK_CHANGES UINT64_C(0x7ff2)

/* From 1; 0: this kernel has none, or it is turned off. */
long landlock_version(void);

struct landlock {
	int ruleset; /* -1: none */
	uint64_t handled;
};

/* The rights named will be lost, except where allowed. `apart`: nothing outside can be signalled or reached by an abstract socket
 * either (version 6). */
bool landlock_begin(struct landlock *l, uint64_t rights, bool apart);
/* At `path` and below; what is not there needs no right. */
void landlock_allow(const struct landlock *l, const char *path, uint64_t rights);
/* For good. The process must have no_new_privs. */
bool landlock_restrict(struct landlock *l);

#endif
