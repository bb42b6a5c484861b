/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads archives through libarchive: tar, newc and ISO 9660, compressed or not; and single compressed files. */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "base/banned.h"

enum { BLOCK = 1 << 16 };

static struct archive *open_archive(const char *path)
{
	struct archive *a = archive_read_new();

	setlocale(LC_CTYPE, "C.UTF-8"); /* names are bytes, but libarchive converts them */
	if (!a)
		return NULL;
	archive_read_support_format_tar(a);
	archive_read_support_format_cpio(a);
	archive_read_support_format_iso9660(a);
	archive_read_support_format_raw(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
	if (archive_read_open_filename(a, path, BLOCK) == ARCHIVE_OK)
		return a;
	archive_read_free(a);
	return NULL;
}

/* Compressed data that is no archive becomes a single file in libarchive. Its count of filters includes the file itself. */
static bool is_single(struct archive *a)
{
	return archive_format(a) == ARCHIVE_FORMAT_RAW;
}

bool contents_is_archive(const char *path)
{
	struct archive *a = open_archive(path);
	struct archive_entry *e;
	int got = a ? archive_read_next_header(a, &e) : ARCHIVE_FATAL;
	bool is = (got == ARCHIVE_OK || got == ARCHIVE_WARN) &&
		  (!is_single(a) || archive_filter_count(a) > 1);

	archive_read_free(a);
	return is;
}

static bool fail(struct archive *a, struct error *err)
{
	return error_set(err, ERROR_STEP, "it cannot be read: %s", archive_error_string(a));
}

static bool tell_bytes(struct archive *a, const struct walker *w, struct error *err)
{
	static char piece[BLOCK];
	la_ssize_t n;

	/* holes read as zeros */
	while ((n = archive_read_data(a, piece, sizeof piece)) > 0)
		if (!w->bytes(w->ctx, piece, (size_t)n, err))
			return false;
	return n == 0 || fail(a, err);
}

static bool tell_entry(
	struct archive *a, struct archive_entry *e, const struct walker *w, struct error *err)
{
	const char *hard = archive_entry_hardlink(e), *link = archive_entry_symlink(e);
	const char *user = archive_entry_uname(e), *group = archive_entry_gname(e);
	const char *path = archive_entry_pathname(e);
	struct content c = {.path = is_single(a) ? "unpacked"
				    : path	 ? path
						 : "",
		.target = hard ? hard : link,
		.mode = archive_entry_mode(e),
		.uid = (unsigned)archive_entry_uid(e),
		.gid = (unsigned)archive_entry_gid(e),
		.major = (unsigned)archive_entry_rdevmajor(e),
		.minor = (unsigned)archive_entry_rdevminor(e),
		.mtime = archive_entry_mtime(e),
		.size = archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0};
	struct text more = TEXT_INIT;
	bool wants = false, ok;

	text_fmt(&more, "number %lld, on device %lld, %u links, user %s, group %s",
		(long long)archive_entry_ino64(e), (long long)archive_entry_dev(e),
		archive_entry_nlink(e), user ? user : "", group ? group : "");
	c.more = more.s;
	ok = w->entry(w->ctx, &c, &wants, err) && (!wants || tell_bytes(a, w, err));
	text_release(&more);
	return ok;
}

bool contents_walk_archive(const char *path, const struct walker *w, struct error *err)
{
	struct archive *a = open_archive(path);
	struct archive_entry *e;
	bool ok = true;
	int got;

	if (!a)
		return error_set(err, ERROR_STEP, "it is no archive");
	while (ok && ((got = archive_read_next_header(a, &e)) == ARCHIVE_OK || got == ARCHIVE_WARN))
		ok = tell_entry(a, e, w, err);
	if (ok && got != ARCHIVE_EOF)
		ok = fail(a, err);
	archive_read_free(a);
	return ok;
}
