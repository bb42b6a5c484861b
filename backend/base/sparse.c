/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds holes with lseek(2). */
#include "base/sparse.h"

#include <errno.h>
#include <unistd.h>

#include "base/banned.h"

enum { BLOCK = 4096 }; /* pieces begin on such a boundary, whatever the blocks of the file system */

/* Where data goes on; where nothing is known of holes, here. */
static off_t next_data(int fd, off_t at)
{
	off_t data = lseek(fd, at, SEEK_DATA);

	if (data < 0 && errno == ENXIO)
		data = lseek(fd, 0, SEEK_END); /* a hole up to the end, or the end itself */
	else
		data = data / BLOCK * BLOCK;
	return data > at ? data : at;
}

ssize_t sparse_read(int fd, uint64_t *at, void *into, size_t most, uint64_t *hole)
{
	off_t data = next_data(fd, (off_t)*at);
	ssize_t n;

	*hole = (uint64_t)data - *at;
	*at = (uint64_t)data;
	if (*hole)
		return 0;
	do
		n = pread(fd, into, most, data);
	while (n < 0 && errno == EINTR);
	*at += n > 0 ? (uint64_t)n : 0;
	return n;
}
