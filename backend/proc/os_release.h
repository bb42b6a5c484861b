/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a system says of itself, os-release(5). Values are unquoted as the shell would, that is what the file is made for. */
#ifndef OS_RELEASE_H
#define OS_RELEASE_H

#include "base/arena.h"
#include "base/vec.h"

struct os_release {
	const char *title; /* "Debian GNU/Linux 12 (bookworm)" */
	const char *
		codename; /* of the release, where its own package archive has one: "bookworm"; "" */
	struct strings ids; /* its own name, then those it is like, the nearest first */
};

/* All lives in the arena. `path` NULL: this machine's. A file that cannot be read is an unknown system, not an error. */
void os_release_read(struct os_release *r, const char *path, struct arena *a);

#endif
