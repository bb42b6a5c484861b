/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file on its way: PATH.part with the bytes so far, and PATH.resume with what the server called the file they come from (its
 * URL, a strong ETag or else the date of last change, and the whole size). Some servers call it nothing: then a part can only be
 * continued `blindly`, which is for files whose digest is known and decides in the end.
 */
#ifndef FETCH_PART_H
#define FETCH_PART_H

#include "base/hash.h"
#include "base/text.h"
#include <stdint.h>

struct part {
	struct text path, side; /* PATH.part, PATH.resume */
	struct text url, validator;
	uint64_t total; /* 0: not known */
	uint64_t len;
	struct hash *hash; /* of the bytes so far */
	int fd;
	bool resumed; /* bytes of an earlier transfer are in it */
	bool stale; /* what the file holds is from elsewhere; part_restart before the first byte */
};

/* Opens or makes the part. What another URL gave stays until this one gives something. */
CHECKED bool part_open(
	struct part *p, const char *path, const char *url, bool blindly, struct error *err);
CHECKED bool part_restart(struct part *p, struct error *err);
CHECKED bool part_add(struct part *p, const void *bytes, size_t len, struct error *err);

/* Asks for room for the whole file, so that a full disk is found out at once. */
CHECKED bool part_reserve(struct part *p, uint64_t size, struct error *err);

/* Writes down what the server calls the file. */
CHECKED bool part_describe(struct part *p, struct error *err);

/* Digest of what there is; afterwards the part can only be published, moved or dropped. */
void part_digest(struct part *p, char hex[HASH_HEX]);
CHECKED bool part_publish(struct part *p, const char *path, struct error *err);
void part_drop(struct part *p); /* removes both files */
void part_close(struct part *p);

#endif
