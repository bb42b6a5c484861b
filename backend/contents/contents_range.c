/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of containers that store each entry in one piece. */
#include "contents/contents_walk.h"

#include "base/error.h"

#include <errno.h>
#include <unistd.h>

#include "base/banned.h"

enum { PIECE = 1 << 16 };

bool contents_tell_range(int fd, uint64_t start, uint64_t size, const char *what,
	const struct walker *w, struct error *err)
{
	static char piece[PIECE];

	for (uint64_t at = 0; at < size;) {
		size_t most = size - at < PIECE ? (size_t)(size - at) : PIECE;
		ssize_t n = pread(fd, piece, most, (off_t)(start + at));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "%s cannot be read", what);
		if (n == 0)
			return error_set(err, ERROR_STEP, "%s ends too early", what);
		if (!w->bytes(w->ctx, piece, (size_t)n, err))
			return false;
		at += (uint64_t)n;
	}
	return true;
}
