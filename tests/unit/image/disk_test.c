/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks in files: libfdisk and sgdisk read the table, the content is where the table says, the BIOS finds the loader, and the
 * same content gives the same disk. */
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "image/disk.h"
#include "proc/proc.h"
#include "scratch.h"
#include "step/action.h"

#include <endian.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIOS "21686148-6449-6E6F-744E-656564454649"
#define DATA "0FC63DAF-8483-4772-8E79-3D69D8477DE4"

enum { MIB = 1024 * 1024, IMAGE = 3000, BIG = 3 * MIB + 5 };

static struct scratch s;

/* A file of that many bytes, the nth of which is predictable; the middle is empty. */
static void make_file(const char *name, size_t len, unsigned seed)
{
	unsigned char *bytes = calloc(1, len);
	FILE *f = fopen(scratch_path(&s, name), "w");

	assert_non_null(f);
	for (size_t i = 0; i < len; i++)
		if (i < len / 3 || i >= len / 3 * 2)
			bytes[i] = (unsigned char)(i * 7 + seed);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fclose(f);
	free(bytes);
}

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	make_file("code", 512, 1);
	make_file("loader", IMAGE, 2);
	make_file("data", BIG, 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static void write_disk(const char *name, const char *seed)
{
	struct disk_partitions p = {0};
	struct error err;
	uint64_t size = 0;

	vec_push(&p, (struct disk_partition){
			     .type = BIOS, .name = "loader", .file = scratch_path(&s, "loader")});
	vec_push(&p, (struct disk_partition){
			     .type = DATA, .name = "data", .file = scratch_path(&s, "data")});
	if (!disk_write(scratch_path(&s, name), "gpt", seed, &p, &size, &err))
		fail_msg("%s", err.text);
	assert_int_equal(p.at[0].start, MIB);
	assert_int_equal(p.at[0].size, MIB);
	assert_int_equal(p.at[1].start, 2 * MIB);
	assert_int_equal(p.at[1].size, 4 * MIB);
	assert_int_equal(size, 7 * MIB);
	vec_release(&p);
}

static size_t read_at(const char *name, size_t at, unsigned char *bytes, size_t len)
{
	int fd = open(scratch_path(&s, name), O_RDONLY | O_CLOEXEC);
	ssize_t n = pread(fd, bytes, len, (off_t)at);

	close(fd);
	assert_true(n >= 0);
	return (size_t)n;
}

static void expect_content(const char *disk, size_t at, const char *file, size_t len)
{
	unsigned char *there = malloc(len), *wanted = malloc(len);

	assert_int_equal(read_at(disk, at, there, len), len);
	assert_int_equal(read_at(file, 0, wanted, len), len);
	assert_memory_equal(there, wanted, len);
	free(there);
	free(wanted);
}

static void the_content_is_in_its_place(void **state)
{
	unsigned char head[MIB];
	struct stat st;

	(void)state;
	write_disk("disk", "seed");
	expect_content("disk", MIB, "loader", IMAGE);
	expect_content("disk", 2 * MIB, "data", BIG);
	/* the protective table and the header of the real one */
	read_at("disk", 0, head, sizeof head);
	assert_int_equal(head[510], 0x55);
	assert_int_equal(head[511], 0xaa);
	assert_int_equal(head[0x1c2], 0xee);
	assert_memory_equal(head + 512, "EFI PART", 8);
	/* what is empty takes no space */
	assert_int_equal(stat(scratch_path(&s, "disk"), &st), 0);
	assert_true(st.st_blocks * 512 < 2 * BIG / 3 + MIB / 4);
}

static void the_fields_own_tool_finds_no_fault(void **state)
{
	const char *argv[] = {"sgdisk", "-v", "-p", scratch_path(&s, "disk"), NULL};
	struct text out = TEXT_INIT;
	struct error err;
	int status = 0;

	(void)state;
	if (!proc_find("sgdisk", NULL, &out))
		skip();
	text_clear(&out);
	write_disk("disk", "seed");
	assert_true(proc_capture(argv, NULL, NULL, 1 << 16, &out, &status, &err));
	if (!strstr(out.s, "No problems found") || status != 0)
		fail_msg("%s", out.s);
	assert_non_null(strstr(out.s, "EF02  loader"));
	assert_non_null(strstr(out.s, "8300  data"));
	text_release(&out);
}

static void twice_the_same_bytes(void **state)
{
	char first[HASH_HEX], second[HASH_HEX], other[HASH_HEX];
	struct error err;

	(void)state;
	write_disk("one", "seed");
	write_disk("two", "seed");
	write_disk("other", "another seed");
	assert_true(hash_file(scratch_path(&s, "one"), first, &err));
	assert_true(hash_file(scratch_path(&s, "two"), second, &err));
	assert_true(hash_file(scratch_path(&s, "other"), other, &err));
	assert_string_equal(first, second);
	assert_string_not_equal(first, other); /* two systems in one machine can be told apart */
}

static uint64_t number_at(const char *name, size_t at)
{
	uint64_t n;

	assert_int_equal(read_at(name, at, (unsigned char *)&n, sizeof n), sizeof n);
	return le64toh(n);
}

static void the_bios_finds_the_loader(void **state)
{
	unsigned char bytes[512], code[512], table[512];
	struct error err;

	(void)state;
	write_disk("disk", "seed");
	read_at("disk", 0, table, sizeof table);
	assert_true(
		disk_make_bootable(scratch_path(&s, "disk"), scratch_path(&s, "code"), MIB, &err));
	assert_int_equal(number_at("disk", 0x5c), 2048);
	assert_int_equal(number_at("disk", MIB + 0x1f4), 2049);
	read_at("disk", 0, bytes, sizeof bytes);
	read_at("code", 0, code, sizeof code);
	assert_memory_equal(bytes, code, 0x5c);
	assert_int_equal(bytes[0x66], 0x90);
	assert_int_equal(bytes[0x67], 0x90);
	assert_memory_equal(bytes + 0x68, code + 0x68, 440 - 0x68);
	assert_memory_equal(bytes + 440, table + 440, 512 - 440); /* the table is as it was */
	assert_false(disk_make_bootable(scratch_path(&s, "disk"), "/nowhere/code", MIB, &err));
	assert_non_null(strstr(err.text, "/nowhere/code"));
}

/* The older table: four partitions, the loader in the gap, the first one active. */
static void an_older_table(void **state)
{
	struct disk_partitions p = {0};
	unsigned char sector[512], code[512];
	struct error err;
	uint64_t size;

	(void)state;
	for (int i = 0; i < 2; i++)
		vec_push(&p, (struct disk_partition){.type = i ? "83" : "ef",
				     .name = "x",
				     .file = scratch_path(&s, "data")});
	if (!disk_write(scratch_path(&s, "disk"), "dos", "seed", &p, &size, &err) ||
		!disk_fill_gap(scratch_path(&s, "disk"), scratch_path(&s, "loader"), &err) ||
		!disk_make_bootable(
			scratch_path(&s, "disk"), scratch_path(&s, "code"), DISK_GAP, &err))
		fail_msg("%s", err.text);
	assert_int_equal(p.at[1].start, 5 * MIB);
	read_at("disk", 0, sector, sizeof sector);
	read_at("code", 0, code, sizeof code);
	assert_memory_equal(sector, code, 0x5c);
	assert_int_equal(number_at("disk", 0x5c), 1);
	assert_int_equal(number_at("disk", 512 + 0x1f4), 2);
	assert_int_equal(sector[446], 0x80);
	assert_int_equal(sector[446 + 4], 0xef);
	assert_int_equal(sector[462], 0);
	assert_int_equal(sector[462 + 4], 0x83);
	assert_int_equal(sector[462 + 8] | sector[462 + 9] << 8, 5 * MIB / 512);
	assert_int_equal(sector[478 + 4], 0);
	expect_content("disk", MIB, "data", BIG);
	expect_content("disk", 5 * MIB, "data", BIG);
	assert_false(disk_fill_gap(scratch_path(&s, "disk"), scratch_path(&s, "data"), &err));
	assert_non_null(strstr(err.text, "too large"));
	for (int i = 0; i < 3; i++)
		vec_push(&p, p.at[0]);
	assert_false(disk_write(scratch_path(&s, "disk"), "dos", "seed", &p, &size, &err));
	assert_non_null(strstr(err.text, "partition-table = gpt"));
	vec_release(&p);
}

static void what_is_wrong_is_named(void **state)
{
	struct disk_partitions p = {0};
	struct strings args = {0};
	struct unit unit = {.name = "disk", .key = "key"};
	struct step step = {.id = "disk.write", .unit = &unit};
	struct action_context c = {.step = &step, .progress_fd = -1};
	struct error err;
	uint64_t size;

	(void)state;
	vec_push(&p, (struct disk_partition){.type = DATA, .name = "x", .file = "/nowhere/file"});
	assert_false(disk_write(scratch_path(&s, "bad"), "gpt", "seed", &p, &size, &err));
	assert_non_null(strstr(err.text, "/nowhere/file"));
	p.at[0].file = scratch_path(&s, "data");
	p.at[0].type = "no type";
	assert_false(disk_write(scratch_path(&s, "bad"), "gpt", "seed", &p, &size, &err));
	assert_non_null(strstr(err.text, "bad: x cannot be written"));
	vec_release(&p);
	vec_push(&args, scratch_path(&s, "bad"));
	vec_push(&args, "gpt");
	vec_push(&args, "-");
	vec_push(&args, "-");
	vec_push(&args, DATA);
	vec_push(&args, "x");
	assert_false(action_disk(&c, &args, &err));
	assert_non_null(strstr(err.text, "TYPE NAME FILE"));
	vec_push(&args, scratch_path(&s, "data"));
	assert_true(action_disk(&c, &args, &err));
	vec_release(&args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_content_is_in_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_fields_own_tool_finds_no_fault, set_up, tear_down),
		cmocka_unit_test_setup_teardown(twice_the_same_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_bios_finds_the_loader, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_older_table, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_named, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
