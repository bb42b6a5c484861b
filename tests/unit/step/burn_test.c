/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an image to a device: all bytes, also the empty ones; a device that does not keep them is noticed. */
#include "step/burn.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1024 * 1024, IMAGE = 5 * MIB + 512, DEVICE = 9 * MIB };

static struct scratch s;

/* Sparse: of an image that is mostly empty only the bytes at the marks are there. */
static void make_image(size_t size)
{
	int fd = open(scratch_path(&s, "image"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(pwrite(fd, "first", 5, 0), 5);
	assert_int_equal(pwrite(fd, "last", 4, (off_t)size - 4), 4);
	close(fd);
}

static void make_device(size_t size)
{
	char *bytes = malloc(size);
	int fd = open(scratch_path(&s, "device"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	memset(bytes, 'x', size);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
	free(bytes);
}

static char *device_bytes(size_t size)
{
	char *bytes = malloc(size);
	int fd = open(scratch_path(&s, "device"), O_RDONLY | O_CLOEXEC);

	assert_int_equal(read(fd, bytes, size), size);
	close(fd);
	return bytes;
}

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

struct heard {
	uint64_t done, total;
	size_t times;
};

static void hear(void *ctx, uint64_t done, uint64_t total)
{
	struct heard *h = ctx;

	assert_true(done > h->done && done <= total);
	*h = (struct heard){done, total, h->times + 1};
}

static void act(bool (*what)(struct burn *, struct error *), bool ok, const char *sentence)
{
	struct heard heard = {0};
	struct burn b = {.tell = hear, .ctx = &heard};
	struct error err = {0};

	assert_true(burn_open(&b, scratch_path(&s, "image"), scratch_path(&s, "device"), &err));
	assert_int_equal(what(&b, &err), ok);
	burn_close(&b);
	if (!ok)
		assert_non_null(strstr(err.text, sentence));
	else
		assert_int_equal(heard.done, heard.total);
	assert_int_not_equal(heard.times + !ok, 0);
}

static bool is_zero(const char *bytes, size_t len)
{
	while (len && !bytes[len - 1])
		len--;
	return !len;
}

static void empty_places_are_written_too(void **state)
{
	char *bytes;

	(void)state;
	make_image(IMAGE);
	make_device(DEVICE);
	act(burn_write, true, NULL);
	bytes = device_bytes(DEVICE);
	assert_memory_equal(bytes, "first", 5);
	assert_true(is_zero(bytes + 5, IMAGE - 9));
	assert_memory_equal(bytes + IMAGE - 4, "last", 4);
	/* the end, where an older table has its backup; everything in between is untouched */
	assert_true(is_zero(bytes + DEVICE - MIB, MIB));
	assert_int_equal(bytes[IMAGE], 'x');
	assert_int_equal(bytes[DEVICE - MIB - 1], 'x');
	free(bytes);
	act(burn_compare, true, NULL);
}

static void an_image_may_fill_the_device(void **state)
{
	(void)state;
	make_image(IMAGE);
	make_device(IMAGE);
	act(burn_write, true, NULL);
	act(burn_compare, true, NULL);
}

static void spoil(off_t at)
{
	int fd = open(scratch_path(&s, "device"), O_WRONLY | O_CLOEXEC);

	assert_int_equal(pwrite(fd, "\xa5", 1, at), 1);
	close(fd);
}

static void other_bytes_are_seen(void **state)
{
	static const struct {
		off_t at;
		const char *sentence;
	} cases[] = {
		{0, "byte 0 was written as 66 and is read as a5"},
		{3 * MIB + 77, "byte 3145805 was written as 00 and is read as a5"},
		{IMAGE - 1, "byte 5243391 was written as 74 and is read as a5"},
		{DEVICE - 1, "byte 9437183 was written as 00 and is read as a5"},
	};

	(void)state;
	make_image(IMAGE);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make_device(DEVICE);
		act(burn_write, true, NULL);
		spoil(cases[i].at);
		act(burn_compare, false, cases[i].sentence);
	}
}

static void refuse(
	const char *image, const char *device, enum error_kind kind, const char *sentence)
{
	struct burn b = {0};
	struct error err = {0};

	assert_false(burn_open(&b, image, device, &err));
	burn_close(&b);
	if (kind)
		assert_int_equal(err.kind, kind);
	assert_non_null(strstr(err.text, sentence));
}

static void what_cannot_be_is_refused(void **state)
{
	const char *link = scratch_path(&s, "link");

	(void)state;
	make_image(IMAGE);
	make_device(IMAGE - 512);
	refuse(scratch_path(&s, "image"), scratch_path(&s, "device"), ERROR_HOST,
		"has 5242880 bytes, which is too small for");
	refuse(scratch_path(&s, "nothing"), scratch_path(&s, "device"), 0, "cannot be read");
	refuse(scratch_path(&s, "image"), scratch_path(&s, "nothing"), 0, "cannot be written");
	assert_int_equal(symlink(scratch_path(&s, "device"), link), 0);
	refuse(scratch_path(&s, "image"), link, 0, "cannot be written");
}

/* A device that disappears midway: here a file that became shorter. */
static void an_end_in_the_middle_is_told(void **state)
{
	struct burn b = {0};
	struct error err = {0};

	(void)state;
	make_image(IMAGE);
	make_device(DEVICE);
	assert_true(burn_open(&b, scratch_path(&s, "image"), scratch_path(&s, "device"), &err));
	assert_true(burn_write(&b, &err));
	assert_int_equal(truncate(scratch_path(&s, "device"), 2 * MIB), 0);
	assert_false(burn_compare(&b, &err));
	assert_non_null(strstr(err.text, "cannot be read back at byte 2097152"));
	burn_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty_places_are_written_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_image_may_fill_the_device, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_bytes_are_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_end_in_the_middle_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
