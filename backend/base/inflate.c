/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decompresses through libarchive, using only its built-in filters: it never runs a helper program. */
#include "base/inflate.h"

#include "base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <unistd.h>

#include "base/banned.h"

enum { BLOCK = 1 << 16 };

static bool open_stream(struct archive *a, const char *path)
{
	return archive_read_support_format_raw(a) == ARCHIVE_OK &&
	       archive_read_support_format_empty(a) == ARCHIVE_OK &&
	       archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	       archive_read_support_filter_bzip2(a) == ARCHIVE_OK &&
	       archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	       archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	       archive_read_support_filter_lz4(a) == ARCHIVE_OK &&
	       archive_read_open_filename(a, path, BLOCK) == ARCHIVE_OK;
}

bool inflate_file(const char *path, inflate_sink *sink, void *ctx, struct error *err)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	const void *bytes;
	int64_t offset;
	size_t len;
	bool ok = false;
	int got;

	if (access(path, R_OK) != 0) {
		error_errno(err, "%s cannot be read", path);
		goto out;
	}
	if (!a || !open_stream(a, path)) {
		error_set(err, ERROR_SOURCE, "%s cannot be read: %s", path,
			a ? archive_error_string(a) : "no memory");
		goto out;
	}
	got = archive_read_next_header(a, &entry);
	while (got == ARCHIVE_OK) {
		got = archive_read_data_block(a, &bytes, &len, &offset);
		if (got == ARCHIVE_OK && len &&
			!sink(ctx, bytes, len, (uint64_t)archive_filter_bytes(a, -1), err))
			goto out;
	}
	if (got != ARCHIVE_EOF) {
		error_set(err, ERROR_SOURCE, "%s is damaged: %s", path, archive_error_string(a));
		goto out;
	}
	ok = true;
out:
	archive_read_free(a);
	return ok;
}
