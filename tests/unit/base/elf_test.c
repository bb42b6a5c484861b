/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs need, read from their headers: both layouts, both byte orders, and files that lie. */
#include "base/arena.h"
#include "base/elf.h"
#include "base/text.h"
#include "base/vec.h"
#include "elf_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const char *const two[] = {"libm.so.6", "libc.so.6", NULL};

static void needs_are_read(void **state)
{
	static const struct elf_made kinds[] = {
		{64, false, 62, "/lib64/ld-linux-x86-64.so.2", two},
		{32, false, 3, "/lib/ld-linux.so.2", two},
		{64, true, 22, "/lib/ld64.so.1", two},
		{32, true, 8, "/lib/ld.so.1", two},
	};
	struct arena arena = ARENA_INIT;
	struct text file = TEXT_INIT;
	struct error err;
	struct elf e;

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		elf_make(&file, &kinds[i]);
		assert_true(elf_is(file.s, file.len));
		assert_true(elf_read(&e, file.s, file.len, &arena, &err));
		assert_int_equal(e.bits, kinds[i].bits);
		assert_int_equal(e.machine, kinds[i].machine);
		assert_string_equal(e.loader, kinds[i].loader);
		assert_int_equal(e.needed.n, 2);
		assert_string_equal(e.needed.at[0], "libm.so.6");
		assert_string_equal(e.needed.at[1], "libc.so.6");
	}
	text_release(&file);
	arena_release(&arena);
}

static void static_programs_need_nothing(void **state)
{
	struct elf_made made = {.bits = 64, .machine = 62};
	struct arena arena = ARENA_INIT;
	struct text file = TEXT_INIT;
	struct error err;
	struct elf e;

	(void)state;
	elf_make(&file, &made);
	assert_true(elf_read(&e, file.s, file.len, &arena, &err));
	assert_null(e.loader);
	assert_int_equal(e.needed.n, 0);
	file.s[56] = 0; /* an object file has no segments */
	assert_true(elf_read(&e, file.s, file.len, &arena, &err));
	assert_false(elf_is("#!/bin/sh\n", 10));
	assert_false(elf_is("\177EL", 3));
	text_release(&file);
	arena_release(&arena);
}

/* Truncated anywhere, or with any one byte inverted, a file is read or refused, and never read beyond its end (asan sees
 * that). */
static void damage_is_survived(void **state)
{
	struct elf_made made = {64, false, 62, "/lib64/ld-linux-x86-64.so.2", two};
	struct arena arena = ARENA_INIT;
	struct text file = TEXT_INIT;
	size_t refused = 0;
	struct error err;
	struct elf e;

	(void)state;
	for (unsigned bits = 32; bits <= 64; bits += 32) {
		made.bits = bits;
		elf_make(&file, &made);
		for (size_t len = 4; len < file.len; len++) {
			char *exact = xmalloc(len);

			memcpy(exact, file.s, len);
			assert_false(elf_read(&e, exact, len, &arena, &err));
			free(exact);
		}
		for (size_t i = 4; i < file.len; i++) {
			file.s[i] = (char)~file.s[i];
			refused += !elf_read(&e, file.s, file.len, &arena, &err);
			file.s[i] = (char)~file.s[i];
		}
	}
	assert_true(refused > 20);
	text_release(&file);
	arena_release(&arena);
}

static void bad_names_are_refused(void **state)
{
	static const char *const escape[] = {"lib\033[2J.so", NULL};
	struct elf_made made = {64, false, 62, NULL, escape};
	struct arena arena = ARENA_INIT;
	struct text file = TEXT_INIT;
	struct error err;
	struct elf e;

	(void)state;
	elf_make(&file, &made);
	assert_false(elf_read(&e, file.s, file.len, &arena, &err));
	assert_non_null(strstr(err.text, "names a library"));
	made.needed = NULL;
	made.loader = "";
	elf_make(&file, &made);
	assert_false(elf_read(&e, file.s, file.len, &arena, &err));
	assert_non_null(strstr(err.text, "loader"));
	text_release(&file);
	arena_release(&arena);
}

static void sections_are_found(void **state)
{
	struct elf_made made = {.needed = two};
	struct text file = TEXT_INIT;
	struct error err;
	const char *at;
	size_t size;

	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		made.bits = kind & 1 ? 32 : 64;
		made.big = kind & 2;
		elf_make_section(&file, &made, ".modinfo", "a=1\0b=2", 8);
		assert_true(elf_section(file.s, file.len, ".modinfo", &at, &size, &err));
		assert_int_equal(size, 8);
		assert_memory_equal(at, "a=1\0b=2", 8);
		assert_true(elf_section(file.s, file.len, ".mod", &at, &size, &err));
		assert_null(at);
	}
	elf_make(&file, &made);
	assert_true(elf_section(file.s, file.len, ".modinfo", &at, &size, &err));
	assert_null(at);
	text_release(&file);
}

/* The output is inside the input. */
static void damaged_sections_are_survived(void **state)
{
	struct elf_made made = {.machine = 62};
	struct text file = TEXT_INIT;
	size_t refused = 0, size;
	struct error err;
	const char *at;

	(void)state;
	for (unsigned bits = 32; bits <= 64; bits += 32) {
		made.bits = bits;
		elf_make_section(&file, &made, ".modinfo", "a=1", 4);
		for (size_t len = 4; len < file.len; len++) {
			char *exact = xmalloc(len);

			memcpy(exact, file.s, len);
			assert_false(elf_section(exact, len, ".modinfo", &at, &size, &err));
			free(exact);
		}
		for (size_t i = 4; i < file.len; i++) {
			file.s[i] = (char)~file.s[i];
			if (!elf_section(file.s, file.len, ".modinfo", &at, &size, &err))
				refused++;
			else if (at)
				assert_true(at >= file.s && size <= file.len &&
					    (size_t)(at - file.s) <= file.len - size);
			file.s[i] = (char)~file.s[i];
		}
	}
	assert_true(refused > 20);
	text_release(&file);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(needs_are_read),
		cmocka_unit_test(static_programs_need_nothing),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(sections_are_found),
		cmocka_unit_test(damaged_sections_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
