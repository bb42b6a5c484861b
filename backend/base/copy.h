/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of files and folders, always of the bytes (no hard link, no shared extents to depend on), never through a link.
 * Modes become 0755 or 0644: what the owner may execute decides.
 */
#ifndef COPY_H
#define COPY_H

#include "base/error.h"

/* A regular file to a path that must not exist. With `sync` the bytes are on the disk afterwards. */
CHECKED bool copy_file(const char *from, const char *to, bool sync, struct error *err);

/* A file, or a folder with all below it, onto `to`: folders are merged, files and links there are replaced. Links are copied
 * as links. Anything but files, folders and links is refused. */
CHECKED bool copy_tree(const char *from, const char *to, struct error *err);

/* mkdir -p of the folder that `path` is to lie in. */
CHECKED bool copy_make_parent(const char *path, struct error *err);

#endif
