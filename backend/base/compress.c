/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compresses a stream into a file; each method is one row of a table. */
#include "base/compress.h"

#include "base/error.h"
#include "base/text.h"
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <lz4hc.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "base/banned.h"

enum {
	CHUNK = 256 * 1024,
	GZIP_LEVEL = 9,
	GZIP_WINDOW = 15 + 16, /* the largest window, and a gzip header */
	XZ_LEVEL = 9,
	LZ4_BLOCK = 8 * 1024 * 1024, /* fixed by the legacy framing */
	LZ4_LEVEL = LZ4HC_CLEVEL_MAX,
};
#define LZ4_LEGACY_MAGIC 0x184c2102u

struct compress {
	const struct method *method;
	char *path;
	int fd;
	uint64_t written;
	unsigned char *out; /* CHUNK bytes */
	ZSTD_CCtx *zstd;
	z_stream gzip;
	bool gzip_begun;
	lzma_stream xz;
	uint64_t expected;    /* bytes, 0: not known */
	char *block, *packed; /* lz4: collected input, room for its compressed form */
	size_t block_len;
	bool lz4_begun; /* its magic number is written */
};

struct method {
	const char *name;
	bool (*open)(struct compress *z);
	/* len 0: the end */
	bool (*feed)(struct compress *z, const void *bytes, size_t len, struct error *err);
};

static bool put(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	if (!write_all(z->fd, bytes, len))
		return error_errno(err, "%s cannot be written", z->path);
	z->written += len;
	return true;
}

static bool failed(const struct compress *z, struct error *err)
{
	return error_set(err, ERROR_INTERNAL, "%s could not be compressed with %s", z->path,
		z->method->name);
}

/* ---- none ---- */

static bool none_open(struct compress *z)
{
	(void)z;
	return true;
}

static bool none_feed(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	return put(z, bytes, len, err);
}

/* ---- zstd ---- */

/* Machine code compresses well with short matches. Measured: as fast as level 15 and 5 % smaller; level 19 takes more than twice
 * as long to gain another 4 %. An image is recompressed whenever a name changes. */
static const struct {
	ZSTD_cParameter name;
	int value;
} zstd_parameters[] = {
	{ZSTD_c_strategy, ZSTD_btopt},
	{ZSTD_c_windowLog, 23},
	{ZSTD_c_hashLog, 18},
	{ZSTD_c_chainLog, 19},
	{ZSTD_c_searchLog, 1},
	{ZSTD_c_minMatch, 3},
	{ZSTD_c_targetLength, 8},
	{ZSTD_c_checksumFlag, 1},
};

static bool zstd_open(struct compress *z)
{
	bool ok;

	z->zstd = ZSTD_createCCtx();
	ok = z->zstd != NULL;
	for (size_t i = 0; ok && i < sizeof zstd_parameters / sizeof zstd_parameters[0]; i++)
		ok = !ZSTD_isError(ZSTD_CCtx_setParameter(
			z->zstd, zstd_parameters[i].name, zstd_parameters[i].value));
	return ok;
}

static bool zstd_feed(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	ZSTD_inBuffer in = {bytes, len, 0};
	size_t left;

	do {
		ZSTD_outBuffer out = {z->out, CHUNK, 0};

		left = ZSTD_compressStream2(z->zstd, &out, &in, len ? ZSTD_e_continue : ZSTD_e_end);
		if (ZSTD_isError(left))
			return failed(z, err);
		if (!put(z, z->out, out.pos, err))
			return false;
	} while (len ? in.pos < in.size : left > 0);
	return true;
}

/* ---- gzip ---- */

static bool gzip_open(struct compress *z)
{
	z->gzip_begun = deflateInit2(&z->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, MAX_MEM_LEVEL,
				Z_DEFAULT_STRATEGY) == Z_OK;
	return z->gzip_begun;
}

static bool gzip_feed(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	int rc;

	z->gzip.next_in = bytes;
	z->gzip.avail_in = (uInt)len;
	do {
		z->gzip.next_out = z->out;
		z->gzip.avail_out = CHUNK;
		rc = deflate(&z->gzip, len ? Z_NO_FLUSH : Z_FINISH);
		if (rc == Z_STREAM_ERROR)
			return failed(z, err);
		if (!put(z, z->out, CHUNK - z->gzip.avail_out, err))
			return false;
	} while (len ? z->gzip.avail_in > 0 || !z->gzip.avail_out : rc != Z_STREAM_END);
	return true;
}

/* ---- xz ---- */

/* The kernel allocates the whole dictionary before it unpacks the first byte; the level's default would be 64 MiB. */
static bool xz_open(struct compress *z)
{
	lzma_options_lzma o;
	const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &o}, {LZMA_VLI_UNKNOWN, NULL}};
	uint32_t enough = 1 << 16;

	if (lzma_lzma_preset(&o, XZ_LEVEL))
		return false;
	while (enough < z->expected && enough < o.dict_size)
		enough <<= 1;
	if (z->expected && enough < o.dict_size)
		o.dict_size = enough;
	return lzma_stream_encoder(&z->xz, filters, LZMA_CHECK_CRC32) == LZMA_OK;
}

static bool xz_feed(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	lzma_ret rc;

	z->xz.next_in = bytes;
	z->xz.avail_in = len;
	do {
		z->xz.next_out = z->out;
		z->xz.avail_out = CHUNK;
		rc = lzma_code(&z->xz, len ? LZMA_RUN : LZMA_FINISH);
		if (rc != LZMA_OK && rc != LZMA_STREAM_END)
			return failed(z, err);
		if (!put(z, z->out, CHUNK - z->xz.avail_out, err))
			return false;
	} while (len ? z->xz.avail_in > 0 || !z->xz.avail_out : rc != LZMA_STREAM_END);
	return true;
}

/* ---- lz4, legacy: the magic number, then blocks of 8 MiB, each preceded by its compressed length ---- */

static bool put_little_endian(struct compress *z, uint32_t n, struct error *err)
{
	const unsigned char bytes[4] = {n & 0xff, n >> 8 & 0xff, n >> 16 & 0xff, n >> 24 & 0xff};

	return put(z, bytes, sizeof bytes, err);
}

static bool lz4_open(struct compress *z)
{
	z->block = xmalloc(LZ4_BLOCK);
	z->packed = xmalloc((size_t)LZ4_compressBound(LZ4_BLOCK));
	return true;
}

static bool lz4_flush(struct compress *z, struct error *err)
{
	int len = LZ4_compress_HC(
		z->block, z->packed, (int)z->block_len, LZ4_compressBound(LZ4_BLOCK), LZ4_LEVEL);

	if (len <= 0)
		return failed(z, err);
	z->block_len = 0;
	return put_little_endian(z, (uint32_t)len, err) && put(z, z->packed, (size_t)len, err);
}

static bool lz4_feed(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	const char *s = bytes;

	if (!z->lz4_begun && !put_little_endian(z, LZ4_LEGACY_MAGIC, err))
		return false;
	z->lz4_begun = true;
	if (!len)
		return !z->block_len || lz4_flush(z, err);
	while (len) {
		size_t n = LZ4_BLOCK - z->block_len < len ? LZ4_BLOCK - z->block_len : len;

		memcpy(z->block + z->block_len, s, n);
		z->block_len += n;
		s += n;
		len -= n;
		if (z->block_len == LZ4_BLOCK && !lz4_flush(z, err))
			return false;
	}
	return true;
}

static const struct method methods[] = {
	{"none", none_open, none_feed},
	{"zstd", zstd_open, zstd_feed},
	{"gzip", gzip_open, gzip_feed},
	{"xz", xz_open, xz_feed},
	{"lz4", lz4_open, lz4_feed},
};

static const struct method *find_method(const char *name)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

bool compress_open(struct compress **out, const char *path, const char *method, uint64_t expected,
	struct error *err)
{
	struct compress *z;

	*out = NULL;
	if (!find_method(method))
		return error_set(err, ERROR_PROFILE,
			"there is no compression '%s'; there are zstd, gzip, xz, lz4 and none",
			method);
	z = xmalloc(sizeof *z);
	*z = (struct compress){.method = find_method(method),
		.path = xstrdup(path),
		.fd = -1,
		.expected = expected};
	*out = z;
	z->out = xmalloc(CHUNK);
	z->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (z->fd < 0)
		return error_errno(err, "%s cannot be created", path);
	return z->method->open(z) || failed(z, err);
}

bool compress_prepend(struct compress *z, const char *path, struct error *err)
{
	int fd = file_open(path, err);
	ssize_t got = 1;
	bool ok = fd >= 0;

	while (ok && got) {
		got = read(fd, z->out, CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		ok = got >= 0 ? put(z, z->out, (size_t)got, err)
			      : error_errno(err, "%s cannot be read", path);
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

bool compress_write(struct compress *z, const void *bytes, size_t len, struct error *err)
{
	const char *s = bytes;

	/* zlib counts in unsigned int */
	while (len) {
		size_t n = len < CHUNK ? len : CHUNK;

		if (!z->method->feed(z, s, n, err))
			return false;
		s += n;
		len -= n;
	}
	return true;
}

bool compress_finish(struct compress *z, uint64_t *size, struct error *err)
{
	int fd = z->fd;

	if (!z->method->feed(z, NULL, 0, err))
		return false;
	*size = z->written;
	z->fd = -1;
	return close(fd) == 0 || error_errno(err, "%s cannot be written", z->path);
}

void compress_free(struct compress *z)
{
	if (!z)
		return;
	if (z->fd >= 0)
		close(z->fd);
	ZSTD_freeCCtx(z->zstd);
	if (z->gzip_begun)
		deflateEnd(&z->gzip);
	lzma_end(&z->xz);
	free(z->block);
	free(z->packed);
	free(z->out);
	free(z->path);
	free(z);
}
