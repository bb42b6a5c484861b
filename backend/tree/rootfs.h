/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the target system that belong to no component: share/rootfs/NAME.files lists them, templates/ holds the contents.
 *
 *   [files]                        when = GUARD applies to the whole section; each line may have a guard of its own
 *                                  tree = early  if it is for the tree that finds a root on a disk, not for the system
 *                                  each = services  repeats the section for every word of that list: {item} is the word,
 *                                  {item.KEY} what is known about it
 *   dir  = /proc 0555              dir PATH MODE [UID GID]
 *   node = /dev/console 0600 c 5 1 [UID GID]
 *   link = /sbin/init ../bin/busybox
 *   file = /etc/inittab 0644 etc/inittab [UID GID]     content: templates/etc/inittab, expanded
 *   keymap = /etc/keymap 0644 share/tables/keymaps de [UID GID]    content: the layout of that table, see keymap.h
 *
 * In a template {name} is expanded (choices and {arch.KEY}); a line that starts with "@if GUARD: " counts only when the guard
 * holds, "@each NAME: " is repeated for every word of the list choice NAME with {item} standing for the word; after "@open: " the
 * line goes on with the next one.
 */
#ifndef ROOTFS_H
#define ROOTFS_H

#include "base/expand.h"
#include "choice/profile.h"
#include "tree/tree.h"

/* Adds everything that applies to the profile to the tree of that name (root, early, ...). `lookup` also knows the plan's
 * names. */
CHECKED bool rootfs_collect(struct tree *t, const char *name, const struct profile *p,
	expand_lookup *lookup, void *ctx, struct error *err);

/* Expands one template's text; used by rootfs_collect and for check commands. */
CHECKED bool template_expand(struct text *out, const char *file, const char *source,
	const struct profile *p, expand_lookup *lookup, void *ctx, struct error *err);

#endif
