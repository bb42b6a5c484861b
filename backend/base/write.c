/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Repeats write(2) and pwrite(2) until all bytes are written. */
#include "base/write.h"

#include <errno.h>
#include <unistd.h>

#include "base/banned.h"

bool write_all(int fd, const void *bytes, size_t len)
{
	const char *from = bytes;

	while (len) {
		ssize_t n = write(fd, from, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
	}
	return true;
}

bool write_all_at(int fd, const void *bytes, size_t len, uint64_t at)
{
	const char *from = bytes;

	while (len) {
		ssize_t n = pwrite(fd, from, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return true;
}
