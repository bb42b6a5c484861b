/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decompresses through libarchive, using only its built-in filters: it never runs a helper program. */
#include "base/inflate.h"

#include "base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { BLOCK = 1 << 16 };

static bool support(struct archive *a)
{
	return archive_read_support_format_raw(a) == ARCHIVE_OK &&
	       archive_read_support_format_empty(a) == ARCHIVE_OK &&
	       archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	       archive_read_support_filter_bzip2(a) == ARCHIVE_OK &&
	       archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	       archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	       archive_read_support_filter_lz4(a) == ARCHIVE_OK;
}

static bool unreadable(const char *path, struct archive *a, struct error *err)
{
	return error_set(err, ERROR_SOURCE, "%s cannot be read: %s", path,
		a && archive_error_string(a) ? archive_error_string(a) : "no memory");
}

/* `file` is what reads the file itself, if that is another one. */
static bool pour(const char *path, struct archive *a, struct archive *file, inflate_sink *sink,
	void *ctx, struct error *err)
{
	struct archive_entry *entry;
	const void *bytes;
	int64_t offset;
	size_t len;
	int got = archive_read_next_header(a, &entry);

	while (got == ARCHIVE_OK) {
		got = archive_read_data_block(a, &bytes, &len, &offset);
		if (got == ARCHIVE_OK && len &&
			!sink(ctx, bytes, len, (uint64_t)archive_filter_bytes(file, -1), err))
			return false;
	}
	return got == ARCHIVE_EOF ||
	       error_set(err, ERROR_SOURCE, "%s is damaged: %s", path, archive_error_string(a));
}

bool inflate_file(const char *path, inflate_sink *sink, void *ctx, struct error *err)
{
	struct archive *a = archive_read_new();
	bool ok;

	if (access(path, R_OK) != 0)
		ok = error_errno(err, "%s cannot be read", path);
	else if (!a || !support(a) || archive_read_open_filename(a, path, BLOCK) != ARCHIVE_OK)
		ok = unreadable(path, a, err);
	else
		ok = pour(path, a, a, sink, ctx, err);
	archive_read_free(a);
	return ok;
}

static ssize_t read_member(struct archive *a, void *ctx, const void **bytes)
{
	struct archive *file = ctx;
	int64_t offset;
	size_t len = 0;
	int got;

	/* an empty block would be taken for the end */
	do
		got = archive_read_data_block(file, bytes, &len, &offset);
	while (got == ARCHIVE_OK && !len);
	if (got == ARCHIVE_OK)
		return (ssize_t)len;
	if (got == ARCHIVE_EOF)
		return 0;
	archive_set_error(a, EINVAL, "%s", archive_error_string(file));
	return -1;
}

static bool find_member(const char *path, struct archive *file, const char *name, struct error *err)
{
	struct archive_entry *entry;
	int got;

	while ((got = archive_read_next_header(file, &entry)) == ARCHIVE_OK) {
		const char *member = archive_entry_pathname(entry);

		if (member && strncmp(member, name, strlen(name)) == 0)
			return true;
	}
	return error_set(err, ERROR_SOURCE, "%s has no %s: %s", path, name,
		got == ARCHIVE_EOF ? "it ends before that" : archive_error_string(file));
}

bool inflate_member(
	const char *path, const char *name, inflate_sink *sink, void *ctx, struct error *err)
{
	struct archive *file = archive_read_new(), *a = archive_read_new();
	bool ok = false;

	if (access(path, R_OK) != 0)
		error_errno(err, "%s cannot be read", path);
	else if (!file || archive_read_support_format_ar(file) != ARCHIVE_OK ||
		 archive_read_open_filename(file, path, BLOCK) != ARCHIVE_OK)
		unreadable(path, file, err);
	else if (find_member(path, file, name, err)) {
		if (!a || !support(a) ||
			archive_read_open(a, file, NULL, read_member, NULL) != ARCHIVE_OK)
			unreadable(path, a, err);
		else
			ok = pour(path, a, file, sink, ctx, err);
	}
	archive_read_free(a);
	archive_read_free(file);
	return ok;
}
