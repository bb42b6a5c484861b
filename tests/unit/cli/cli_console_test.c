/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's output may move the cursor and colour text, but never changes the terminal's state or makes it answer. */
#include "base/text.h"
#include "cli/cli_console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Also byte by byte: sequences arrive in pieces. */
static void shows(const char *in, const char *expected)
{
	struct text whole = TEXT_INIT, pieces = TEXT_INIT;
	struct console_filter a = {0}, b = {0};

	console_filter(&a, in, strlen(in), &whole);
	for (const char *s = in; *s; s++)
		console_filter(&b, s, 1, &pieces);
	assert_string_equal(whole.s, expected);
	assert_string_equal(pieces.s, expected);
	text_release(&whole);
	text_release(&pieces);
}

static void test_passes(void **state)
{
	(void)state;
	shows("/ # ls\r\n\tbin\b\a", "/ # ls\r\n\tbin\b\a");
	shows("\033[1;31mred\033[0m\033[2J\033[10;5Hx\033[K",
		"\033[1;31mred\033[0m\033[2J\033[10;5Hx\033[K");
	shows("\033[?1049h\033[?25l", "\033[?1049h\033[?25l");
	shows("\0337\0338\033M", "\0337\0338\033M");
	shows("gr\303\274n", "gr\303\274n");
}

static void test_takes_out(void **state)
{
	(void)state;
	shows("a\033]0;title\ab", "ab");
	shows("a\033]52;c;ZXZpbA==\033\\b", "ab");
	shows("a\033P+q544e\033\\b", "ab");
	shows("a\033_x\033\\b\033^y\033\\c\033Xz\033\\d", "abcd");
	shows("a\033[6nb\033[cb\033[>cb\033[21tb", "abbbb");
	shows("a\033cb\033Zc", "abc");
	shows("a\005b\016c\017d\177e", "abcde");
	shows("a\033(0b\033)Bc", "abc");
}

static void test_unfinished(void **state)
{
	(void)state;
	shows("a\033]0;never ends", "a");
	shows("a\033[12\033[1mb", "a\033[1mb");
	shows("\033[11111111111111111111111111111111111111111111111111mx", "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_takes_out),
		cmocka_unit_test(test_unfinished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
