/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The package index: which packages fit, how versions read, what is taken out of a Sources file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "debian.h"

#include <stdlib.h>
#include <string.h>

static void packages_fit_patterns(void **state)
{
	(void)state;
	assert_true(debian_package_fits("linux", "linux"));
	assert_true(debian_package_fits("linux-{series}", "linux-6.1"));
	assert_true(debian_package_fits("gcc-{series}-base", "gcc-12-base"));
	assert_false(debian_package_fits("linux", "linux-6.1"));
	assert_false(debian_package_fits("linux-{series}", "linux"));
	assert_false(debian_package_fits("linux-{series}", "linux-"));
	assert_false(debian_package_fits("linux-{series}", "linux-signed-amd64"));
	assert_false(debian_package_fits("linux-{series}", "linux-6.1-rt"));
	assert_false(debian_package_fits("linux-{series}", "linux-.1"));
}

static void versions_lose_what_is_debians(void **state)
{
	static const char *const pairs[][2] = {{"6.12.107-1", "6.12.107"},
		{"6.12.107-1~bpo12+1", "6.12.107"}, {"1:1.37.0-6", "1.37.0"},
		{"7.1~rc3-1~exp1", "7.1-rc3"}, {"2.41-12+deb13u1", "2.41"}, {"1.0+dfsg-2", "1.0"},
		{"20240101", "20240101"}, {"", ""}};
	struct text t = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		debian_upstream_version(pairs[i][0], &t);
		assert_string_equal(t.s, pairs[i][1]);
	}
	text_release(&t);
}

static void only_archives_of_wanted_packages_are_taken(void **state)
{
	static const struct suite suite = {
		.name = "trixie", .uri = "http://mirror.invalid/debian/"};
	struct package_wish wish[] = {
		{"linux", "linux"}, {"linux", "linux-{series}"}, {"busybox", "busybox"}};
	const struct package_wishes wishes = {.at = wish, .n = 3};
	struct arena arena = ARENA_INIT;
	struct archive_list list = {0};
	struct error err;

	(void)state;
	/* Twice: what is known already is not taken again. */
	for (int i = 0; i < 2; i++)
		if (!debian_read_index(
			    "tests/unit/data/debian/Sources", &suite, &wishes, &arena, &list, &err))
			fail_msg("%s", err.text);
	assert_int_equal(list.n, 5);
	assert_string_equal(list.at[0].version, "6.12.107");
	assert_string_equal(list.at[0].series, "6.12");
	assert_string_equal(list.at[0].origin, "debian");
	assert_string_equal(list.at[0].where, "trixie");
	assert_string_equal(list.at[0].url,
		"http://mirror.invalid/debian/pool/main/l/linux/linux_6.12.107.orig.tar.xz");
	assert_string_equal(list.at[0].file, "linux_6.12.107.orig.tar.xz");
	assert_int_equal(list.at[0].sha256[0], '3');
	assert_int_equal(list.at[0].size, 1000);
	assert_string_equal(list.at[1].version, "6.12.117");
	assert_int_equal(list.at[1].sha256[0], '5');
	assert_string_equal(list.at[2].version, "6.1.187");
	assert_string_equal(list.at[2].component, "linux");
	assert_string_equal(list.at[3].component, "busybox");
	assert_string_equal(list.at[3].version, "1.37.0");
	assert_string_equal(list.at[4].version, "7.1-rc3");
	vec_release(&list);
	arena_release(&arena);
}

static void a_missing_index_is_an_error(void **state)
{
	static const struct suite suite = {
		.name = "trixie", .uri = "http://mirror.invalid/debian/"};
	const struct package_wishes wishes = {0};
	struct arena arena = ARENA_INIT;
	struct archive_list list = {0};
	struct error err;

	(void)state;
	assert_false(debian_read_index("/no/such/file", &suite, &wishes, &arena, &list, &err));
	assert_non_null(strstr(err.text, "/no/such/file"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_fit_patterns),
		cmocka_unit_test(versions_lose_what_is_debians),
		cmocka_unit_test(only_archives_of_wanted_packages_are_taken),
		cmocka_unit_test(a_missing_index_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
