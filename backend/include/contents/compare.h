/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares two files that should be the same; if they are not, which file inside them differs? Containers are opened inside one
 * another (an initramfs in an ISO image, a file system in a partition of a disk); for what cannot be opened the offset of the
 * first different byte is reported.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "choice/catalog.h"
#include <stdint.h>

struct difference {
	struct strings inside; /* from the outermost name to the innermost; none: the file itself */
	const char *what;      /* "its bytes differ from offset 12 on", "its date is 1 and 2" */
	bool has_offset;
	uint64_t offset; /* of the first different byte, in the innermost file */
};

struct comparison {
	struct arena arena;
	bool same;
	uint64_t offset;	   /* of the first different byte; only if they differ */
	VEC(struct difference) of; /* at most COMPARE_MOST; none if they are the same */
	size_t n;		   /* the total number */
};

enum { COMPARE_MOST = 20 };

/* The catalogue knows which formats a program opens. `work` is a folder for files taken out of containers; nothing stays in
 * it. */
CHECKED bool compare_files(struct comparison *c, const char *first, const char *second,
	const char *work, const struct catalog *catalog, struct error *err);
void comparison_release(struct comparison *c);

#endif
