/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections for EFI programs: existing ones stay, added ones are where their headers say and do not overlap in memory; other
 * files, or a stub without room, are refused. */
#include "base/vec.h"
#include "image/pe.h"
#include "scratch.h"
#include "step/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEADERS = 1024,
	SIZE = 2048,
	AT = 128,
	OPTIONAL = AT + 24,
	SECTIONS = OPTIONAL + 240,
	STEP = 40
};

static struct scratch s;
static unsigned char stub[SIZE], made[64 * 1024];

static void put(unsigned at, uint32_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		stub[at + (unsigned)i] = (unsigned char)(n >> 8 * i);
}

static uint32_t get(unsigned at)
{
	return made[at] | (uint32_t)made[at + 1] << 8 | (uint32_t)made[at + 2] << 16 |
	       (uint32_t)made[at + 3] << 24;
}

static void write_stub(void)
{
	FILE *f = fopen(scratch_path(&s, "stub"), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(stub, 1, sizeof stub, f), sizeof stub);
	fclose(f);
}

/* One section of 300 bytes that is loaded at 0x3000 and takes 5000 bytes there. */
static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	for (unsigned i = HEADERS; i < SIZE; i++)
		stub[i] = (unsigned char)(i * 3);
	memset(stub, 0, HEADERS);
	put(0, 0x5a4d, 2);
	put(0x3c, AT, 4);
	put(AT, 0x4550, 4);
	put(AT + 6, 1, 2);
	put(AT + 20, 240, 2);
	put(OPTIONAL, 0x20b, 2);
	put(OPTIONAL + 8, 1000, 4);
	put(OPTIONAL + 32, 4096, 4);
	put(OPTIONAL + 36, 512, 4);
	put(OPTIONAL + 56, 0x5000, 4);
	put(OPTIONAL + 60, HEADERS, 4);
	put(OPTIONAL + 64, 77, 4);
	memcpy(stub + SECTIONS, ".text", 5);
	put(SECTIONS + 8, 5000, 4);
	put(SECTIONS + 12, 0x3000, 4);
	put(SECTIONS + 16, 512, 4);
	put(SECTIONS + 20, HEADERS, 4);
	write_stub();
	scratch_write(&s, "words", "quiet");
	scratch_write(&s, "none", "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static bool append(const struct pe_section *sections, size_t n, struct error *err)
{
	struct pe_sections list = {0};
	bool ok;

	for (size_t i = 0; i < n; i++)
		vec_push(&list, sections[i]);
	ok = pe_append(scratch_path(&s, "made"), scratch_path(&s, "stub"), &list, err);
	vec_release(&list);
	return ok;
}

static void sections_are_where_their_headers_say(void **state)
{
	const struct pe_section two[] = {
		{".cmdline", scratch_path(&s, "words")}, {".linux", scratch_path(&s, "stub")}};
	struct error err;
	size_t len;
	FILE *f;

	(void)state;
	if (!append(two, 2, &err))
		fail_msg("%s", err.text);
	f = fopen(scratch_path(&s, "made"), "r");
	len = fread(made, 1, sizeof made, f);
	fclose(f);
	assert_int_equal(len, SIZE + 512 + SIZE);
	assert_memory_equal(made + HEADERS, stub + HEADERS, SIZE - HEADERS);
	assert_int_equal(get(AT + 6) & 0xffff, 3);
	assert_int_equal(get(OPTIONAL + 8), 1000 + 512 + SIZE);
	assert_int_equal(get(OPTIONAL + 64), 0);
	/* 0x3000 + 5000 rounded up to a page, then one page on */
	assert_memory_equal(made + SECTIONS + STEP, ".cmdline", 8);
	assert_int_equal(get(SECTIONS + STEP + 8), 5);
	assert_int_equal(get(SECTIONS + STEP + 12), 0x5000);
	assert_int_equal(get(SECTIONS + STEP + 16), 512);
	assert_int_equal(get(SECTIONS + STEP + 20), SIZE);
	assert_memory_equal(made + SIZE, "quiet\0", 6);
	assert_memory_equal(made + SECTIONS + 2 * STEP, ".linux\0", 8);
	assert_int_equal(get(SECTIONS + 2 * STEP + 12), 0x6000);
	assert_int_equal(get(SECTIONS + 2 * STEP + 20), SIZE + 512);
	assert_memory_equal(made + SIZE + 512, stub, SIZE);
	assert_int_equal(get(OPTIONAL + 56), 0x7000);
}

static void refused(const char *word, const char *name)
{
	const struct pe_section one[] = {{name, scratch_path(&s, "words")}};
	struct error err;

	write_stub();
	assert_false(append(one, 1, &err));
	if (!strstr(err.text, word))
		fail_msg("%s: not '%s'", err.text, word);
	assert_false(scratch_has(&s, "made"));
}

static void what_is_no_such_program_is_refused(void **state)
{
	const struct pe_section none[] = {{".linux", "/nowhere/kernel"}};
	struct error err;

	(void)state;
	refused("of the same name", ".text");
	refused("longer than 8 bytes", ".linux.kernel");
	assert_false(append(none, 1, &err));
	assert_non_null(strstr(err.text, "/nowhere/kernel"));
	put(OPTIONAL + 60, SECTIONS + STEP + STEP / 2, 4);
	refused("no room", ".linux");
	put(OPTIONAL + 60, SIZE + 1, 4); /* its headers end behind it, and so would ours */
	refused("damaged", ".linux");
	put(OPTIONAL + 60, HEADERS, 4);
	put(AT + 6, 0xffff, 2);
	refused("damaged", ".linux");
	put(AT + 6, 1, 2);
	put(OPTIONAL + 36, 0, 4);
	refused("damaged", ".linux");
	put(OPTIONAL + 36, 128 * 1024, 4); /* would be filled up with zeros for each section */
	refused("damaged", ".linux");
	put(OPTIONAL + 36, 512, 4);
	put(OPTIONAL + 32, 3, 4);
	refused("damaged", ".linux");
	put(0x3c, SIZE - 20, 4);
	refused("header is missing", ".linux");
	put(0x3c, 0xfffffff0, 4);
	refused("header is missing", ".linux");
	memset(stub, 'x', sizeof stub);
	refused("header is missing", ".linux");
}

static void the_action_takes_pairs(void **state)
{
	const char *const words[] = {scratch_path(&s, "made"), scratch_path(&s, "stub"), ".osrel",
		scratch_path(&s, "none"), ".linux", scratch_path(&s, "words")};
	struct action_context c = {.progress_fd = -1};
	struct strings args = {0};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		vec_push(&args, words[i]);
	if (!action_pe(&c, &args, &err))
		fail_msg("%s", err.text);
	args.n--;
	assert_false(action_pe(&c, &args, &err));
	assert_non_null(strstr(err.text, "NAME CONTENT"));
	vec_release(&args);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			sections_are_where_their_headers_say, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_such_program_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_action_takes_pairs, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
