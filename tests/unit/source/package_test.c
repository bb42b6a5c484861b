/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacking binary packages: good ones in every compression, and hostile ones, of which nothing may be left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"
#include "scratch.h"
#include "unpack_world.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *read_bytes(struct world *w, size_t *len)
{
	FILE *f = fopen(scratch_path(&w->scratch, "a.tar"), "rb");
	char *bytes = malloc(1 << 20);

	assert_true(f && bytes);
	*len = fread(bytes, 1, 1 << 20, f);
	assert_true(*len < 1 << 20);
	fclose(f);
	return bytes;
}

/* What was begun last becomes data.tar (or NAME) of a binary package beside it, which is unpacked from now on. */
static void wrap(struct world *w, const char *name)
{
	const char *parts[] = {"debian-binary", "control.tar", name ? name : "data.tar.xz"};
	size_t len;
	char *bytes = read_bytes(w, &len);
	struct archive *ar = archive_write_new();

	w->unpack.archive = scratch_path(&w->scratch, "a.tar.deb");
	w->unpack.package = true;
	assert_int_equal(archive_write_set_format_ar_svr4(ar), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(ar, w->unpack.archive), ARCHIVE_OK);
	for (size_t i = 0; i < 3; i++) {
		struct archive_entry *e = archive_entry_new();
		const char *content = i < 2 ? "2.0\n" : bytes;
		size_t n = i < 2 ? 4 : len;

		archive_entry_set_pathname(e, parts[i]);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		archive_entry_set_mtime(e, 1300000000, 0);
		archive_entry_set_size(e, (int64_t)n);
		assert_int_equal(archive_write_header(ar, e), ARCHIVE_OK);
		assert_int_equal(archive_write_data(ar, content, n), (ssize_t)n);
		archive_entry_free(e);
	}
	assert_int_equal(archive_write_close(ar), ARCHIVE_OK);
	archive_write_free(ar);
	free(bytes);
}

static void begin_package(struct world *w, int filter)
{
	w->unpack.archive = scratch_path(&w->scratch, "a.tar");
	tar_begin(w, filter);
}

static const char *link_of(struct world *w, const char *name)
{
	char target[100];
	ssize_t n = readlink(scratch_path(&w->scratch, name), target, sizeof target - 1);

	assert_true(n > 0);
	return arena_strn(&w->scratch.place.arena, target, (size_t)n);
}

/* Files lie at their places in a system, and links to absolute paths stay in the tree. */
static void binary_packages_are_unpacked(void **state)
{
	static const int filters[] = {
		ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD};
	static const struct item items[] = {
		{.type = AE_IFDIR, .path = "./"},
		{.type = AE_IFREG, .path = "./etc/zone", .content = "x"},
		{.type = AE_IFREG, .path = "./usr/share/z/file", .content = "hello\n"},
		{.type = AE_IFREG, .path = "./usr/share/z/short", .content = "\177EL"},
		{.type = AE_IFREG, .path = "./usr/share/z/program", .content = "\177ELF2345"},
		{.type = AE_IFLNK, .path = "./usr/share/z/l", .target = "/etc/zone"},
		{.type = AE_IFLNK, .path = "./usr/share/z/r", .target = "../../../etc/zone"},
		{.type = AE_IFLNK, .path = "./top", .target = "//"},
		{.type = AE_IFREG,
			.path = "./usr/share/z/second",
			.target = "./usr/share/z/file",
			.hard = true},
	};
	struct world *w = *state;

	vec_push_in(&w->scratch.place.arena, &w->unpack.elf, "/usr/share/*gram");
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		begin_package(w, filters[i]);
		for (size_t k = 0; k < sizeof items / sizeof *items; k++)
			tar_add(w, &items[k]);
		tar_end(w);
		wrap(w, NULL);
		if (!unpack_it(w))
			fail_msg("filter %d: %s", filters[i], w->err.text);
		assert_true(scratch_has(&w->scratch, "tree/a/usr/share/z/second"));
		assert_true(scratch_has(&w->scratch, "tree/a/usr/share/z/program"));
		assert_string_equal(link_of(w, "tree/a/usr/share/z/l"), "../../../etc/zone");
		assert_string_equal(link_of(w, "tree/a/usr/share/z/r"), "../../../etc/zone");
		assert_string_equal(link_of(w, "tree/a/top"), ".");
		assert_true(place_remove(w->unpack.result, &w->err));
	}
}

static const struct attack package_attacks[] = {
	{"absolute path", "absolute", {{.type = AE_IFREG, .path = "/tmp/evil", .content = "x"}}},
	{"upwards", "'..'", {{.type = AE_IFREG, .path = "./../evil", .content = "x"}}},
	{"link out of the tree", "leads out",
		{{.type = AE_IFLNK, .path = "./etc/l", .target = "../../evil"}}},
	{"link to an absolute path that climbs", "leads out",
		{{.type = AE_IFLNK, .path = "./etc/l", .target = "/../evil"}}},
	{"write through a link", "not a folder",
		{{.type = AE_IFLNK, .path = "./l", .target = "/tmp"},
			{.type = AE_IFREG, .path = "./l/evil", .content = "x"}}},
	{"set-uid", "set-uid", {{.type = AE_IFREG, .path = "./su", .content = "x", .mode = 04755}}},
	{"device", "device", {{.type = AE_IFCHR, .path = "./dev/null"}}},
	{"a program", "'usr/bin/x' is machine code",
		{{.type = AE_IFREG, .path = "./usr/bin/x", .content = "\177ELF2345"}}},
	{"a library of objects", "machine code",
		{{.type = AE_IFREG, .path = "./usr/lib/x.a", .content = "!<arch>\n"}}},
	{"no files", "no files", {{.type = AE_IFDIR, .path = "./"}}},
};

static void hostile_packages_leave_nothing(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof package_attacks / sizeof *package_attacks; i++) {
		const struct attack *a = &package_attacks[i];

		begin_package(w, ARCHIVE_FILTER_XZ);
		for (size_t k = 0; k < 3 && a->items[k].path; k++)
			tar_add(w, &a->items[k]);
		tar_end(w);
		wrap(w, NULL);
		if (unpack_it(w))
			fail_msg("%s: was unpacked", a->name);
		assert_int_equal(w->err.kind, ERROR_SOURCE);
		if (!strstr(w->err.text, a->says) || !strstr(w->err.text, "a.tar.deb"))
			fail_msg(
				"%s: the error should say '%s': %s", a->name, a->says, w->err.text);
		nothing_is_left(w);
	}
	assert_int_not_equal(access("/tmp/evil", F_OK), 0);
}

static void damaged_packages_are_refused(void **state)
{
	struct world *w = *state;
	struct stat st;

	begin_package(w, ARCHIVE_FILTER_GZIP);
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "./zeros", .size = 60 << 20});
	tar_end(w);
	wrap(w, NULL);
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "times its size"));
	begin_package(w, ARCHIVE_FILTER_XZ);
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "./file", .content = "hello\n"});
	tar_end(w);
	wrap(w, "other.tar.xz");
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "has no data.tar"));
	wrap(w, NULL);
	assert_int_equal(stat(w->unpack.archive, &st), 0);
	assert_int_equal(truncate(w->unpack.archive, st.st_size - 100), 0);
	assert_false(unpack_it(w));
	assert_int_equal(w->err.kind, ERROR_SOURCE);
	w->unpack.archive = scratch_path(&w->scratch, "a.tar"); /* no package at all */
	assert_false(unpack_it(w));
	assert_int_equal(w->err.kind, ERROR_SOURCE);
	nothing_is_left(w);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, unpack_world_make, unpack_world_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(binary_packages_are_unpacked),
		CASE(hostile_packages_leave_nothing),
		CASE(damaged_packages_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
