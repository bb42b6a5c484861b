/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads files that consist mostly of holes, as images of file systems do: what was never written is told and not read, for the
 * kernel would have to make pages of zeros of it. On file systems that report no holes everything is read.
 */
#ifndef SPARSE_H
#define SPARSE_H

#include <stdint.h>
#include <sys/types.h>

/* Goes on from `*at`: the number of bytes read, up to `most`; or 0 and in `hole` how many zeros come next; or 0 and no hole: the
 * end; -1: an error, see errno. */
ssize_t sparse_read(int fd, uint64_t *at, void *into, size_t most, uint64_t *hole);

#endif
