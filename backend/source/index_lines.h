/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a package index, which is packed and of tens of megabytes: read one by one, so memory use stays small. */
#ifndef INDEX_LINES_H
#define INDEX_LINES_H

#include "base/error.h"

/* A line without its end; it lives until this returns. */
typedef void index_take(void *ctx, const char *line);

/* Hands over all lines of the file, also a last one without an end. A line of more than 1 MiB is an error. */
CHECKED bool index_lines(const char *path, index_take *take, void *ctx, struct error *err);

#endif
