/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libarchive reads the tar format and writes the files; unpack_rules decides beforehand which entries may be written, and as
 * what. Anything but success ends it: libarchive reports a refused entry as a mere warning.
 */
#include "source/unpack_write.h"

#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "cache/dates.h"
#include "source/unpack_rules.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fnmatch.h>
#include <locale.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

enum { BLOCK = 1 << 16 };

struct writer {
	struct archive *in, *out;
	struct rules rules;
	const struct unpack *unpack;
	char head[8]; /* of the file that is written */
	size_t n_head;
	time_t now, *newest;
	struct error *err;
};

static bool fail(const struct writer *w, struct archive *a, const char *what)
{
	if (archive_errno(a) > 0 && a == w->out) {
		errno = archive_errno(
			a); /* its message is clearer than the library's "Write failed" */
		error_errno(w->err, "'%s' cannot be written", w->rules.path.s);
		w->err->kind = ERROR_HOST;
		return false;
	}
	return error_set(w->err, ERROR_SOURCE, "%s: %s", what, archive_error_string(a));
}

static enum entry_kind kind_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e))
		return ENTRY_HARD_LINK;
	switch (archive_entry_filetype(e)) {
	case AE_IFDIR:
		return ENTRY_FOLDER;
	case AE_IFREG:
		return ENTRY_FILE;
	case AE_IFLNK:
		return ENTRY_LINK;
	default:
		return ENTRY_OTHER;
	}
}

static bool judge(struct writer *w, struct archive_entry *e)
{
	struct entry entry = {.path = archive_entry_pathname(e),
		.kind = kind_of(e),
		.mode = (unsigned)archive_entry_perm(e),
		.size = archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0};

	if (entry.kind == ENTRY_HARD_LINK)
		entry.target = archive_entry_hardlink(e);
	else if (entry.kind == ENTRY_LINK)
		entry.target = archive_entry_symlink(e);
	return rules_judge(&w->rules, &entry, w->err);
}

/* Below the top folder, without owners, special permission bits or dates in the future (they would make make rebuild for
 * ever). */
static void clean(struct writer *w, struct archive_entry *e)
{
	bool folder = archive_entry_filetype(e) == AE_IFDIR;

	archive_entry_set_pathname(e, w->rules.path.s);
	if (archive_entry_hardlink(e))
		archive_entry_set_hardlink(e, w->rules.target.s);
	else if (archive_entry_filetype(e) == AE_IFLNK)
		archive_entry_set_symlink(e, w->rules.target.s);
	archive_entry_set_perm(
		e, (mode_t)((archive_entry_perm(e) & 0755) | (folder ? 0700 : 0600)));
	archive_entry_unset_atime(e);
	archive_entry_unset_birthtime(e);
	if (folder)
		archive_entry_unset_mtime(e);
	else if (archive_entry_mtime_is_set(e) &&
		 (archive_entry_mtime(e) > w->now || archive_entry_mtime(e) < 0))
		archive_entry_set_mtime(e, archive_entry_mtime(e) < 0 ? 0 : w->now, 0);
}

static bool is_allowed(const struct writer *w)
{
	const struct strings *elf = &w->unpack->elf;
	char path[4097];

	if (snprintf(path, sizeof path, "/%s", w->rules.path.s) >= (int)sizeof path)
		return false;
	for (size_t i = 0; i < elf->n; i++)
		if (fnmatch(elf->at[i], path, FNM_LEADING_DIR) == 0)
			return true;
	return false;
}

/* A finished package is for data: what can be compiled is. */
static bool data_ok(struct writer *w)
{
	static const char elf[] = "\177ELF", library[] = "!<arch>\n";
	bool is = (w->n_head >= 4 && memcmp(w->head, elf, 4) == 0) ||
		  (w->n_head == 8 && memcmp(w->head, library, 8) == 0);
	struct text shown = TEXT_INIT;

	if (!w->unpack->package || !is || is_allowed(w))
		return true;
	printable(&shown, w->rules.path.s, w->rules.path.len < 200 ? w->rules.path.len : 200);
	error_set(w->err, ERROR_SOURCE,
		"the entry '%s' is machine code (a program or a library), but finished packages are taken for their data; if it has to be there the recipe says what for: elf = /%s WORDS",
		shown.s, shown.s);
	text_release(&shown);
	return false;
}

static void take_head(struct writer *w, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len && w->n_head < sizeof w->head; i++)
		w->head[w->n_head++] = bytes[i];
}

static bool copy_data(struct writer *w)
{
	const void *bytes;
	int64_t offset, end = 0;
	size_t len;
	int got;

	w->n_head = 0;
	while ((got = archive_read_data_block(w->in, &bytes, &len, &offset)) == ARCHIVE_OK) {
		if (archive_write_data_block(w->out, bytes, len, offset) != ARCHIVE_OK)
			return fail(w, w->out, "it cannot be written");
		if (w->unpack->package && offset != end)
			return error_set(
				w->err, ERROR_SOURCE, "it has a sparse file, which no package has");
		take_head(w, bytes, len);
		end = offset + (int64_t)len;
	}
	return got == ARCHIVE_EOF ? data_ok(w) : fail(w, w->in, "it is damaged");
}

static bool is_wanted(const struct writer *w, struct archive_entry *e)
{
	const char *path = archive_entry_pathname(e);
	size_t len;

	if (!w->unpack->only || !path)
		return true;
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	path += strcspn(path, "/");
	len = strlen(w->unpack->only);
	return *path == '/' && strncmp(path + 1, w->unpack->only, len) == 0 &&
	       (path[1 + len] == '/' || !path[1 + len]);
}

static bool take_entry(struct writer *w, struct archive_entry *e)
{
	if (!is_wanted(w, e))
		return true;
	if (!judge(w, e))
		return false;
	if (!w->rules.path.len)
		return true;
	dates_take(w->newest, e);
	clean(w, e);
	if (archive_write_header(w->out, e) != ARCHIVE_OK)
		return fail(w, w->out, "it cannot be written");
	/* A hard link may carry the data again: keep what the file already has. */
	if (archive_entry_size(e) > 0 && !archive_entry_hardlink(e) && !copy_data(w))
		return false;
	return archive_write_finish_entry(w->out) == ARCHIVE_OK ||
	       fail(w, w->out, "it cannot be written");
}

static bool take_all(struct writer *w)
{
	struct archive_entry *e;
	int got;

	while ((got = archive_read_next_header(w->in, &e)) == ARCHIVE_OK)
		if (!take_entry(w, e))
			return false;
	if (got != ARCHIVE_EOF)
		return fail(w, w->in, "it is damaged or no tar archive");
	if (!w->unpack->only && !w->rules.path.len && w->rules.entries <= 1)
		return error_set(w->err, ERROR_SOURCE, "there are no files in it");
	return archive_write_close(w->out) == ARCHIVE_OK || fail(w, w->out, "it cannot be written");
}

static uint64_t cap(uint64_t given, uint64_t usual)
{
	return given ? given : usual;
}

bool unpack_write(
	int stream, const struct unpack *u, uint64_t packed, time_t *newest, struct error *err)
{
	struct writer w = {.in = archive_read_new(),
		.out = archive_write_disk_new(),
		.rules = {.most_entries = cap(u->most_entries, UNPACK_ENTRIES),
			.most_bytes = cap(u->most_bytes, UNPACK_BYTES),
			.most_file_bytes = cap(u->most_file_bytes, UNPACK_FILE_BYTES),
			.packed = packed,
			.flat = u->package,
			.further = u->further,
			.top = TEXT_INIT,
			.path = TEXT_INIT,
			.target = TEXT_INIT},
		.unpack = u,
		.now = time(NULL),
		.newest = newest,
		.err = err};
	bool ok = false;

	setlocale(LC_CTYPE, "C.UTF-8"); /* names are bytes, but libarchive converts them */
	if (!w.in || !w.out || archive_read_support_format_tar(w.in) != ARCHIVE_OK ||
		archive_write_disk_set_options(
			w.out, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
				       ARCHIVE_EXTRACT_SECURE_NODOTDOT |
				       ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS) != ARCHIVE_OK) {
		error_set(err, ERROR_INTERNAL, "libarchive cannot be set up");
		goto out;
	}
	if (archive_read_open_fd(w.in, stream, BLOCK) != ARCHIVE_OK) {
		fail(&w, w.in, "it is no tar archive");
		goto out;
	}
	ok = take_all(&w);
out:
	archive_read_free(w.in);
	archive_write_free(w.out);
	rules_release(&w.rules);
	return ok;
}
