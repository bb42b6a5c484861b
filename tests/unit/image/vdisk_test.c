/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual machines' disk formats: once settled, two files that qemu-img made from one disk are identical, still contain that
 * disk, and pass its check; any other file is refused. */
#include "base/hash.h"
#include "base/text.h"
#include "image/vdisk.h"
#include "proc/proc.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

enum { MIB = 1024 * 1024 };

static struct scratch s;
static const char *const formats[] = {"vmdk", "vdi", "vhdx"};

static int set_up(void **state)
{
	FILE *f;

	(void)state;
	scratch_make(&s);
	f = fopen(scratch_path(&s, "raw"), "w");
	assert_non_null(f);
	for (int i = 0; i < 9 * MIB; i += 4096)
		fprintf(f, "%04095d\n", i % (3 * MIB) ? 0 : i);
	assert_int_equal(fclose(f), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static void run_well(const char *const argv[])
{
	struct text out = TEXT_INIT;
	struct error err;
	int status = -1;

	assert_true(proc_capture(argv, NULL, NULL, 1 << 16, &out, &status, &err));
	if (status != 0)
		fail_msg("%s %s: %s", argv[0], argv[1], out.s ? out.s : "");
	text_release(&out);
}

static bool is_missing(void)
{
	struct text path = TEXT_INIT;
	bool found = proc_find("qemu-img", NULL, &path);

	text_release(&path);
	return !found;
}

static void hash_of(const char *name, char hex[HASH_HEX])
{
	struct error err;

	if (!hash_file(scratch_path(&s, name), hex, &err))
		fail_msg("%s", err.text);
}

static void make(const char *format, const char *name, const char *seed)
{
	const char *argv[] = {"qemu-img", "convert", "-f", "raw", "-O", format,
		scratch_path(&s, "raw"), scratch_path(&s, name), NULL};
	struct error err;

	run_well(argv);
	if (!vdisk_settle(scratch_path(&s, name), format, seed, &err))
		fail_msg("%s", err.text);
}

static void twice_the_same_bytes(void **state)
{
	char first[HASH_HEX], second[HASH_HEX], other[HASH_HEX];

	(void)state;
	if (is_missing())
		skip();
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		/* one name, because VMware's format stores it in the file */
		make(formats[i], "disk", "seed");
		hash_of("disk", first);
		make(formats[i], "disk", "seed");
		hash_of("disk", second);
		assert_string_equal(first, second);
		make(formats[i], "disk", "another seed");
		hash_of("disk", other);
		assert_string_not_equal(first, other);
	}
}

/* qemu-img writes the number without zeros in front: one in sixteen is shorter. */
static void a_number_of_any_length(void **state)
{
	static const char *const numbers[] = {"12345678", "1", "fffffff"};
	unsigned char first[1024], second[1024];
	struct error err;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		unsigned char bytes[1024] = "KDMV";
		FILE *f;

		snprintf((char *)bytes + 512, 500, "version=1\nCID=%s\nparentCID=ffffffff\n",
			numbers[i]);
		f = fopen(scratch_path(&s, "disk"), "w");
		assert_int_equal(fwrite(bytes, 1, sizeof bytes, f), sizeof bytes);
		fclose(f);
		if (!vdisk_settle(scratch_path(&s, "disk"), "vmdk", "seed", &err))
			fail_msg("%s", err.text);
		f = fopen(scratch_path(&s, "disk"), "r");
		assert_int_equal(fread(i ? second : first, 1, sizeof first, f), sizeof first);
		fclose(f);
		if (i)
			assert_memory_equal(first, second, sizeof first);
	}
	assert_non_null(strstr((char *)first + 512, "\nparentCID=ffffffff\n"));
}

static void it_is_the_disk_that_it_was(void **state)
{
	(void)state;
	if (is_missing())
		skip();
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		make(formats[i], "disk", "seed");
		run_well((const char *[]){"qemu-img", "compare", "-q", "-f", "raw", "-F",
			formats[i], scratch_path(&s, "raw"), scratch_path(&s, "disk"), NULL});
		if (strcmp(formats[i], "vmdk") != 0) /* qemu-img cannot check that */
			run_well((const char *[]){"qemu-img", "check", "-q", "-f", formats[i],
				scratch_path(&s, "disk"), NULL});
	}
}

static void what_is_no_such_disk_is_refused(void **state)
{
	char before[HASH_HEX], after[HASH_HEX];
	struct error err;

	(void)state;
	hash_of("raw", before);
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		assert_false(vdisk_settle(scratch_path(&s, "raw"), formats[i], "seed", &err));
		assert_non_null(strstr(err.text, "is no disk of the format"));
	}
	assert_false(vdisk_settle(scratch_path(&s, "raw"), "tape", "seed", &err));
	assert_non_null(strstr(err.text, "'tape'"));
	assert_false(vdisk_settle(scratch_path(&s, "none"), "vdi", "seed", &err));
	scratch_write(&s, "short", "KDMV\nCID=12");
	assert_false(vdisk_settle(scratch_path(&s, "short"), "vmdk", "seed", &err));
	assert_false(vdisk_settle(scratch_path(&s, "short"), "vhdx", "seed", &err));
	assert_non_null(strstr(err.text, "too short"));
	hash_of("raw", after);
	assert_string_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(twice_the_same_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_number_of_any_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_is_the_disk_that_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_such_disk_is_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
