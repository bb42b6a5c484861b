/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a file that may be compressed (gzip, bzip2, xz, zstd, lz4; nothing else is tried) and returns the decompressed bytes. A
 * truncated file is an error.
 */
#ifndef INFLATE_H
#define INFLATE_H

#include "base/error.h"
#include <stddef.h>
#include <stdint.h>

/* How many bytes of the file have been read so far: `consumed`. */
typedef bool inflate_sink(
	void *ctx, const void *bytes, size_t len, uint64_t consumed, struct error *err);

CHECKED bool inflate_file(const char *path, inflate_sink *sink, void *ctx, struct error *err);

/* The same of the first member of an ar archive whose name begins so: "data.tar" of a binary package (deb(5)). */
CHECKED bool inflate_member(
	const char *path, const char *name, inflate_sink *sink, void *ctx, struct error *err);

#endif
