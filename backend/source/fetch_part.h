/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file being downloaded: PATH.part with the bytes so far, and PATH.resume with how the server identifies their file (its URL, a
 * strong ETag or else the last modification date, and the total size). Some servers identify it in no way: then a part can only
 * be continued `blindly`, which is for files with a known digest, which decides in the end.
 */
#ifndef FETCH_PART_H
#define FETCH_PART_H

#include "base/hash.h"
#include "base/text.h"
#include <stdint.h>

struct part {
	struct text path, side; /* PATH.part, PATH.resume */
	struct text url, validator;
	uint64_t total; /* 0: unknown */
	uint64_t len;
	struct hash *hash; /* of the bytes so far */
	int fd;
	bool resumed; /* contains bytes of an earlier transfer */
	bool stale; /* what the file holds is from elsewhere; call part_restart before the first byte */
};

/* Opens or creates the part. What another URL delivered stays until this one delivers something. */
CHECKED bool part_open(
	struct part *p, const char *path, const char *url, bool blindly, struct error *err);
CHECKED bool part_restart(struct part *p, struct error *err);
CHECKED bool part_add(struct part *p, const void *bytes, size_t len, struct error *err);

/* Reserves space for the whole file, so that a full disk shows at once. */
CHECKED bool part_reserve(struct part *p, uint64_t size, struct error *err);

/* Records how the server identifies the file. */
CHECKED bool part_describe(struct part *p, struct error *err);

/* Digest of what is there; afterwards the part can only be published, moved or dropped. */
void part_digest(struct part *p, char hex[HASH_HEX]);
CHECKED bool part_publish(struct part *p, const char *path, struct error *err);
void part_drop(struct part *p); /* removes both files */
void part_close(struct part *p);

#endif
