/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the date of each archive beside the cache's indexes, and finds the newest of several. */
#include "cache/dates.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { BLOCK = 1 << 16 };

void dates_take(time_t *newest, struct archive_entry *e)
{
	time_t date = archive_entry_mtime(e);

	if (archive_entry_filetype(e) == AE_IFREG && archive_entry_mtime_is_set(e) &&
		date > *newest && date <= 0xffffffffLL)
		*newest = date;
}

/* The cache identifies an archive by its folder, which is its hash, or by its name if the hash is unknown. */
void dates_path(const struct place *p, const char *archive, struct text *out)
{
	const char *file = strrchr(archive, '/');
	const char *folder = file;

	while (folder && folder > archive && folder[-1] != '/')
		folder--;
	text_clear(out);
	text_fmt(out, "%s/index/date-", p->cache);
	if (file)
		text_fmt(out, "%.*s-", (int)(file - folder), folder);
	text_str(out, file ? file + 1 : archive);
}

static bool read_kept(const struct place *p, const char *archive, time_t *newest)
{
	struct text path = TEXT_INIT, t = TEXT_INIT;
	struct error ignored;
	char *end = NULL;
	bool ok;

	dates_path(p, archive, &path);
	ok = text_read_file(&t, path.s, 64, &ignored);
	if (ok)
		*newest = (time_t)strtoll(t.s, &end, 10);
	ok = ok && end != t.s && *end == '\n' && *newest >= 0 && *newest <= 0xffffffffLL;
	text_release(&path);
	text_release(&t);
	return ok;
}

bool dates_are_known(const struct place *p, const char *archive)
{
	time_t ignored;

	return read_kept(p, archive, &ignored);
}

void dates_keep(const struct place *p, const char *archive, time_t newest)
{
	struct text path = TEXT_INIT, t = TEXT_INIT;
	struct error ignored;

	dates_path(p, archive, &path);
	text_fmt(&t, "%lld\n", (long long)newest);
	/* If it cannot be kept it is found again next time. */
	if (!place_write_file(path.s, t.s, t.len, &ignored))
		text_clear(&t);
	text_release(&path);
	text_release(&t);
}

static bool read_archive(const char *path, time_t *newest, struct error *err)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	int got = ARCHIVE_FATAL;

	setlocale(LC_CTYPE, "C.UTF-8"); /* names are bytes, but libarchive converts them */
	*newest = 0;
	/* of a binary package the parts count (deb(5)) */
	if (a && archive_read_support_format_tar(a) == ARCHIVE_OK &&
		archive_read_support_format_ar(a) == ARCHIVE_OK &&
		archive_read_support_filter_all(a) != ARCHIVE_FATAL &&
		archive_read_open_filename(a, path, BLOCK) == ARCHIVE_OK)
		while ((got = archive_read_next_header(a, &e)) == ARCHIVE_OK || got == ARCHIVE_WARN)
			dates_take(newest, e);
	if (got != ARCHIVE_EOF)
		error_set(err, ERROR_SOURCE, "%s cannot be read: %s", path,
			a ? archive_error_string(a) : "out of memory");
	archive_read_free(a);
	return got == ARCHIVE_EOF;
}

bool dates_find(const struct place *p, const char *archive, time_t *newest, struct error *err)
{
	if (read_kept(p, archive, newest))
		return true;
	if (!read_archive(archive, newest, err))
		return false;
	dates_keep(p, archive, *newest);
	return true;
}

const char *dates_name(struct arena *a, const char *name, time_t when)
{
	char s[24] = "";
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	if (strcmp(name, "epoch") == 0)
		return arena_fmt(a, "%lld", (long long)when);
	if (strcmp(name, "date") == 0)
		strftime(s, sizeof s, "%Y%m%d%H%M%S00", &tm);
	else if (strcmp(name, "day") == 0)
		strftime(s, sizeof s, "%Y-%m-%d", &tm);
	else
		return NULL;
	return arena_str(a, s);
}
