/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patches before they are applied: the order of a series (quilt(1), dpkg-source(1)), and what is in one of them. The program
 * patch applies them; what is decided here is that a patch stays in its tree, makes no links, and is a difference that patch
 * reads by itself (it would start ed for scripts of ed).
 */
#ifndef PATCHES_H
#define PATCHES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

#define PATCHES_MOST	   5000		       /* Debian's kernel has some 300 */
#define PATCHES_FILE_BYTES ((size_t)128 << 20) /* a kernel's stable update has some 20 MB */

struct patch_name {
	const char *file; /* below the folder of the series */
	int strip;	  /* folders to take off the names in it: -pN, usually 1 */
};
struct patch_series {
	struct patch_name *at;
	size_t n, cap;
};

/* A file "FILE [-pN] [# remark]" a line. Everything lives in the arena. */
CHECKED bool patch_series_read(
	struct patch_series *out, const char *text, struct arena *a, struct error *err);

enum patch_kind { PATCH_NOTHING, PATCH_UNIFIED, PATCH_CONTEXT };

struct patch_facts {
	enum patch_kind kind; /* PATCH_NOTHING: only remarks */
	const char *
		made_for; /* "curl-7.88.1", the folder that its names begin with; NULL: it does not say */
};

/* False: the whole patch has to be refused, and the sentence says why. */
CHECKED bool patch_check(const char *text, size_t len, int strip, struct patch_facts *out,
	struct arena *a, struct error *err);

/* What patch said about its failure, as words: "hunk 2 of lib/url.c, at line 120". In the arena. */
const char *patch_complaint(const char *said, struct arena *a);

#endif
