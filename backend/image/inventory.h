/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image holds and what that weighs, recorded while it is written, in a file beside it. The image itself could not tell
 * which component each file is from. An image in an image (the initramfs on a medium) contributes its own record.
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include "tree/tree.h"

#include <jansson.h>

struct inventory_file {
	const char *path, *package; /* the package it is from */
	uint64_t bytes;
};

struct inventory_part {
	const char *name;
	uint64_t bytes;		 /* in the image; empty blocks do not count */
	uint64_t content;	 /* of its files before compression; 0: it holds no files */
	const char *compression; /* "" when nothing is compressed */
};

/* A program that gives whoever runs it the rights of its owner or group. */
struct inventory_set_id {
	const char *path, *package;
	unsigned mode, uid, gid;
};

struct inventory {
	struct arena arena;
	VEC(struct inventory_file) files;
	VEC(struct inventory_set_id) set_id;
	VEC(struct inventory_part) parts;
	const char *compression; /* of the image as a whole */
};

/* A folder without a record gets an empty one. */
CHECKED bool inventory_load(struct inventory *c, const char *folder, struct error *err);
CHECKED bool inventory_save(const struct inventory *c, const char *folder, struct error *err);
void inventory_release(struct inventory *c);

/* Adds the files of a settled tree; an image among them becomes a part, with its contents. */
CHECKED bool inventory_add_tree(struct inventory *c, const struct tree *t, struct error *err);

/* A file that became part of the image: counts to the part of that name, with its own record if it is an image. */
CHECKED bool inventory_add_part(
	struct inventory *c, const char *name, const char *file, struct error *err);

/* How much of a file is not empty, in blocks of 4 KiB: the same on every file system. */
CHECKED bool inventory_measure(const char *path, uint64_t *bytes, struct error *err);

/* For the manifest: the contents of image `file` by part, by package and by file, the largest first. */
CHECKED bool inventory_json(const struct inventory *c, const char *path, const char *file,
	json_t **out, struct error *err);

/* Both the record and the manifest have a list of set-id programs, if there are any. */
#define INVENTORY_SET_ID "set_id"
void inventory_put_set_id(const struct inventory *c, json_t *to);

#endif
