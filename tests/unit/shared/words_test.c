/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durations and amounts in words: all forms round the same way. */
#include "base/text.h"
#include "shared/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void times_are(double seconds, const char *words, const char *brief, const char *clock)
{
	struct text out = TEXT_INIT;

	words_seconds(&out, seconds);
	assert_string_equal(out.s, words);
	text_clear(&out);
	words_short(&out, seconds);
	assert_string_equal(out.s, brief);
	text_clear(&out);
	words_clock(&out, seconds);
	assert_string_equal(out.s, clock);
	text_release(&out);
}

static void test_times(void **state)
{
	(void)state;
	times_are(-1, "0.0 s", "0.0s", "0:00");
	times_are(2.94, "2.9 s", "2.9s", "0:03");
	times_are(59, "59 s", "59s", "0:59");
	times_are(59.6, "60 s", "1m00s", "1:00");
	times_are(252, "4 min 12 s", "4m12s", "4:12");
	times_are(7500, "2 h 5 min", "2h05m", "2:05:00");
}

static void progress_is(uint64_t done, uint64_t total, enum progress_unit unit, const char *words)
{
	struct text out = TEXT_INIT;

	words_progress(&out, done, total, unit);
	assert_string_equal(out.s, words);
	text_release(&out);
}

static void test_progress(void **state)
{
	(void)state;
	progress_is(1432, 0, UNIT_OBJECTS, "1432 objects");
	progress_is(5, 10, UNIT_FILES, "5 of 10 files (50 %)");
	progress_is(524288, 1048576, UNIT_BYTES, "512 KiB of 1.0 MiB (50 %)");
	progress_is(2998, 3000, UNIT_OBJECTS, "2998 of 3000 objects (99 %)");
	progress_is(20, 10, UNIT_OBJECTS, "20 of 10 objects (100 %)");
}

static void about_is(double least, double most, const char *words)
{
	struct text out = TEXT_INIT;

	words_about(&out, least, most);
	assert_string_equal(out.s, words);
	text_release(&out);
}

/* No estimate sounds finer than it is. */
static void test_about(void **state)
{
	(void)state;
	about_is(0.1, 2.7, "a few seconds");
	about_is(0.2, 8, "about 1 to 8 s");
	about_is(21, 38, "about 20 to 40 s");
	about_is(31, 182, "about 30 s to 3 min");
	about_is(541, 893, "about 9 to 15 min");
	about_is(700, 720, "about 12 min");
	about_is(2000, 4000, "about 35 to 70 min");
	about_is(3000, 9500, "about 50 min to 3 h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
