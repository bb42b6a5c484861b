/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 through libcrypto. If the library fails the installation is broken: abort. */
#include "base/hash.h"

#include "base/error.h"
#include "base/sparse.h"
#include "base/text.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

struct hash {
	EVP_MD_CTX *md;
};

struct hash *hash_new(void)
{
	struct hash *h = xmalloc(sizeof *h);

	h->md = EVP_MD_CTX_new();
	if (!h->md || EVP_DigestInit_ex(h->md, EVP_sha256(), NULL) != 1)
		abort();
	return h;
}

void hash_add(struct hash *h, const void *bytes, size_t len)
{
	if (EVP_DigestUpdate(h->md, bytes, len) != 1)
		abort();
}

void hash_finish(struct hash *h, char hex[HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_DigestFinal_ex(h->md, raw, &len) != 1 || len != 32)
		abort();
	for (unsigned i = 0; i < len; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[64] = '\0';
	hash_free(h);
}

void hash_free(struct hash *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->md);
	free(h);
}

void hash_bytes(const void *bytes, size_t len, char hex[HASH_HEX])
{
	struct hash *h = hash_new();

	hash_add(h, bytes, len);
	hash_finish(h, hex);
}

static void add_zeros(struct hash *h, uint64_t n)
{
	static const char zeros[1 << 14];

	for (; n > sizeof zeros; n -= sizeof zeros)
		hash_add(h, zeros, sizeof zeros);
	hash_add(h, zeros, n);
}

bool hash_file(const char *path, char hex[HASH_HEX], struct error *err)
{
	enum { CHUNK = 1 << 18 };
	struct hash *h = NULL;
	char *buffer = NULL;
	uint64_t at = 0, hole;
	ssize_t got;
	int fd = file_open(path, err);

	if (fd < 0)
		return false;
	h = hash_new();
	buffer = xmalloc(CHUNK);
	while ((got = sparse_read(fd, &at, buffer, CHUNK, &hole)) > 0 || hole) {
		hash_add(h, buffer, (size_t)got);
		add_zeros(h, hole);
	}
	if (got < 0)
		error_errno(err, "%s cannot be read", path);
	hash_finish(h, hex);
	free(buffer);
	close(fd);
	return got == 0;
}

bool hash_is_hex(const char *s)
{
	return s && strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}
