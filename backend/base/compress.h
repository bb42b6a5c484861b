/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is compressed while it is written, in the form the Linux kernel unpacks: xz with CRC-32 checksums (it supports no
 * others), lz4 in the "legacy" framing (it does not support frames). The same bytes in give the same bytes out; no name, no date.
 */
#ifndef COMPRESS_H
#define COMPRESS_H

#include "base/error.h"
#include <stddef.h>
#include <stdint.h>

struct compress;

/* `method` is a value of the compression choice: zstd, gzip, xz, lz4 or none. `expected` is roughly how many bytes will come (0:
 * unknown). It limits how far back the data may refer: unpacking needs that much memory, and small machines have little. */
CHECKED bool compress_open(struct compress **out, const char *path, const char *method,
	uint64_t expected, struct error *err);
/* Before anything else is written: puts a file's bytes there as they are, such as an archive that is compressed already. */
CHECKED bool compress_prepend(struct compress *z, const char *path, struct error *err);
CHECKED bool compress_write(struct compress *z, const void *bytes, size_t len, struct error *err);
/* Writes what is left and reports the file's length. compress_free is still due. */
CHECKED bool compress_finish(struct compress *z, uint64_t *size, struct error *err);
void compress_free(struct compress *z); /* NULL is allowed */

#endif
