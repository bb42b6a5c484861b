/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two files that should be the same: are they, and if not, which file inside them differs? Containers are opened one in the
 * other (an initramfs in an ISO image, a file system in a partition of a disk); what cannot be opened is told with the offset
 * of the first byte that differs.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "choice/catalog.h"
#include <stdint.h>

struct difference {
	struct strings inside; /* from the outermost name to the innermost; none: the file itself */
	const char *what;      /* "its bytes differ from offset 12 on", "its date is 1 and 2" */
	bool has_offset;
	uint64_t offset; /* of the first byte that differs, in the innermost file */
};

struct comparison {
	struct arena arena;
	bool same;
	uint64_t offset; /* of the first byte that differs; only when they are not the same */
	VEC(struct difference) of; /* at most COMPARE_MOST; none when they are the same */
	size_t n;		   /* how many there are in all */
};

enum { COMPARE_MOST = 20 };

/* The catalogue knows which formats a program opens. `work` is a folder for what has to be taken out of containers; nothing stays
 * in it. */
CHECKED bool compare_files(struct comparison *c, const char *first, const char *second,
	const char *work, const struct catalog *catalog, struct error *err);
void comparison_release(struct comparison *c);

#endif
