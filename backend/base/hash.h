/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 (FIPS 180-4) through libcrypto, as 64 lower-case hex digits. */
#ifndef HASH_H
#define HASH_H

#include "base/error.h"
#include <stddef.h>

#define HASH_HEX 65 /* with the NUL */

struct hash;
struct hash *hash_new(void);
void hash_add(struct hash *h, const void *bytes, size_t len);
void hash_finish(struct hash *h, char hex[HASH_HEX]); /* frees h */
void hash_free(struct hash *h);			      /* drops the digest; NULL is allowed */

void hash_bytes(const void *bytes, size_t len, char hex[HASH_HEX]);
CHECKED bool hash_file(const char *path, char hex[HASH_HEX], struct error *err);
bool hash_is_hex(const char *s); /* exactly 64 lower-case hex digits */

#endif
