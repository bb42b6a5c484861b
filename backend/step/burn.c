/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes an image to a device and reads it back, bypassing the page cache. */
#include "step/burn.h"

#include "base/error.h"
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	PIECE = 1024 * 1024,
	PAGE = 4096, /* alignment that reading past the cache requires */
	SYNC_PIECES =
		4, /* how often to sync the device: keeps progress honest, and avoids a long wait at the end */
	TAIL = 1024 * 1024,
};

static bool find_room(struct burn *b)
{
	struct stat st;

	if (fstat(b->to, &st) != 0)
		return false;
	if (S_ISBLK(st.st_mode))
		return ioctl(b->to, BLKGETSIZE64, &b->room) == 0;
	b->room = (uint64_t)st.st_size;
	return true;
}

bool burn_open(struct burn *b, const char *image, const char *device, struct error *err)
{
	struct stat st;

	b->image = image;
	b->device = device;
	b->from = open(image, O_RDONLY | O_CLOEXEC);
	b->to = open(device, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (b->from < 0 || fstat(b->from, &st) != 0)
		return error_errno(err, "%s cannot be read", image);
	if (b->to < 0 || !find_room(b))
		return error_errno(err, "%s cannot be written", device);
	b->bytes = (uint64_t)st.st_size;
	if (b->bytes > b->room)
		return error_set(err, ERROR_HOST,
			"%s has %" PRIu64 " bytes, which is too small for %s with %" PRIu64, device,
			b->room, image, b->bytes);
	b->tail = b->room - b->bytes >= TAIL ? b->room - TAIL : b->room;
	return true;
}

void burn_close(struct burn *b)
{
	if (b->from >= 0)
		close(b->from);
	if (b->to >= 0)
		close(b->to);
	b->from = b->to = -1;
}

/* ---- pieces ---- */

/* Reads at least `least` bytes; `most` may reach past the end. */
static bool read_piece(int fd, char *into, size_t least, size_t most, uint64_t at)
{
	for (size_t have = 0; have < least;) {
		ssize_t n = pread(fd, into + have, most - have, (off_t)(at + have));

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENODATA;
		if (n <= 0)
			return false;
		have += (size_t)n;
	}
	return true;
}

/* What belongs at this position of the device: the image's bytes, and zeros at the device's end. */
static bool wanted(const struct burn *b, char *into, size_t len, uint64_t at, struct error *err)
{
	if (at >= b->bytes) {
		memset(into, 0, len);
		return true;
	}
	return read_piece(b->from, into, len, len, at) ||
	       error_errno(err, "%s cannot be read", b->image);
}

typedef bool piece_fn(
	struct burn *b, size_t len, uint64_t at, char *image, char *device, struct error *err);

static bool each_piece(struct burn *b, piece_fn *act, struct error *err)
{
	uint64_t total = b->bytes + (b->room - b->tail), done = 0, at = 0;
	char *image = aligned_alloc(PAGE, PIECE), *device = aligned_alloc(PAGE, PIECE);
	bool ok = true;

	if (!image || !device)
		abort();
	while (ok && done < total) {
		uint64_t left = at < b->bytes ? b->bytes - at : b->room - at;
		size_t len = left < PIECE ? (size_t)left : PIECE;

		ok = wanted(b, image, len, at, err) && act(b, len, at, image, device, err);
		at += len;
		done += len;
		if (at == b->bytes)
			at = b->tail;
		if (ok && b->tell)
			b->tell(b->ctx, done, total);
	}
	free(image);
	free(device);
	return ok;
}

/* ---- writing ---- */

static bool put_piece(
	struct burn *b, size_t len, uint64_t at, char *image, char *device, struct error *err)
{
	bool due = at / PIECE % SYNC_PIECES == SYNC_PIECES - 1;

	(void)device;
	return (write_all_at(b->to, image, len, at) && (!due || fdatasync(b->to) == 0)) ||
	       error_errno(err, "%s cannot be written at byte %" PRIu64, b->device, at);
}

bool burn_write(struct burn *b, struct error *err)
{
	return each_piece(b, put_piece, err) &&
	       (fsync(b->to) == 0 ||
		       error_errno(err, "%s does not take what was written", b->device));
}

/* ---- comparing ---- */

static bool compare_piece(
	struct burn *b, size_t len, uint64_t at, char *image, char *device, struct error *err)
{
	size_t most = (len + PAGE - 1) / PAGE * PAGE, k = 0;

	if (!read_piece(b->to, device, len, most, at))
		return error_errno(err, "%s cannot be read back at byte %" PRIu64, b->device, at);
	if (memcmp(image, device, len) == 0)
		return true;
	while (image[k] == device[k])
		k++;
	return error_set(err, ERROR_STEP,
		"%s does not keep what is written to it: byte %" PRIu64
		" was written as %02x and is read as %02x",
		b->device, at + k, (unsigned char)image[k], (unsigned char)device[k]);
}

bool burn_compare(struct burn *b, struct error *err)
{
	int flags = fcntl(b->to, F_GETFL);

	/* Drops cached pages and reads with O_DIRECT: the first needs a privilege, the second does not work on every file system;
	 * either is enough. */
	ioctl(b->to, BLKFLSBUF, 0);
	posix_fadvise(b->to, 0, 0, POSIX_FADV_DONTNEED);
	fcntl(b->to, F_SETFL, flags | O_DIRECT);
	return each_piece(b, compare_piece, err);
}
