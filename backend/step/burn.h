/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image onto a device, byte for byte: what is empty in the image is written as zeros, so that nothing of what was there
 * shows through. On a larger device the last MiB is zeroed too, where an earlier partition table may have its copy. Reading
 * back goes past what this machine keeps in memory.
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
	uint64_t tail;	/* where its zeroed end begins; room: there is none */
	burn_tell *tell;
	void *ctx;
};

/* Sets all but tell and ctx. The device is there already, be it a block device or a file. */
CHECKED bool burn_open(struct burn *b, const char *image, const char *device, struct error *err);
void burn_close(struct burn *b); /* also after a failed burn_open */

CHECKED bool burn_write(
	struct burn *b, struct error *err); /* returns when all of it is on the device */
CHECKED bool burn_compare(struct burn *b, struct error *err);

#endif
