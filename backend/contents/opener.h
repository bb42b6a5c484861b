/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of this machine that turn a file into the raw disk that it holds, into a listing of its files (contents_listing.c), or
 * into a folder. Which program, and for files that begin how, is said in share/images: `magic`, and `raw`, `list` or `unpack`
 * (choice/format.h).
 */
#ifndef OPENER_H
#define OPENER_H

#include "choice/format.h"
#include "contents/contents.h"

/* Of which format, that has a program to open it, is that file? NULL: nobody opens it. */
const struct format *opener_find(const struct catalog *c, const char *path);
/* What becomes of it; CONTENTS_NONE: a disk. */
enum contents_kind opener_makes(const struct format *f);

/* Opens the file `path` to `raw`, a plain name in `folder`. The program can write nowhere else, no file of more than OPENER_MOST
 * bytes, and has no other file than these two from us. */
#define OPENER_MOST ((uint64_t)2 << 40) /* twice the largest image-size */
CHECKED bool opener_run(const struct format *f, const char *path, const char *folder,
	const char *raw, struct error *err);

#endif
