/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a tree as an archive through libarchive. */
#include "image/pack.h"

#include "base/error.h"
#include "base/text.h"
#include "tree/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { BUFFER = 128 * 1024, CPIO_BLOCK = 512 };

static const mode_t kind_modes[] = {
	[TREE_FOLDER] = AE_IFDIR,
	[TREE_FILE] = AE_IFREG,
	[TREE_LINK] = AE_IFLNK,
	[TREE_CHARACTER] = AE_IFCHR,
	[TREE_BLOCK] = AE_IFBLK,
};

struct writer {
	struct archive *archive;
	struct archive_entry *entry;
	const struct pack_options *options;
	struct error *err; /* what failed in the callback */
	uint64_t done, total;
	unsigned inode;
	char buffer[BUFFER];
};

static la_ssize_t to_sink(struct archive *a, void *ctx, const void *bytes, size_t len)
{
	struct writer *w = ctx;

	(void)a;
	return w->options->sink(w->options->sink_ctx, bytes, len, w->err) ? (la_ssize_t)len : -1;
}

static int set_format(struct writer *w)
{
	if (w->options->format == PACK_TAR)
		return archive_write_set_format_pax_restricted(w->archive);
	return archive_write_set_format_cpio_newc(w->archive);
}

static bool begin(struct writer *w, struct error *err)
{
	w->err = err;
	w->archive = archive_write_new();
	w->entry = archive_entry_new();
	if (set_format(w) != ARCHIVE_OK ||
		archive_write_add_filter_none(w->archive) != ARCHIVE_OK ||
		archive_write_set_bytes_in_last_block(w->archive,
			w->options->format == PACK_CPIO ? CPIO_BLOCK : 1) != ARCHIVE_OK ||
		archive_write_open(w->archive, w, NULL, to_sink, NULL) != ARCHIVE_OK)
		return error_set(err, ERROR_INTERNAL, "no archive can be begun: %s",
			archive_error_string(w->archive));
	return true;
}

/* A failed write has already set err; otherwise use libarchive's message. */
static bool refused(const struct writer *w, const char *path, struct error *err)
{
	if (err->kind != ERROR_NONE)
		return false;
	return error_set(err, ERROR_INTERNAL, "%s cannot go into the archive: %s", path,
		archive_error_string(w->archive));
}

static bool is_device(const struct tree_entry *e)
{
	return e->kind == TREE_CHARACTER || e->kind == TREE_BLOCK;
}

static bool write_header(
	struct writer *w, const struct tree_entry *e, uint64_t size, struct error *err)
{
	struct archive_entry *to = archive_entry_clear(w->entry);

	archive_entry_set_pathname(to, e->path[1] ? e->path + 1 : ".");
	archive_entry_set_mode(to, kind_modes[e->kind] | e->mode);
	archive_entry_set_uid(to, e->uid);
	archive_entry_set_gid(to, e->gid);
	archive_entry_set_ino(to, ++w->inode);
	archive_entry_set_nlink(to, e->kind == TREE_FOLDER ? 2 : 1);
	archive_entry_set_mtime(to, w->options->epoch, 0);
	archive_entry_set_size(to, (la_int64_t)size);
	archive_entry_set_dev(to, 0);
	if (e->kind == TREE_LINK)
		archive_entry_set_symlink(to, e->target);
	if (is_device(e)) {
		archive_entry_set_rdevmajor(to, e->major);
		archive_entry_set_rdevminor(to, e->minor);
	}
	return archive_write_header(w->archive, to) == ARCHIVE_OK || refused(w, e->path, err);
}

static bool write_content(struct writer *w, struct tree_reader *r, struct error *err)
{
	size_t n;

	for (;;) {
		if (!tree_read(r, w->buffer, sizeof w->buffer, &n, err))
			return false;
		if (!n)
			return true;
		if (archive_write_data(w->archive, w->buffer, n) != (la_ssize_t)n)
			return refused(w, r->entry->path, err);
		w->done += n;
	}
}

static bool write_entry(struct writer *w, const struct tree_entry *e, struct error *err)
{
	struct tree_reader r;
	bool ok = tree_open(&r, e, err) && write_header(w, e, r.size, err) &&
		  write_content(w, &r, err);

	tree_close(&r);
	return ok;
}

/* The kernel unpacks into a tmpfs that everybody may write to (mode 1777); an entry for the root takes that away. */
static const struct tree_entry root = {.path = "/", .kind = TREE_FOLDER, .mode = 0755};

static bool is_left_out(const struct pack_options *o, const struct tree_entry *e)
{
	return (o->no_devices && is_device(e)) || (o->before && tree_holds(o->before, e));
}

bool pack_write(const struct tree *t, const struct pack_options *o, struct error *err)
{
	struct writer *w = xmalloc(sizeof *w);
	bool ok;

	*w = (struct writer){.options = o, .total = tree_bytes(t)};
	*err = (struct error){0};
	ok = begin(w, err) && (o->format != PACK_CPIO || o->before || write_entry(w, &root, err));
	for (size_t i = 0; ok && i < t->entries.n; i++) {
		if (is_left_out(o, &t->entries.at[i]))
			continue;
		ok = write_entry(w, &t->entries.at[i], err);
		if (ok && o->tell)
			o->tell(o->tell_ctx, w->done, w->total);
	}
	if (ok && archive_write_close(w->archive) != ARCHIVE_OK)
		ok = refused(w, "the end mark", err);
	archive_entry_free(w->entry);
	archive_write_free(w->archive);
	free(w);
	return ok;
}
