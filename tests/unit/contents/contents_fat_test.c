/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FAT file systems are unpacked: names, bytes and dates; differences are reported; broken ones do not hang. */
#include "base/arena.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/catalog_load.h"
#include "contents/compare.h"
#include "contents/contents.h"
#include "contents/opener.h"
#include "proc/proc.h"
#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG "boot/a rather long name.\xc3\xa9"

enum { BIG = 30000 }; /* bytes: a chain of clusters */

static const struct kind {
	const char *bits, *kib;
} kinds[] = {{"12", "1440"}, {"16", "20000"}, {"32", "40000"}};

static struct scratch s;
static struct place place;
static struct catalog catalog;
static struct error err;
static char big[BIG + 1];

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	catalog.place = &place;
	assert_true(place_load(&place, &err) && format_load_all(&catalog, &err));
	assert_true(place_make_folder(scratch_path(&s, "work"), &err));
	for (size_t i = 0; i < BIG; i++)
		big[i] = (char)('a' + i % 23);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	catalog_release(&catalog);
	place_release(&place);
	scratch_remove(&s);
	return 0;
}

static void run(const char *const argv[])
{
	struct text out = TEXT_INIT, path = TEXT_INIT;
	bool there = proc_find(argv[0], NULL, &path);
	struct arena a = ARENA_INIT;
	struct strings env = {0};
	int status;

	text_release(&path);
	if (!there)
		skip();
	proc_environment(&env, &a);
	vec_push_in(&a, &env,
		"SOURCE_DATE_EPOCH=1767225600"); /* a second that passes is no difference */
	vec_push_in(&a, &env, NULL);
	assert_true(proc_capture(argv, env.at, NULL, 1 << 20, &out, &status, &err));
	if (status)
		fail_msg("%s", out.s);
	text_release(&out);
	arena_release(&a);
}

static void copy_in(const char *fat, const char *content, const char *to)
{
	scratch_write(&s, "part", content);
	run((const char *const[]){"mcopy", "-i", fat, scratch_path(&s, "part"), to, NULL});
}

static void make(const char *name, const struct kind *k, const char *content)
{
	const char *fat = scratch_path(&s, name);

	run((const char *const[]){"mkfs.fat", "--invariant", "-F", k->bits, "-s", "1", "-n",
		"LABEL", "-C", fat, k->kib, NULL});
	run((const char *const[]){"mmd", "-i", fat, "::/boot", NULL});
	copy_in(fat, big, "::/" LONG);
	copy_in(fat, "", "::/boot/empty");
	copy_in(fat, content, "::/SHORT.TXT");
}

static const struct content *find(const struct contents *c, const char *path)
{
	for (size_t i = 0; i < c->of.n; i++)
		if (strcmp(c->of.at[i].path, path) == 0)
			return &c->of.at[i];
	fail_msg("no %s", path);
	return NULL;
}

/* False: nobody opens it, or the program refuses. */
static bool unpack(const char *fat, struct contents *c)
{
	const struct format *o = opener_find(&catalog, fat);
	const char *work = scratch_path(&s, "work");
	bool ok = o && opener_run(o, fat, work, "unpacked", &err) &&
		  contents_list(c, scratch_path(&s, "work/unpacked"), opener_makes(o), &err);
	struct error ignored;

	assert_true(place_remove(scratch_path(&s, "work/unpacked"), &ignored));
	return ok;
}

static void everything_is_listed(void **state)
{
	char hex[HASH_HEX];
	struct contents c;

	(void)state;
	hash_bytes(big, BIG, hex);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		make(kinds[i].bits, &kinds[i], "hello");
		if (!unpack(scratch_path(&s, kinds[i].bits), &c))
			fail_msg("%s", err.text);
		assert_int_equal(c.of.n, 4);
		assert_int_equal(find(&c, LONG)->size, BIG);
		assert_string_equal(find(&c, LONG)->sha256, hex);
		assert_int_equal(find(&c, LONG)->mtime, 1767225600);
		assert_int_equal(find(&c, "SHORT.TXT")->size, 5);
		assert_int_equal(find(&c, "boot/empty")->size, 0);
		assert_string_equal(find(&c, "boot")->sha256, "");
		contents_release(&c);
	}
}

static void what_differs_is_named(void **state)
{
	struct comparison k;

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		unlink(scratch_path(&s, "one"));
		unlink(scratch_path(&s, "two"));
		make("one", &kinds[i], "hello, world");
		make("two", &kinds[i], "hello, World");
		assert_true(compare_files(&k, scratch_path(&s, "one"), scratch_path(&s, "two"),
			scratch_path(&s, "work"), &catalog, &err));
		assert_false(k.same);
		assert_true(k.of.n > 0);
		assert_string_equal(k.of.at[0].inside.at[0], "SHORT.TXT");
		assert_true(k.of.at[0].has_offset);
		assert_int_equal(k.of.at[0].offset, 7);
		comparison_release(&k);
	}
}

/* Corrupts the bytes of the header and the table one by one: unpacking finishes or is refused. */
static void broken_ones_come_to_an_end(void **state)
{
	const char *fat = scratch_path(&s, "one");
	struct contents c;
	int fd;

	(void)state;
	make("one", &kinds[0], "hello");
	fd = open(fat, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	for (off_t at = 11; at < 640; at += at < 40 ? 1 : at < 512 ? 37 : 5) {
		static const unsigned char values[] = {0, 0xff};
		unsigned char old;

		assert_int_equal(pread(fd, &old, 1, at), 1);
		for (size_t i = 0; i < sizeof values; i++) {
			assert_int_equal(pwrite(fd, &values[i], 1, at), 1);
			if (unpack(fat, &c))
				contents_release(&c);
		}
		assert_int_equal(pwrite(fd, &old, 1, at), 1);
	}
	close(fd);
	assert_true(unpack(fat, &c));
	contents_release(&c);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(everything_is_listed),
		CASE(what_differs_is_named),
		CASE(broken_ones_come_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
