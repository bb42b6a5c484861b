/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads archives through libarchive: tar, newc and ISO 9660, compressed or not; and single files. Behind a newc archive
 * there may be more of them, which the kernel unpacks one after the other; libarchive stops after the first.
 */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
	BLOCK = 1 << 16,
	END_MARK =
		124, /* bytes of the last entry of a newc archive, which has a name and nothing else */
	MOST_ARCHIVES = 16, /* each is searched for from the start of the file */
};

/* An archive, and the unpacked bytes of the file where it is not the first. */
struct reading {
	const char *path;
	struct archive *archive, *bytes;
	int64_t at; /* where in these it begins */
	int count;
	char block[BLOCK];
	size_t start, end; /* of what is in the block and not read yet */
};

static struct archive *open_with(const char *path, bool raw_only)
{
	struct archive *a = archive_read_new();

	setlocale(LC_CTYPE, "C.UTF-8"); /* names are bytes, but libarchive converts them */
	if (!a)
		return NULL;
	if (!raw_only) {
		archive_read_support_format_tar(a);
		archive_read_support_format_cpio(a);
		archive_read_support_format_iso9660(a);
	}
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

static struct archive *open_archive(const char *path)
{
	return open_with(path, false);
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

/* ---- the archives behind the first ---- */

/* Fills the block if nothing is left in it; false at the end of the file. */
static bool fill(struct reading *r)
{
	la_ssize_t n;

	if (r->start < r->end)
		return true;
	n = archive_read_data(r->bytes, r->block, sizeof r->block);
	r->start = 0;
	r->end = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* For libarchive: what is in the block, then the next one. */
static la_ssize_t give(struct archive *a, void *ctx, const void **bytes)
{
	struct reading *r = ctx;
	size_t n;

	(void)a;
	if (!fill(r))
		return 0;
	n = r->end - r->start;
	*bytes = r->block + r->start;
	r->start = r->end;
	return (la_ssize_t)n;
}

/* Goes to the first byte behind `at` that is not zero, which is where an archive begins. */
static bool find_next(struct reading *r)
{
	struct archive_entry *e;
	int64_t passed = 0;

	archive_read_free(r->bytes);
	r->bytes = open_with(r->path, true);
	r->start = r->end = 0;
	if (!r->bytes || archive_read_next_header(r->bytes, &e) != ARCHIVE_OK)
		return false;
	while (fill(r)) {
		if (passed < r->at) {
			int64_t n = (int64_t)(r->end - r->start);

			n = n < r->at - passed ? n : r->at - passed;
			r->start += (size_t)n;
			passed += n;
		} else if (r->block[r->start] == 0) {
			r->start++;
			r->at = ++passed;
		} else {
			return true;
		}
	}
	return false;
}

static bool open_next(struct reading *r)
{
	int format = archive_format(r->archive);

	if ((format != ARCHIVE_FORMAT_CPIO_SVR4_NOCRC && format != ARCHIVE_FORMAT_CPIO_SVR4_CRC) ||
		r->count == MOST_ARCHIVES)
		return false;
	r->at += archive_read_header_position(r->archive) + END_MARK;
	if (!find_next(r) || r->end - r->start < 6 || memcmp(r->block + r->start, "0707", 4) != 0)
		return false;
	archive_read_free(r->archive);
	r->count++;
	r->archive = archive_read_new();
	archive_read_support_format_cpio(r->archive);
	return archive_read_open(r->archive, r, NULL, give, NULL) == ARCHIVE_OK;
}

/* Like archive_read_next_header. */
static int next_entry(struct reading *r, struct archive_entry **e)
{
	int got = archive_read_next_header(r->archive, e);

	while (got == ARCHIVE_EOF && open_next(r))
		got = archive_read_next_header(r->archive, e);
	return got;
}

bool contents_walk_archive(const char *path, const struct walker *w, struct error *err)
{
	struct reading *r = xmalloc(sizeof *r);
	struct archive_entry *e;
	bool ok = true;
	int got = ARCHIVE_EOF;

	*r = (struct reading){.path = path, .archive = open_archive(path), .count = 1};
	if (!r->archive)
		ok = error_set(err, ERROR_STEP, "it is no archive");
	while (ok && ((got = next_entry(r, &e)) == ARCHIVE_OK || got == ARCHIVE_WARN))
		ok = tell_entry(r->archive, e, w, err);
	if (ok && got != ARCHIVE_EOF)
		ok = fail(r->archive, err);
	archive_read_free(r->archive);
	archive_read_free(r->bytes);
	free(r);
	return ok;
}
