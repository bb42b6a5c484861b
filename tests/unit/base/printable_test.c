/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter in front of every terminal: whatever goes in, no control sequence comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/printable.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void check(const char *in, size_t len, const char *expected)
{
	struct text out = TEXT_INIT;

	printable(&out, in, len);
	assert_string_equal(out.s, expected);
	text_release(&out);
}

#define CHECK(in, expected) check(in, sizeof(in) - 1, expected)

static void sequences_are_dropped(void **state)
{
	(void)state;
	CHECK("plain text", "plain text");
	CHECK("\033[31mred\033[0m", "red");
	CHECK("\033]0;title\aafter", "after");
	CHECK("\033]52;c;aGk=\033\\after", "after");
	CHECK("\033Pq#0\033\\after", "after");
	CHECK("\033c\033[?7l\033[2Jbooting", "booting");
	CHECK("\033[6n\033[>c", "");
	CHECK("\033(Bx\033=y", "xy");
	CHECK("\033[1;2", "");
	CHECK("end\033", "end");
}

static void controls_are_shown(void **state)
{
	(void)state;
	CHECK("a\tb", "a       b");
	CHECK("bell\a", "bell^G");
	CHECK("a\177", "a^?");
	CHECK("a\rb", "ab");
	CHECK("back\b\b", "back^H^H");
	CHECK("\x9b"
	      "31m",
		"\xef\xbf\xbd"
		"31m");
	CHECK("\xc2\x9b"
	      "31m",
		"\xef\xbf\xbd"
		"31m");
	CHECK("a\xff\xfe", "a\xef\xbf\xbd\xef\xbf\xbd");
	CHECK("\xe2\x80\xae"
	      "evil",
		"<U+202E>evil");
	CHECK("\xc3\xa4\xe4\xb8\xad", "\xc3\xa4\xe4\xb8\xad");
}

static void unterminated_string_does_not_eat_everything(void **state)
{
	size_t len = 10000;
	char *in = malloc(len);
	struct text out = TEXT_INIT;

	(void)state;
	memset(in, 'x', len);
	memcpy(in, "\033]0;", 4);
	printable(&out, in, len);
	assert_true(out.len > 5000);
	text_release(&out);
	free(in);
}

static void random_bytes_never_get_through(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char in[200];
		struct text out = TEXT_INIT;

		for (size_t i = 0; i < sizeof in; i++) {
			seed = seed * 1103515245 + 12345;
			in[i] = (seed >> 16) % 5 ? (char)(seed >> 20)
						 : "\033[]P\\;m\a"[(seed >> 20) % 8];
		}
		printable(&out, in, sizeof in);
		for (size_t i = 0; i < out.len; i++) {
			unsigned char c = (unsigned char)out.s[i];

			assert_true(c >= 0x20 && c != 0x7f);
			assert_false(
				c == 0xc2 && i + 1 < out.len && (unsigned char)out.s[i + 1] < 0xa0);
		}
		text_release(&out);
	}
}

static void test_is_utf8(void **state)
{
	static const char *const good[] = {"", "plain", "caf\xc3\xa9", "\xf0\x9f\x90\xa7"};
	static const char *const bad[] = {
		"caf\xe9", "\xe9t\xe9", "\xc3", "a\xc0\xaf", "\xed\xa0\x80"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(is_utf8(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(is_utf8(bad[i], strlen(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_are_dropped),
		cmocka_unit_test(controls_are_shown),
		cmocka_unit_test(unterminated_string_does_not_eat_everything),
		cmocka_unit_test(random_bytes_never_get_through),
		cmocka_unit_test(test_is_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
