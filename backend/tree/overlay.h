/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's overlay: a folder whose files, folders and symbolic links are copied onto the root file system, owned by root, and
 * replace built ones. Devices, sockets and names with control characters are refused; links are copied, never followed.
 */
#ifndef OVERLAY_H
#define OVERLAY_H

#include "tree/tree.h"

CHECKED bool overlay_collect(struct tree *t, const char *folder, struct error *err);

/* Refuses an overlay that brings something else in the place of this folder, or of one above it; `owner` puts files there. */
CHECKED bool overlay_leaves(
	const struct tree *t, const char *folder, const char *owner, struct error *err);
/* The same for all folders of a tree that is not settled, as far as it is known what is in them. */
CHECKED bool overlay_leaves_all(const struct tree *t, struct error *err);

/* Lines for the person: which built files it replaces, what has a mode that one should know of, which capabilities are lost,
 * and what lies below `covered`, where another file system will be (NULL: none). Not of a settled tree. */
void overlay_say(const struct tree *t, const char *covered, struct text *out);

/* The built files that it replaces; paths are the tree's. */
void overlay_replaced(const struct tree *t, struct arena *a, struct strings *paths);

#endif
