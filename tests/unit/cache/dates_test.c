/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The date of an archive: that of its newest file, found in it or kept from before. */
#include "base/place.h"
#include "base/text.h"
#include "cache/dates.h"
#include "scratch.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARCHIVE "cache/source/0123/tool-1.tar.gz"

static struct scratch s;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	assert_true(place_make_folder(scratch_path(&s, "cache/index"), &err));
	scratch_write(&s, ARCHIVE, "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static void add(struct archive *a, const char *path, mode_t kind, int64_t date)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, path);
	archive_entry_set_mode(e, kind | 0755);
	archive_entry_set_mtime(e, date, 0);
	if (kind == AE_IFLNK)
		archive_entry_set_symlink(e, "a");
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	archive_entry_free(e);
}

static void make_archive(void)
{
	struct archive *a = archive_write_new();

	archive_write_add_filter_gzip(a);
	archive_write_set_format_pax_restricted(a);
	assert_int_equal(archive_write_open_filename(a, scratch_path(&s, ARCHIVE)), ARCHIVE_OK);
	add(a, "tool-1", AE_IFDIR, 1700000000);
	add(a, "tool-1/old", AE_IFREG, 1000000000);
	add(a, "tool-1/new", AE_IFREG, 1234567890);
	add(a, "tool-1/link", AE_IFLNK, 1600000000);
	add(a, "tool-1/far", AE_IFREG, 5000000000);
	add(a, "tool-1/older", AE_IFREG, 1100000000);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

static void the_newest_file_decides(void **state)
{
	time_t date = 1;

	(void)state;
	make_archive();
	assert_false(dates_are_known(&s.place, scratch_path(&s, ARCHIVE)));
	assert_true(dates_find(&s.place, scratch_path(&s, ARCHIVE), &date, &err));
	assert_int_equal(date, 1234567890);
	assert_true(dates_are_known(&s.place, scratch_path(&s, ARCHIVE)));
}

static void it_is_kept_without_the_archive(void **state)
{
	time_t date = 1;

	(void)state;
	dates_keep(&s.place, scratch_path(&s, ARCHIVE), 42);
	assert_int_equal(unlink(scratch_path(&s, ARCHIVE)), 0);
	assert_true(dates_find(&s.place, scratch_path(&s, ARCHIVE), &date, &err));
	assert_int_equal(date, 42);
	assert_false(
		dates_are_known(&s.place, scratch_path(&s, "cache/source/4567/tool-1.tar.gz")));
	assert_false(dates_find(
		&s.place, scratch_path(&s, "cache/source/4567/tool-1.tar.gz"), &date, &err));
	assert_int_equal(err.kind, ERROR_SOURCE);
	assert_non_null(strstr(err.text, "4567/tool-1.tar.gz"));
}

/* A damaged note is found out again from the archive. */
static void what_is_no_date_does_not_count(void **state)
{
	static const char *const spoiled[] = {
		"", "\n", "yesterday\n", "12", "-1\n", "5000000000\n"};
	struct text path = TEXT_INIT;
	time_t date = 1;

	(void)state;
	make_archive();
	dates_path(&s.place, scratch_path(&s, ARCHIVE), &path);
	for (size_t i = 0; i < sizeof spoiled / sizeof spoiled[0]; i++) {
		assert_true(place_write_file(path.s, spoiled[i], strlen(spoiled[i]), &err));
		assert_false(dates_are_known(&s.place, scratch_path(&s, ARCHIVE)));
		assert_true(dates_find(&s.place, scratch_path(&s, ARCHIVE), &date, &err));
		assert_int_equal(date, 1234567890);
	}
	text_release(&path);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_newest_file_decides),
		CASE(it_is_kept_without_the_archive),
		CASE(what_is_no_date_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
