/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small image must not keep us busy for ever: a folder in itself, a file of holes, one byte again and again, compressed. */
#include "base/compress.h"
#include "base/little.h"
#include "base/place.h"
#include "base/text.h"
#include "contents/contents.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

/* An ext4 of 1 KiB blocks with the files a (inode 12) and d, a folder (inode 14). */
#define IMAGE "tests/fuzz/corpus/contents_ext4_fuzz/small"
enum { FILE_A = 12, FOLDER_D = 14, ROOT = 2, MIB = 80 };

static struct scratch s;
static struct text image;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	image = (struct text)TEXT_INIT;
	if (!text_read_file(&image, IMAGE, 1 << 20, &err))
		fail_msg("%s", err.text);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	text_release(&image);
	scratch_remove(&s);
	return 0;
}

static unsigned char *at(size_t offset)
{
	return (unsigned char *)image.s + offset;
}

static unsigned char *inode(unsigned number)
{
	size_t table = little_get_32(at(2048 + 8)), size = little_get_16(at(1024 + 88));

	return at(table * 1024 + (number - 1) * size);
}

static void is_refused(const char *words)
{
	const char *path = scratch_path(&s, "image");
	struct contents c;

	assert_true(place_write_file(path, image.s, image.len, &err));
	assert_false(contents_list(&c, path, CONTENTS_EXT4, &err));
	if (!strstr(err.text, words))
		fail_msg("%s: not '%s'", err.text, words);
}

static void a_folder_is_in_no_other_twice(void **state)
{
	static const unsigned char entry[] = {FOLDER_D, 0, 0, 0};
	unsigned char *name = NULL;

	(void)state;
	for (size_t i = 0; !name && i + 9 < image.len; i += 4)
		if (memcmp(at(i), entry, 4) == 0 && memcmp(at(i + 6), "\1\2d", 3) == 0)
			name = at(i);
	assert_non_null(name);
	*name = ROOT;
	is_refused("there twice");
}

static void no_file_is_larger_than_its_image(void **state)
{
	(void)state;
	little_put_32(inode(FILE_A) + 4, 0x7fffffff);
	is_refused("a is larger than its file system");
	little_put_16(inode(FILE_A), 0); /* of no kind at all */
	is_refused("a is larger than its file system");
}

static void little_that_becomes_much_is_refused(void **state)
{
	const char *path = scratch_path(&s, "much.zst"), *to = scratch_path(&s, "much");
	static char same[1 << 20];
	struct compress *z = NULL;
	struct contents c;
	uint64_t size;

	(void)state;
	memset(same, 'x', sizeof same);
	assert_true(compress_open(&z, path, "zstd", sizeof same, &err));
	for (int i = 0; i < MIB; i++)
		assert_true(compress_write(z, same, sizeof same, &err));
	assert_true(compress_finish(z, &size, &err));
	compress_free(z);
	if (size >= 1 << 14)
		fail_msg("%llu", (unsigned long long)size);
	assert_int_equal(contents_kind(path), CONTENTS_ARCHIVE);
	assert_false(contents_list(&c, path, CONTENTS_ARCHIVE, &err));
	assert_non_null(strstr(err.text, "times its own bytes"));
	assert_false(contents_extract(path, CONTENTS_ARCHIVE, 0, to, &err));
	assert_non_null(strstr(err.text, "times its own bytes"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_folder_is_in_no_other_twice),
		CASE(no_file_is_larger_than_its_image),
		CASE(little_that_becomes_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
