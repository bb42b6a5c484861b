/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an image to a device, byte for byte: empty areas are written as zeros, so that no old content remains in between. On a
 * larger device the last MiB is zeroed too, because an earlier partition table may have its backup there. Reading back bypasses
 * this machine's page cache.
 */
#ifndef BURN_H
#define BURN_H

#include "base/error.h"
#include <stdint.h>

typedef void burn_tell(void *ctx, uint64_t done, uint64_t total);

struct burn {
	const char *image, *device; /* paths */
	int from, to;
	uint64_t bytes; /* of the image */
	uint64_t room;	/* of the device */
	uint64_t tail;	/* where the zeroed area at the end starts; room: there is none */
	burn_tell *tell;
	void *ctx;
};

/* Sets everything except tell and ctx. The target must exist, as a block device or a file. */
CHECKED bool burn_open(struct burn *b, const char *image, const char *device, struct error *err);
void burn_close(struct burn *b); /* needed even after a failed burn_open */

CHECKED bool burn_write(
	struct burn *b, struct error *err); /* returns when everything is on the device */
CHECKED bool burn_compare(struct burn *b, struct error *err);

#endif
