/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacking: good archives in every compression, and hostile ones, of which nothing may be left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "scratch.h"
#include "source/unpack.h"
#include "source/unpack_rules.h"
#include "unpack_world.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void add_good_tree(struct world *w)
{
	static const struct item items[] = {
		{.type = AE_IFDIR, .path = "top/"},
		{.type = AE_IFDIR, .path = "top/dir/", .mode = 02775},
		{.type = AE_IFREG,
			.path = "top/dir/file",
			.content = "hello\n",
			.mtime = 1234567890},
		{.type = AE_IFREG, .path = "top/run", .content = "#!/bin/sh\n", .mode = 0775},
		{.type = AE_IFREG, .path = "./top/closed", .content = "x", .mode = 0400},
		{.type = AE_IFREG, .path = "top/made/on/the/way", .content = "x"},
		{.type = AE_IFLNK, .path = "top/dir/link", .target = "../made/on"},
		{.type = AE_IFLNK, .path = "top/dir/self", .target = "."},
		{.type = AE_IFREG,
			.path = "top/dir/second",
			.target = "top/dir/file",
			.hard = true},
		{.type = AE_IFREG, .path = "top/caf\xc3\xa9", .content = "x"},
		{.type = AE_IFREG,
			.path = "top/tomorrow",
			.content = "x",
			.mtime = (time_t)1 << 36},
		{.type = AE_IFREG, .path = "top/zeros", .size = 300000},
	};

	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		tar_add(w, &items[i]);
}

static void check_good_tree(struct world *w)
{
	char *content = scratch_read(&w->scratch, "tree/a/dir/second");
	struct stat st;

	assert_string_equal(content, "hello\n");
	free(content);
	assert_int_equal(stat(scratch_path(&w->scratch, "tree/a/dir/file"), &st), 0);
	assert_int_equal(st.st_mtime, 1234567890);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(stat(scratch_path(&w->scratch, "tree/a/run"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(scratch_path(&w->scratch, "tree/a/dir"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(scratch_path(&w->scratch, "tree/a/tomorrow"), &st), 0);
	assert_true(st.st_mtime <= time(NULL));
	assert_int_equal(stat(scratch_path(&w->scratch, "tree/a/zeros"), &st), 0);
	assert_int_equal(st.st_size, 300000);
	assert_true(scratch_has(&w->scratch, "tree/a/dir/link/the/way"));
	assert_false(scratch_has(&w->scratch, "tree/a.unpacking"));
}

static void good_archives_in_all_compressions(void **state)
{
	static const int filters[] = {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP,
		ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_LZ4};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		tar_begin(w, filters[i]);
		add_good_tree(w);
		tar_end(w);
		if (!unpack_it(w))
			fail_msg("filter %d: %s", filters[i], w->err.text);
		check_good_tree(w);
		assert_true(place_remove(w->unpack.result, &w->err));
	}
}

static const struct attack attacks[] = {
	{"absolute path", "absolute", {{.type = AE_IFREG, .path = "/tmp/evil", .content = "x"}}},
	{"upwards", "'..'", {{.type = AE_IFREG, .path = "top/../../evil", .content = "x"}}},
	{"upwards at once", "'..'", {{.type = AE_IFREG, .path = "../evil", .content = "x"}}},
	{"upwards at the end", "'..'", {{.type = AE_IFDIR, .path = "top/x/.."}}},
	{"beside the top", "one folder",
		{{.type = AE_IFREG, .path = "top/x", .content = "x"},
			{.type = AE_IFREG, .path = "other/x", .content = "x"}}},
	{"file as the top", "no folder", {{.type = AE_IFREG, .path = "top", .content = "x"}}},
	{"link to an absolute path", "absolute",
		{{.type = AE_IFLNK, .path = "top/l", .target = "/etc/passwd"}}},
	{"link out of the tree", "leads out",
		{{.type = AE_IFLNK, .path = "top/l", .target = "../evil"}}},
	{"link out from below", "leads out",
		{{.type = AE_IFLNK, .path = "top/d/l", .target = "../../evil"}}},
	{"link that climbs later", "leads out",
		{{.type = AE_IFLNK, .path = "top/d/s", .target = "."},
			{.type = AE_IFLNK, .path = "top/d/l", .target = "s/../../evil"}}},
	{"link to nothing", "no sense", {{.type = AE_IFLNK, .path = "top/l", .target = ""}}},
	{"write through a link", "not a folder",
		{{.type = AE_IFLNK, .path = "top/l", .target = "."},
			{.type = AE_IFREG, .path = "top/l/x", .content = "x"}}},
	{"link that replaces a folder", "twice",
		{{.type = AE_IFDIR, .path = "top/d"},
			{.type = AE_IFLNK, .path = "top/d", .target = "."}}},
	{"link that replaces a folder made on the way", "twice",
		{{.type = AE_IFREG, .path = "top/d/x", .content = "x"},
			{.type = AE_IFLNK, .path = "top/d", .target = "."}}},
	{"file below a file", "not a folder",
		{{.type = AE_IFREG, .path = "top/f", .content = "x"},
			{.type = AE_IFREG, .path = "top/f/x", .content = "x"}}},
	{"twice the same", "twice",
		{{.type = AE_IFREG, .path = "top/f", .content = "x"},
			{.type = AE_IFREG, .path = "top/f", .content = "y"}}},
	{"second name of a host file", "absolute",
		{{.type = AE_IFREG, .path = "top/h", .target = "/etc/passwd", .hard = true}}},
	{"second name upwards", "'..'",
		{{.type = AE_IFREG, .path = "top/h", .target = "top/../../evil", .hard = true}}},
	{"second name of what is not there", "second name",
		{{.type = AE_IFREG, .path = "top/h", .target = "top/none", .hard = true}}},
	{"second name of a link", "second name",
		{{.type = AE_IFLNK, .path = "top/a/b/l", .target = "../../x"},
			{.type = AE_IFREG, .path = "top/h", .target = "top/a/b/l", .hard = true}}},
	{"character device", "device", {{.type = AE_IFCHR, .path = "top/null"}}},
	{"pipe", "device", {{.type = AE_IFIFO, .path = "top/pipe"}}},
	{"set-uid", "set-uid",
		{{.type = AE_IFREG, .path = "top/su", .content = "x", .mode = 04755}}},
	{"set-gid", "set-uid",
		{{.type = AE_IFREG, .path = "top/sg", .content = "x", .mode = 02755}}},
	{"escape sequence in a name", "control",
		{{.type = AE_IFREG, .path = "top/\033[2J", .content = "x"}}},
	{"newline in a name", "control", {{.type = AE_IFREG, .path = "top/a\nb", .content = "x"}}},
	{"control character in a target", "no sense",
		{{.type = AE_IFLNK, .path = "top/l", .target = "a\tb"}}},
	{"too large a file", "larger than any source file",
		{{.type = AE_IFREG, .path = "top/big", .size = 3000000}}},
	{"too much in all", "source tree",
		{{.type = AE_IFREG, .path = "top/1", .size = 900000},
			{.type = AE_IFREG, .path = "top/2", .size = 900000},
			{.type = AE_IFREG, .path = "top/3", .size = 900000}}},
	{"nothing but the top", "no files", {{.type = AE_IFDIR, .path = "top/"}}},
};

static void hostile_archives_leave_nothing(void **state)
{
	struct world *w = *state;

	w->unpack.most_file_bytes = 1000000;
	w->unpack.most_bytes = 2000000;
	for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
		const struct attack *a = &attacks[i];

		tar_begin(w, ARCHIVE_FILTER_NONE);
		for (size_t k = 0; k < 3 && a->items[k].path; k++)
			tar_add(w, &a->items[k]);
		tar_end(w);
		if (unpack_it(w))
			fail_msg("%s: was unpacked", a->name);
		assert_int_equal(w->err.kind, ERROR_SOURCE);
		if (!strstr(w->err.text, a->says) || !strstr(w->err.text, "a.tar"))
			fail_msg(
				"%s: the error should say '%s': %s", a->name, a->says, w->err.text);
		for (const char *c = w->err.text; *c; c++)
			assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		nothing_is_left(w);
	}
	assert_int_not_equal(access("/tmp/evil", F_OK), 0);
}

static void too_many_entries_are_refused(void **state)
{
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	for (int i = 0; i < 3000; i++)
		tar_add(w, &(struct item){.type = AE_IFREG,
				   .path = arena_fmt(&w->scratch.place.arena, "top/%d", i),
				   .content = ""});
	tar_end(w);
	assert_true(unpack_it(w));
	assert_true(scratch_has(&w->scratch, "tree/a/2999"));
	assert_true(place_remove(w->unpack.result, &w->err));
	w->unpack.most_entries = 2999;
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "one more"));
	nothing_is_left(w);
}

/* 400,000 empty files in 2.5 MB took minutes to be refused: what each costs is its number. (Mutation: entries alone count.) */
static void many_empty_entries_in_a_small_archive_are_refused(void **state)
{
	static const char *const levels =
		"1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/A/B/C/D/E/F/G/H/I/J";
	struct world *w = *state;
	struct rules r = {.most_entries = UNPACK_ENTRIES,
		.packed = 300000,
		.top = TEXT_INIT,
		.path = TEXT_INIT,
		.target = TEXT_INIT};
	struct arena a = ARENA_INIT;
	int n = 0;

	/* The same folder again and again: nothing is made, and the test is quick. */
	tar_begin(w, ARCHIVE_FILTER_GZIP);
	for (int i = 0; i < 2; i++)
		tar_add(w, &(struct item){.type = AE_IFDIR, .path = "top/"});
	for (int i = 0; i < RULES_FEW_ENTRIES; i++)
		tar_add(w, &(struct item){.type = AE_IFDIR, .path = "top/again/"});
	tar_end(w);
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "of that size"));
	nothing_is_left(w);
	/* Few entries that make many folders. */
	while (rules_judge(&r,
		&(struct entry){
			.kind = ENTRY_FOLDER, .path = arena_fmt(&a, "top/%d/%s", n, levels)},
		&w->err))
		n++;
	assert_true(n >= RULES_FEW_ENTRIES / 60 && n <= RULES_FEW_ENTRIES / 30);
	rules_release(&r);
	arena_release(&a);
}

static void long_and_deep_names_are_refused(void **state)
{
	struct world *w = *state;
	struct text deep = TEXT_INIT;

	for (int i = 0; i < 70; i++)
		text_str(&deep, "d/");
	text_str(&deep, "f");
	tar_begin(w, ARCHIVE_FILTER_NONE);
	tar_add(w, &(struct item){.type = AE_IFREG, .path = deep.s, .content = "x"});
	tar_end(w);
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "deeper"));
	text_clear(&deep);
	text_str(&deep, "top/");
	for (int i = 0; i < 300; i++)
		text_char(&deep, 'n');
	tar_begin(w, ARCHIVE_FILTER_NONE);
	tar_add(w, &(struct item){.type = AE_IFREG, .path = deep.s, .content = "x"});
	tar_end(w);
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "longer name"));
	nothing_is_left(w);
	text_release(&deep);
}

static void a_bomb_is_stopped(void **state)
{
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "top/zeros", .size = 60 << 20});
	tar_end(w);
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "times its size"));
	nothing_is_left(w);
}

static void damaged_archives_are_refused(void **state)
{
	static const int filters[] = {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP,
		ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD};
	struct world *w = *state;
	struct stat st;

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		tar_begin(w, filters[i]);
		add_good_tree(w);
		tar_end(w);
		assert_int_equal(stat(w->unpack.archive, &st), 0);
		assert_int_equal(truncate(w->unpack.archive, st.st_size / 2), 0);
		if (unpack_it(w))
			fail_msg("half of an archive (filter %d) was unpacked", filters[i]);
		nothing_is_left(w);
	}
	scratch_write(&w->scratch, "a.tar",
		"this is a text of no particular kind, long enough to be looked at\n");
	assert_false(unpack_it(w));
	scratch_write(&w->scratch, "a.tar", "");
	assert_false(unpack_it(w));
	unlink(w->unpack.archive);
	assert_false(unpack_it(w));
	nothing_is_left(w);
}

static void add_patch(struct world *w, const char *name, const char *text)
{
	scratch_write(&w->scratch, name, text);
	vec_push(&w->unpack.patches, (struct unpack_patch){scratch_path(&w->scratch, name), 1});
}

static void forget_patches(struct world *w)
{
	vec_release(&w->unpack.patches);
	w->unpack.patches.at = NULL;
	w->unpack.patches.n = w->unpack.patches.cap = 0;
}

static void has(struct world *w, const char *file, const char *expected)
{
	char *content = scratch_read(&w->scratch, file);

	assert_non_null(content);
	assert_string_equal(content, expected);
	free(content);
}

static void patches_fit_exactly_or_not_at_all(void **state)
{
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	add_good_tree(w);
	tar_end(w);
	add_patch(
		w, "good.patch", "--- a/dir/file\n+++ b/dir/file\n@@ -1 +1 @@\n-hello\n+changed\n");
	if (!unpack_it(w))
		fail_msg("%s", w->err.text);
	has(w, "tree/a/dir/file", "changed\n");
	assert_true(place_remove(w->unpack.result, &w->err));
	add_patch(w, "bad.patch",
		"--- tool-1.2/dir/file\n+++ tool-1.2/dir/file\n@@ -1 +1 @@\n-other\n+another\n");
	assert_false(unpack_it(w));
	assert_int_equal(w->err.kind, ERROR_STEP);
	assert_non_null(strstr(
		w->err.text, "bad.patch does not fit a.tar: hunk 1 of dir/file at line 1 fails"));
	assert_non_null(strstr(w->err.text, "it was made for tool-1.2"));
	nothing_is_left(w);
	forget_patches(w);
	add_patch(w, "lost.patch", "--- a/dir/gone\n+++ b/dir/gone\n@@ -1 +1 @@\n-a\n+b\n");
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "the file b/dir/gone that it changes is not there"));
	forget_patches(w);
}

/* Whatever a patch asks for, nothing outside of the tree is touched, and no other program is started for it. */
static void patches_stay_in_their_tree(void **state)
{
	static const char *const evil[] = {
		"--- /dev/null\n+++ b/../../escaped\n@@ -0,0 +1 @@\n+x\n",
		"--- /dev/null\n+++ x//../escaped\n@@ -0,0 +1 @@\n+x\n",
		"diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/tmp\n",
		"diff --git a/dir/file b/../escaped\nrename from dir/file\nrename to x/../../escaped\n",
		"  Index: a/../../escaped\n  --- /dev/null\n  +++ b/x\n  @@ -0,0 +1 @@\n  +x\n"};
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	add_good_tree(w);
	tar_end(w);
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		add_patch(w, "evil.patch", evil[i]);
		if (unpack_it(w))
			fail_msg("patch %zu was applied", i);
		assert_int_equal(w->err.kind, ERROR_SOURCE);
		assert_non_null(strstr(w->err.text, "evil.patch is refused"));
		assert_false(scratch_has(&w->scratch, "tree/escaped"));
		assert_false(scratch_has(&w->scratch, "escaped"));
		nothing_is_left(w);
		forget_patches(w);
	}
	add_patch(w, "ed.patch", "1a\n!touch escaped\n.\nw dir/file\n");
	assert_true(unpack_it(w));
	assert_false(scratch_has(&w->scratch, "tree/a/escaped"));
	forget_patches(w);
	/* remarks are no headers of git's; Debian's git has a patch with the first of these */
	add_patch(w, "said.patch",
		"new mode of it\nrename to ../x\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/tmp\n");
	assert_true(place_remove(w->unpack.result, &w->err) && unpack_it(w));
	has(w, "tree/a/l", "/tmp\n");
	forget_patches(w);
}

/* Another archive of the same test, made by the same functions. */
static void begin_other(struct world *w, const char *name)
{
	w->tar = archive_write_new();
	assert_int_equal(archive_write_add_filter(w->tar, ARCHIVE_FILTER_GZIP), ARCHIVE_OK);
	assert_int_equal(archive_write_set_format_pax_restricted(w->tar), ARCHIVE_OK);
	assert_int_equal(
		archive_write_open_filename(w->tar, scratch_path(&w->scratch, name)), ARCHIVE_OK);
}

static void debians_series_and_further_archives(void **state)
{
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	add_good_tree(w);
	/* strace's: the authors have such a folder themselves, and a script of theirs reads in it */
	tar_add(w,
		&(struct item){.type = AE_IFREG, .path = "top/debian/own.in", .content = "own\n"});
	tar_add(w, &(struct item){.type = AE_IFREG,
			   .path = "top/debian/patches/series",
			   .content = "of-the-authors.patch\n"});
	tar_end(w);
	begin_other(w, "t_1.orig-more.tar.gz");
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "more-7/data", .content = "data\n"});
	tar_end(w);
	begin_other(w, "t_1-2.debian.tar.gz");
	/* rsync's: it leads into the tree, and is none of the patches */
	tar_add(w, &(struct item){.type = AE_IFLNK,
			   .path = "debian/t.service",
			   .target = "../packaging/t.service"});
	tar_add(w, &(struct item){.type = AE_IFREG,
			   .path = "debian/patches/series",
			   .content = "# first\n\none.patch # why\nsub/two.patch -p0\n"});
	tar_add(w,
		&(struct item){.type = AE_IFREG,
			.path = "debian/patches/one.patch",
			.content =
				"Why\n\n--- a/dir/file\n+++ b/dir/file\n@@ -1 +1 @@\n-hello\n+one\n"});
	tar_add(w, &(struct item){.type = AE_IFREG,
			   .path = "debian/patches/sub/two.patch",
			   .content = "--- more/data\n+++ more/data\n@@ -1 +1 @@\n-data\n+two\n"});
	tar_end(w);
	w->unpack.debian = scratch_path(&w->scratch, "t_1-2.debian.tar.gz");
	w->unpack.revision = "t 1-2";
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text,
		"two.patch (number 2 of 2 of Debian's patches) does not fit a.tar: the file more/data"));
	assert_non_null(strstr(w->err.text, "it was made for t 1-2."));
	assert_non_null(strstr(w->err.text, "patches = t=none"));
	nothing_is_left(w);
	vec_push(&w->unpack.parts,
		(struct unpack_part){scratch_path(&w->scratch, "t_1.orig-more.tar.gz"), "more"});
	/* what Debian has already is no obstacle to a cure that does the same */
	add_patch(w, "cure.patch", "--- a/dir/file\n+++ b/dir/file\n@@ -1 +1 @@\n-hello\n+one\n");
	/* and what Debian has not is not taken for it */
	add_patch(w, "own.patch", "--- a/more/data\n+++ b/more/data\n@@ -1 +1 @@\n-two\n+three\n");
	if (!unpack_it(w))
		fail_msg("%s", w->err.text);
	has(w, "tree/a/dir/file", "one\n");
	has(w, "tree/a/more/data", "three\n");
	has(w, "tree/a/debian/own.in", "own\n");
	forget_patches(w);
	vec_release(&w->unpack.parts);
}

/* GLib's orig-unicode-data: nothing but files. The same in the first archive is refused ("file as the top"). */
static void further_archives_without_a_folder(void **state)
{
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	add_good_tree(w);
	tar_end(w);
	begin_other(w, "t_1.orig-data.tar.gz");
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "./one", .content = "1\n"});
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "sub/two", .content = "2\n"});
	tar_end(w);
	vec_push(&w->unpack.parts,
		(struct unpack_part){scratch_path(&w->scratch, "t_1.orig-data.tar.gz"), "data"});
	if (!unpack_it(w))
		fail_msg("%s", w->err.text);
	has(w, "tree/a/data/one", "1\n");
	has(w, "tree/a/data/sub/two", "2\n");
	assert_true(place_remove(w->unpack.result, &w->err));

	begin_other(w, "t_1.orig-data.tar.gz");
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "one", .content = "1\n"});
	tar_add(w, &(struct item){.type = AE_IFREG, .path = "../two", .content = "2\n"});
	tar_end(w);
	assert_false(unpack_it(w));
	assert_non_null(strstr(w->err.text, "'..'"));
	nothing_is_left(w);
	vec_release(&w->unpack.parts);
}

static void leftovers_are_no_obstacle(void **state)
{
	struct world *w = *state;

	tar_begin(w, ARCHIVE_FILTER_GZIP);
	add_good_tree(w);
	tar_end(w);
	scratch_write(&w->scratch, "tree/a.unpacking/stale/file", "x");
	assert_true(unpack_it(w));
	check_good_tree(w);
	assert_false(scratch_has(&w->scratch, "tree/a/stale"));
	unlink(w->unpack.archive);
	assert_true(unpack_it(w)); /* it is there already */
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, unpack_world_make, unpack_world_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(good_archives_in_all_compressions),
		CASE(hostile_archives_leave_nothing),
		CASE(too_many_entries_are_refused),
		CASE(many_empty_entries_in_a_small_archive_are_refused),
		CASE(long_and_deep_names_are_refused),
		CASE(a_bomb_is_stopped),
		CASE(damaged_archives_are_refused),
		CASE(patches_fit_exactly_or_not_at_all),
		CASE(patches_stay_in_their_tree),
		CASE(debians_series_and_further_archives),
		CASE(further_archives_without_a_folder),
		CASE(leftovers_are_no_obstacle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
