/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that people write: what is taken, what each wrong one is told, and that no value runs anything. */
#include "base/arena.h"
#include "base/compress.h"
#include "base/text.h"
#include "base/vec.h"
#include "kconfig/kconfig.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bench {
	struct scratch s;
	struct arena arena;
	struct kconfig_wishes wishes;
	struct error err;
};

static void bench_make(struct bench *b)
{
	*b = (struct bench){0};
	scratch_make(&b->s);
	scratch_write(&b->s, "src/Kconfig", "config NET\n\tbool \"Network\"\n");
}

static void bench_remove(struct bench *b)
{
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static bool wish(struct bench *b, const char *line)
{
	return kconfig_wish(&b->wishes, &b->arena, line, KCONFIG_THEIRS, &b->err);
}

/* What make, Kconfig or a shell would run, in a value of anybody's: each a way in. */
static void values_run_nothing(void **state)
{
	static const char *const values[] = {"\"$(shell touch x)\"", "$(shell touch x)",
		"\"${shell touch x}\"", "\"$X\"", "\"`touch x`\"", "y`touch x`", "\"a; touch x\"",
		"\"a | touch x\"", "\"a && touch x\"", "\"a > x\"", "\"< /etc/passwd\"",
		"\"\\$(touch x)\"", "\"a\\n\"", "1;touch x", "\"a\002\"", "\"\\\\$(touch x)\"",
		"\"a\\"};
	static const enum kconfig_voice voices[] = {KCONFIG_OURS, KCONFIG_THEIRS, KCONFIG_FIRM};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		for (size_t k = 0; k < sizeof voices / sizeof *voices; k++) {
			struct text line = TEXT_INIT;
			struct bench b;

			bench_make(&b);
			text_fmt(&line, "CONFIG_NAME=%s", values[i]);
			assert_false(kconfig_wish(&b.wishes, &b.arena, line.s, voices[k], &b.err));
			assert_int_equal(b.err.kind, ERROR_PROFILE);
			text_fmt(&line, "\n");
			scratch_write(&b.s, "mine.config", line.s);
			assert_false(kconfig_wish(&b.wishes, &b.arena,
				scratch_path(&b.s, "mine.config"), voices[k], &b.err));
			assert_non_null(strstr(b.err.text, "mine.config:1"));
			text_clear(&line);
			text_fmt(&line, "CONFIG_OTHER=y | CONFIG_NAME=%s", values[i]);
			assert_false(wish(&b, line.s));
			assert_int_equal(b.wishes.n, 0);
			text_release(&line);
			bench_remove(&b);
		}
	}
}

static void ordinary_values_are_taken(void **state)
{
	static const char *const values[] = {"y", "m", "n", "", "-1", "64", "0x1000", "\"\"",
		"\"(none)\"", "\"gcc (Debian 12.2.0-14+deb12u1) 12.2.0\"",
		"\"console=ttyS0 dyndbg=\\\"+p\\\" # x\"", "\"it's\"", "\"a\\\\b\""};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct text line = TEXT_INIT;
		struct bench b;

		bench_make(&b);
		text_fmt(&line, "CONFIG_NAME=%s", values[i]);
		assert_true(wish(&b, line.s));
		assert_string_equal(b.wishes.at[0].either[0].value, values[i]);
		text_release(&line);
		bench_remove(&b);
	}
}

/* What people write, and what they are told; NULL: it is fine. */
static void each_wrong_line_is_told_the_right_one(void **state)
{
	static const char *const cases[][2] = {
		{"CONFIG_BRIDGE = y", "no blanks stand around the '='; write CONFIG_BRIDGE=y"},
		{"CONFIG_BRIDGE= y", "no blanks stand around the '='; write CONFIG_BRIDGE=y"},
		{"BRIDGE=y", "names begin with CONFIG_; write CONFIG_BRIDGE=y"},
		{"CONFIG_LOCALVERSION=-mine", "write CONFIG_LOCALVERSION=\"-mine\""},
		{"CONFIG_BRIDGE=y # for docker", "a line of its own"},
		{"CONFIG_BRIDGE=y # for docker", "write CONFIG_BRIDGE=y"},
		{"CONFIG_NAME=\"a\" # why", "write CONFIG_NAME=\"a\""},
		{"CONFIG_BRIDGE=yes", "write CONFIG_BRIDGE=y"},
		{"CONFIG_BRIDGE=Y", "write CONFIG_BRIDGE=y"},
		{"CONFIG_BRIDGE=module", "write CONFIG_BRIDGE=m"},
		{"CONFIG_BRIDGE is not set", "write # CONFIG_BRIDGE is not set"},
		{"# CONFIG_BRIDGE is not set # why", "write # CONFIG_BRIDGE is not set"},
		{"CONFIG_NAME=\"a", "no closing quotation mark"},
		{"CONFIG_NAME=\"a\" b", "something follows"},
		{"CONFIG_BRIDGE", "write CONFIG_NAME=value"},
		{"something else", "write CONFIG_NAME=value"},
		{"# KERNEL a | b", NULL},
		{"# CONFIG_BRIDGE=y | old", NULL},
		{"# CONFIG_BRIDGE=y", NULL},
		{"#", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bench b;

		bench_make(&b);
		scratch_write(&b.s, "mine.config", cases[i][0]);
		if (cases[i][1]) {
			assert_false(wish(&b, scratch_path(&b.s, "mine.config")));
			assert_int_equal(b.err.kind, ERROR_PROFILE);
			assert_non_null(strstr(b.err.text, "mine.config:1: "));
			assert_non_null(strstr(b.err.text, cases[i][1]));
		} else {
			assert_true(wish(&b, scratch_path(&b.s, "mine.config")));
			assert_int_equal(b.wishes.n, 0);
		}
		bench_remove(&b);
	}
}

static void a_configuration_may_be_gzipped(void **state)
{
	struct compress *z;
	struct bench b;
	uint64_t size = 0;

	(void)state;
	bench_make(&b);
	assert_true(compress_open(&z, scratch_path(&b.s, "config.gz"), "gzip", 0, &b.err) &&
		    compress_write(z, "CONFIG_NET=y\nCONFIG_CPUS=4\n", 27, &b.err) &&
		    compress_finish(z, &size, &b.err));
	compress_free(z);
	assert_true(wish(&b, scratch_path(&b.s, "config.gz")));
	assert_int_equal(b.wishes.n, 2);
	assert_int_equal(truncate(scratch_path(&b.s, "config.gz"), (off_t)size - 9), 0);
	assert_false(wish(&b, scratch_path(&b.s, "config.gz")));
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	bench_remove(&b);
}

static void programs_and_folders_are_no_configuration(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_false(wish(&b, "/proc/self/exe"));
	assert_non_null(strstr(b.err.text, "program"));
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	assert_false(wish(&b, scratch_path(&b.s, "src")));
	assert_non_null(strstr(b.err.text, "is a folder"));
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_run_nothing),
		cmocka_unit_test(ordinary_values_are_taken),
		cmocka_unit_test(each_wrong_line_is_told_the_right_one),
		cmocka_unit_test(a_configuration_may_be_gzipped),
		cmocka_unit_test(programs_and_folders_are_no_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
