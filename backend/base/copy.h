/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies files and folders, always the bytes (no hard links, no shared extents), never through a link. Modes become 0755 if the
 * owner may execute, else 0644.
 */
#ifndef COPY_H
#define COPY_H

#include "base/error.h"

/* Copies a regular file to a path that must not exist. With `sync` the bytes are on disk afterwards. */
CHECKED bool copy_file(const char *from, const char *to, bool sync, struct error *err);

/* Copies a file, or a folder with everything below it, to `to`: folders are merged, existing files and links replaced. Links are
 * copied as links. Anything but files, folders and links is an error. */
CHECKED bool copy_tree(const char *from, const char *to, struct error *err);

/* mkdir -p of the folder that will hold `path`. */
CHECKED bool copy_make_parent(const char *path, struct error *err);

#endif
