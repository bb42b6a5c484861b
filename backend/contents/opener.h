/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of this machine that turn a file into the raw disk that it holds, into a listing of its files (contents_listing.c), or
 * into a folder. Which program, and for files that begin how, is said in share/images: `magic`, and `raw`, `list` or `unpack`
 * (see plan_images.c).
 */
#ifndef OPENER_H
#define OPENER_H

#include "base/place.h"
#include "contents/contents.h"

#include <stdint.h>

enum { OPENER_MAGIC = 16 };

struct opener {
	const char *words;	  /* the command; {file} is the file, {raw} what it writes */
	enum contents_kind makes; /* CONTENTS_NONE: a disk */
	uint64_t at;		  /* where the bytes are that tell such a file */
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

/* Opens the file `path` to `raw`, a plain name in `folder`. The program can write nowhere else, no file of more than OPENER_MOST
 * bytes, and has no other file than these two from us. */
#define OPENER_MOST ((uint64_t)2 << 40) /* twice the largest image-size */
CHECKED bool opener_run(const struct opener *o, const char *path, const char *folder,
	const char *raw, struct error *err);

#endif
