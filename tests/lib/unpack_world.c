/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making, filling and unpacking the archive that tests of unpacking share. */
#include "unpack_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

int unpack_world_make(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	scratch_make(&w->scratch);
	w->unpack.archive = scratch_path(&w->scratch, "a.tar");
	w->unpack.result = scratch_path(&w->scratch, "tree/a");
	*state = w;
	return 0;
}

int unpack_world_free(void **state)
{
	struct world *w = *state;

	scratch_remove(&w->scratch);
	free(w);
	return 0;
}

void tar_begin(struct world *w, int filter)
{
	w->tar = archive_write_new();
	assert_int_equal(archive_write_add_filter(w->tar, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_set_format_pax_restricted(w->tar), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(w->tar, w->unpack.archive), ARCHIVE_OK);
}

static void write_content(struct world *w, const struct item *i)
{
	static const char zeros[65536];
	uint64_t left = i->size;

	if (i->content)
		assert_int_equal(archive_write_data(w->tar, i->content, strlen(i->content)),
			strlen(i->content));
	for (; !i->content && left; left -= left < sizeof zeros ? left : sizeof zeros)
		assert_true(archive_write_data(
				    w->tar, zeros, left < sizeof zeros ? left : sizeof zeros) > 0);
}

void tar_add(struct world *w, const struct item *i)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, i->path);
	archive_entry_set_filetype(e, i->type);
	archive_entry_set_perm(e, i->mode ? i->mode : i->type == AE_IFDIR ? 0755 : 0644);
	archive_entry_set_mtime(e, i->mtime ? i->mtime : 1000000000, 0);
	archive_entry_set_size(e, 0);
	if (i->type == AE_IFREG && !i->hard)
		archive_entry_set_size(e, (int64_t)(i->content ? strlen(i->content) : i->size));
	if (i->hard)
		archive_entry_set_hardlink(e, i->target);
	else if (i->type == AE_IFLNK)
		archive_entry_set_symlink(e, i->target);
	if (i->type == AE_IFCHR)
		archive_entry_set_rdev(e, 0x103);
	assert_true(archive_write_header(w->tar, e) >= ARCHIVE_WARN);
	if (i->type == AE_IFREG && !i->hard)
		write_content(w, i);
	archive_entry_free(e);
}

void tar_end(struct world *w)
{
	assert_int_equal(archive_write_close(w->tar), ARCHIVE_OK);
	archive_write_free(w->tar);
}

bool unpack_it(struct world *w)
{
	w->err = (struct error){0};
	return unpack_tree(&w->unpack, &w->err);
}

void nothing_is_left(struct world *w)
{
	assert_false(scratch_has(&w->scratch, "tree/a"));
	assert_false(scratch_has(&w->scratch, "tree/a.unpacking"));
	assert_false(scratch_has(&w->scratch, "evil"));
	assert_false(scratch_has(&w->scratch, "tree/evil"));
}
