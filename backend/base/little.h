/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Little-endian numbers in the bytes of a file or disk, at any alignment. */
#ifndef LITTLE_H
#define LITTLE_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t little_get_16(const void *at)
{
	uint16_t n;

	memcpy(&n, at, sizeof n);
	return le16toh(n);
}

static inline uint32_t little_get_32(const void *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof n);
	return le32toh(n);
}

static inline uint64_t little_get_64(const void *at)
{
	uint64_t n;

	memcpy(&n, at, sizeof n);
	return le64toh(n);
}

static inline void little_put_16(void *at, uint16_t n)
{
	n = htole16(n);
	memcpy(at, &n, sizeof n);
}

static inline void little_put_32(void *at, uint32_t n)
{
	n = htole32(n);
	memcpy(at, &n, sizeof n);
}

static inline void little_put_64(void *at, uint64_t n)
{
	n = htole64(n);
	memcpy(at, &n, sizeof n);
}

#endif
