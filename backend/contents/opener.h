/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of this machine that turn a file into the raw disk it holds, into a listing of its files (contents_listing.c), or into
 * a folder. share/images says which program opens files with which first bytes: `magic`, and `raw`, `list` or `unpack`
 * (choice/format.h).
 */
#ifndef OPENER_H
#define OPENER_H

#include "choice/format.h"
#include "contents/contents.h"

/* Which format with an opener is this file? NULL: nothing opens it. */
const struct format *opener_find(const struct catalog *c, const char *path);
/* What opening gives; CONTENTS_NONE: a disk. */
enum contents_kind opener_makes(const struct format *f);

/* Opens the file `path` to `raw`, a plain name in `folder`. The program can write nowhere else, write no file larger than
 * OPENER_MOST bytes, and gets only these two files from us. */
#define OPENER_MOST ((uint64_t)2 << 40) /* twice the largest image-size */
CHECKED bool opener_run(const struct format *f, const char *path, const char *folder,
	const char *raw, struct error *err);

#endif
