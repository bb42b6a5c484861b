/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware: files that kernel modules name (firmware= in their section .modinfo) and load from /lib/firmware when they find their
 * device. The modules of a tree are read, never loaded, when its image is written; the names go into a list beside the image.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include "tree/tree.h"

struct firmware {
	const char *module, *file;
	bool present; /* in the system */
};

struct firmware_list {
	struct firmware *at;
	size_t n, cap;
};

/* What the modules of a settled tree name; the list lives in the tree's arena. */
CHECKED bool firmware_collect(struct firmware_list *out, const struct tree *t, struct error *err);

/* Saving writes the list beside an image, or removes an older one if nothing is named; loading adds to *out what such a file
 * says. */
CHECKED bool firmware_save(const struct firmware_list *l, const char *folder, struct error *err);
CHECKED bool firmware_load(
	struct firmware_list *out, const char *folder, struct arena *a, struct error *err);

/* One sentence about what is missing and what to do; appends nothing if nothing is missing. */
void firmware_say(const struct firmware_list *l, struct text *out);

#endif
