/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the actions that write an image share: the listing, the date, the folder of the file. */
#ifndef IMAGE_H
#define IMAGE_H

#include "step/action.h"
#include "tree/tree.h"

#include <time.h>

struct image_job {
	struct action_context context; /* a copy, for image_tell */
	struct tree *tree;
	time_t epoch;
};

/* Settles the unit's tree, reads the date (a number of up to 32 bits) and makes the folder of `path`; writes there the list of
 * firmware that the tree's modules name, and the record of what the tree holds. */
CHECKED bool image_begin(struct image_job *j, const struct action_context *c, const char *path,
	const char *epoch, struct error *err);

/* Makes one entry as a real file, folder or link (action_lay.c). */
CHECKED bool image_lay(const struct tree_entry *e, const char *path, struct error *err);

/* Records how the image as a whole is compressed. */
CHECKED bool image_compressed(const char *path, const char *method, struct error *err);

tree_progress image_tell; /* ctx is the job's context */

#endif
