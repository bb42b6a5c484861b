/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags are read by their tables: both forms of values, words in between, --, and errors that suggest the nearest flag. */
#include "base/vec.h"
#include "cli/cli_flags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct flag table[] = {
	{"json", FLAG_YES, offsetof(struct flags, json), NULL, "", 0},
	{"jobs", FLAG_NUMBER, offsetof(struct flags, jobs), "N", "", 'j'},
	{"output", FLAG_TEXT, offsetof(struct flags, output), "DIR", "", 0},
	{"accel", FLAG_CHOICE, offsetof(struct flags, accel), "auto|kvm|tcg", "", 0},
	{"accept", FLAG_WORDS, offsetof(struct flags, accept), "NAME", "", 0},
	{NULL, FLAG_YES, 0, NULL, NULL, 0},
};

struct result {
	struct flags flags;
	struct strings words;
	size_t used;
	struct error err;
	bool ok;
};

static struct result parse(bool stop_at_word, const char *const *args)
{
	static const struct flag *const tables[] = {table, NULL};
	struct result r = {.flags = FLAGS_INIT};
	char *argv[16];
	size_t n = 0;

	for (; args[n]; n++)
		argv[n] = (char *)(uintptr_t)args[n];
	r.ok = flags_parse(&(struct flags_input){tables, argv, n, stop_at_word}, &r.flags, &r.words,
		&r.used, &r.err);
	return r;
}

#define PARSE(...) parse(false, (const char *const[]){__VA_ARGS__, NULL})

static void release(struct result *r)
{
	vec_release(&r->words);
	flags_release(&r->flags);
}

static void test_values(void **state)
{
	struct result r =
		PARSE("--jobs", "4", "one", "--output=a=b", "--json", "two", "--accel", "tcg");

	(void)state;
	assert_true(r.ok);
	assert_int_equal(r.flags.jobs, 4);
	assert_string_equal(r.flags.output, "a=b");
	assert_true(r.flags.json);
	assert_int_equal(r.flags.accel, 2);
	assert_int_equal(r.words.n, 2);
	assert_string_equal(r.words.at[1], "two");
	release(&r);
}

static void test_end_of_flags(void **state)
{
	struct result r = PARSE("--json", "--", "--jobs", "-");

	(void)state;
	assert_true(r.ok);
	assert_int_equal(r.words.n, 2);
	assert_string_equal(r.words.at[0], "--jobs");
	assert_int_equal(r.flags.jobs, -1);
	release(&r);
}

static void test_letters_and_repetition(void **state)
{
	struct result r = PARSE("-j", "2", "--accept", "a", "--accept=b", "-");

	(void)state;
	assert_true(r.ok);
	assert_int_equal(r.flags.jobs, 2);
	assert_int_equal(r.flags.accept.n, 2);
	assert_string_equal(r.flags.accept.at[1], "b");
	assert_string_equal(r.words.at[0], "-");
	release(&r);
}

static void test_glued_values(void **state)
{
	struct result r = PARSE("-j4", "one");

	(void)state;
	assert_true(r.ok);
	assert_int_equal(r.flags.jobs, 4);
	assert_int_equal(r.words.n, 1);
	release(&r);
}

static void test_stop_at_word(void **state)
{
	struct result r = parse(true, (const char *const[]){"--json", "build", "--unknown", NULL});

	(void)state;
	assert_true(r.ok);
	assert_int_equal(r.used, 1);
	assert_int_equal(r.words.n, 0);
	release(&r);
}

static void refused(struct result r, const char *part)
{
	assert_false(r.ok);
	assert_int_equal(r.err.kind, ERROR_USAGE);
	assert_non_null(strstr(r.err.text, part));
	release(&r);
}

static void test_faults(void **state)
{
	(void)state;
	refused(PARSE("--job", "4"), "--jobs");
	refused(PARSE("--outputt=x"), "--output");
	refused(PARSE("--nothing-like-it"), "--help");
	refused(PARSE("-x"), "-x");
	refused(PARSE("-jj"), "not 'j'");
	refused(PARSE("-j"), "--jobs N");
	refused(PARSE("--dry-run"), "bootsmith plan PROFILE");
	refused(PARSE("--jobs"), "--jobs N");
	refused(PARSE("--jobs", "four"), "four");
	refused(PARSE("--jobs=-1"), "-1");
	refused(PARSE("--jobs=99999999999999999999"), "whole number");
	refused(PARSE("--output="), "--output DIR");
	refused(PARSE("--json=yes"), "takes no value");
	refused(PARSE("--accel=kv"), "auto|kvm|tcg");
	refused(PARSE("--accel=auto|kvm"), "auto|kvm|tcg");
	refused(PARSE("--accel="), "auto|kvm|tcg");
	refused(PARSE("--xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
		"unknown flag");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_end_of_flags),
		cmocka_unit_test(test_letters_and_repetition),
		cmocka_unit_test(test_glued_values),
		cmocka_unit_test(test_stop_at_word),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
