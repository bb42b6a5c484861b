/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of this machine that turn a file into the raw disk that it holds, or into a listing of its files (contents_listing.c).
 * Which program, and for files that begin how, is said in share/images: `magic` and `raw` or `list` (see plan_images.c).
 */
#ifndef OPENER_H
#define OPENER_H

#include "base/place.h"

#include <stdint.h>

enum { OPENER_MAGIC = 16 };

struct opener {
	const char *words; /* the command; {file} is the file, {raw} what it writes */
	bool lists;	   /* that is a listing */
	uint64_t at;	   /* where the bytes are that tell such a file */
	unsigned char magic[OPENER_MAGIC];
	size_t len;
};

struct openers {
	struct arena arena;
	VEC(struct opener) of;
};

CHECKED bool openers_load(struct openers *o, const struct place *place, struct error *err);
void openers_release(struct openers *o);

/* Who opens that file? NULL: nobody. */
const struct opener *openers_find(const struct openers *o, const char *path);

/* Writes the disk or listing of the file `path` to `raw`, a plain name in `folder`. The program can write nowhere else, no more
 * than OPENER_MOST bytes, and has no other file than these two from us. */
#define OPENER_MOST ((uint64_t)2 << 40) /* twice the largest image-size */
CHECKED bool opener_run(const struct opener *o, const char *path, const char *folder,
	const char *raw, struct error *err);

#endif
