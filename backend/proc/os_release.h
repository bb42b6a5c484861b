/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a system says about itself, os-release(5). Values are unquoted as the shell would do it: the file is made for that. */
#ifndef OS_RELEASE_H
#define OS_RELEASE_H

#include "base/arena.h"
#include "base/vec.h"

struct os_release {
	const char *title; /* "Debian GNU/Linux 12 (bookworm)" */
	const char *
		codename; /* of the release, if it has its own package archive: "bookworm"; else "" */
	struct strings ids; /* its own name, then those it is like, nearest first */
};

/* Everything lives in the arena. `path` NULL: this machine's file. If it cannot be read the system is unknown; that is not an
 * error. */
void os_release_read(struct os_release *r, const char *path, struct arena *a);

#endif
