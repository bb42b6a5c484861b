/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share/tables/parts: what of an installed package a system has only when the option of the part's name is `yes`.
 *
 *   [part manuals]
 *   path = /usr/share/man /usr/share/info    patterns of tree/tree.h: '*' matches '/' too, a folder stands for all in it
 *   link = /usr/lib/lib?*.so                     the same for symbolic links only
 */
#ifndef PARTS_H
#define PARTS_H

#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"

struct part {
	const char *name;
	struct strings paths, links;
};

struct parts {
	struct part *at;
	size_t n, cap;
};

/* All strings live in the arena. */
CHECKED bool parts_read(
	struct parts *p, const struct place *place, struct arena *a, struct error *err);

/* NULL: there is no such part. */
const struct part *parts_find(const struct parts *p, const char *name);

#endif
