/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of a build weigh: by part, by package, by file. Read from the manifest in the results folder. */
#ifndef WEIGHT_H
#define WEIGHT_H

#include "base/arena.h"
#include "base/vec.h"
#include <stdint.h>

struct weight_row {
	const char *name;
	uint64_t bytes;
	uint64_t content; /* of a part that is an image: of the files in it; 0: it is what it is */
	const char *compression; /* "" for none */
	const char *package;	 /* of a file, "" for others */
	uint64_t files;		 /* of a package */
};

struct weight_rows {
	struct weight_row *at;
	size_t n, cap;
};

/* A program that gives whoever runs it the rights of its owner or group. */
struct weight_set_id {
	const char *path, *package, *mode; /* "4755" */
	unsigned uid, gid;
};

struct weight_image {
	const char *file;
	uint64_t bytes;
	uint64_t content,
		content_files;	 /* of all files in it, before compression; 0: nothing is known */
	const char *compression; /* of all of it, "" for none */
	struct weight_rows parts, packages, files; /* largest first; not all files are listed */
	VEC(struct weight_set_id) set_id;
};

struct weight {
	struct arena arena;
	VEC(struct weight_image) images;
};

/* ERROR_USAGE when nothing was built there (NULL: out/PROFILE). */
CHECKED bool weight_load(
	struct weight *w, const char *profile, const char *output, struct error *err);
void weight_release(struct weight *w);

/* Do two images hold the same? */
bool weight_same(const struct weight_image *a, const struct weight_image *b);

#endif
