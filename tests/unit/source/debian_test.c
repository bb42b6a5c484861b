/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The package index: which packages fit, how versions read, what is taken out of a Sources file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "source/debian.h"
#include "source/debian_proxy.h"

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
		{"20240101", "20240101"}, {"", ""}, {"1:1.3.dfsg-3.1", "1.3"},
		{"1:1.3.dfsg+really1.3.1-1+b1", "1.3.1"}, {"1:1.3.dfsg+really1.3.2-4", "1.3.2"},
		{"710+really668-1", "668"}, {"2.12.7+dfsg+really2.9.14-2.1+deb13u2", "2.9.14"},
		{"0.0~2023.04.11-1", "2023.04.11"}, {"0~20210101-2", "20210101"},
		{"0.5~beta-1", "0.5"}, {"5.0~really4.9~rc2-1", "4.9-rc2"}, {"2.0+really-1", "2.0"}};
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
	/* Twice: known archives are not added again. */
	for (int i = 0; i < 2; i++)
		if (!debian_read_index(
			    "tests/unit/data/debian/Sources", &suite, &wishes, &arena, &list, &err))
			fail_msg("%s", err.text);
	assert_int_equal(list.n, 7);
	assert_string_equal(list.at[0].version, "6.12.107");
	assert_string_equal(list.at[0].series, "6.12");
	assert_int_equal(list.at[0].origin, ORIGIN_DEBIAN);
	assert_string_equal(list.at[0].where, "trixie");
	assert_string_equal(list.at[0].url,
		"http://mirror.invalid/debian/pool/main/l/linux/linux_6.12.107.orig.tar.xz");
	assert_string_equal(list.at[0].file, "linux_6.12.107.orig.tar.xz");
	assert_int_equal(list.at[0].sha256[0], '3');
	assert_int_equal(list.at[0].size, 1000);
	assert_string_equal(list.at[2].version, "6.12.117");
	assert_int_equal(list.at[2].sha256[0], '5');
	assert_string_equal(list.at[4].version, "6.1.187");
	assert_string_equal(list.at[4].component, "linux");
	assert_string_equal(list.at[5].component, "busybox");
	assert_string_equal(list.at[5].version, "1.37.0");
	assert_string_equal(list.at[6].version, "7.1-rc3");
	arena_release(&arena);
}

static void expect_archive(const struct archive_list *list, size_t i, const char *component,
	const char *version, const char *file, const char *of)
{
	const struct archive *a = &list->at[i];

	assert_true(i < list->n);
	assert_string_equal(a->component, component);
	assert_string_equal(a->version, version);
	assert_string_equal(a->file, file);
	assert_int_equal(a->of ? a->of[0] : 0, of ? of[0] : 0);
}

/* Further archives and patches belong to the bytes of the first one; a package of Debian's own has one archive. */
static void all_of_a_source_package_is_taken(void **state)
{
	static const struct suite suite = {.name = "sid", .uri = "http://mirror.invalid/debian/"};
	struct package_wish wish[] = {{"tool", "parted"}, {"older", "older"}, {"own", "own"}};
	const struct package_wishes wishes = {.at = wish, .n = 3};
	struct arena arena = ARENA_INIT;
	struct archive_list list = {0};
	struct error err;

	(void)state;
	for (int i = 0; i < 2; i++)
		if (!debian_read_index(
			    "tests/unit/data/debian/Sources", &suite, &wishes, &arena, &list, &err))
			fail_msg("%s", err.text);
	assert_int_equal(list.n, 6);
	expect_archive(&list, 0, "tool", "1.2", "parted_1.2+dfsg.orig.tar.xz", NULL);
	expect_archive(&list, 1, "tool:unicode-data", "2:1.2+dfsg-3+deb13u1",
		"parted_1.2+dfsg.orig-unicode-data.tar.xz", "3");
	expect_archive(&list, 2, "tool:debian", "2:1.2+dfsg-3+deb13u1",
		"parted_1.2+dfsg-3+deb13u1.debian.tar.xz", "3");
	expect_archive(&list, 3, "older", "0.7", "older_0.7.orig.tar.gz", NULL);
	expect_archive(&list, 4, "older:debian", "1:0.7-4", "older_0.7-4.diff.gz", "8");
	expect_archive(&list, 5, "own", "7.7+6", "own_7.7+6.tar.gz", NULL);
	arena_release(&arena);
}

/* Of a Packages file: those for any architecture, others if it is named; nothing that would leave its folder or has no digest. */
static void finished_packages_are_taken(void **state)
{
	static const struct suite suite = {.name = "sid", .uri = "http://mirror.invalid/debian/"};
	struct package_wish wish[] = {{"zones", "tzdata"}, {"keys", "xkb-data"},
		{"firmware", "blob:amd64"}, {"bad", "bad"}};
	const struct package_wishes wishes = {.at = wish, .n = 4};
	struct arena arena = ARENA_INIT;
	struct archive_list list = {0};
	struct error err;

	(void)state;
	for (int i = 0; i < 2; i++)
		if (!debian_read_binaries("tests/unit/data/debian/Packages", &suite, &wishes,
			    &arena, &list, &err))
			fail_msg("%s", err.text);
	assert_int_equal(list.n, 3);
	expect_archive(
		&list, 0, "zones", "2026b-0+deb12u1", "tzdata_2026b-0+deb12u1_all.deb", NULL);
	assert_string_equal(list.at[0].url,
		"http://mirror.invalid/debian/pool/main/t/tzdata/tzdata_2026b-0+deb12u1_all.deb");
	assert_int_equal(list.at[0].size, 304148);
	assert_int_equal(list.at[0].sha256[0], 'a');
	expect_archive(&list, 1, "firmware", "1-2", "blob_1-2_amd64.deb", NULL);
	expect_archive(&list, 2, "keys", "2.35.1-1", "xkb-data_2.35.1-1_all.deb", NULL);
	assert_false(debian_read_binaries("no/such/file", &suite, &wishes, &arena, &list, &err));
	arena_release(&arena);
}

static void names_of_files_tell_versions(void **state)
{
	static const char *const names[][2] = {{"tool-1.2.tar.xz", "1.2"},
		{"tool_1.2.orig.tar.xz", "1.2"}, {"tool_1.2-3+deb12u1_all.deb", "1.2-3+deb12u1"},
		{"tool_1.2.deb", NULL}, {"tool_1.2-3.debian.tar.xz", NULL}, {"tool-x.tar.xz", NULL},
		{"tools-1.2.tar.xz", NULL}, {"tool-1.2.zip", NULL}};
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *version = stock_version(&arena, "tool", names[i][0]);

		assert_int_equal(!version, !names[i][1]);
		if (version)
			assert_string_equal(version, names[i][1]);
	}
	arena_release(&arena);
}

static void package_versions_have_an_order(void **state)
{
	/* each is newer than the one before */
	static const char *const rising[] = {"0.9-1", "1.0~rc1-1", "1.0-1~bpo12+1", "1.0-1",
		"1.0-1+b1", "1.0-1+deb12u2", "1.0-1+deb12u10", "1.0-1.1", "1.0-2", "1.0+dfsg-1",
		"1.0.1-1", "1.10-1", "1:0.1-1", "1:0.1-01a"};

	(void)state;
	for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
		for (size_t k = 0; k < sizeof rising / sizeof *rising; k++) {
			int order = debian_version_compare(rising[i], rising[k]);

			if ((i < k) != (order < 0) || (i == k) != (order == 0))
				fail_msg("%s, %s: %d", rising[i], rising[k], order);
		}
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

static const char settings[] = "APT \"\";\n"
			       "Acquire \"\";\n"
			       "Acquire::http \"\";\n"
			       "Acquire::http::Proxy \"http://10.0.2.9:3142/\";\n"
			       "Acquire::HTTP::proxy::Direct.example \"DIRECT\";\n"
			       "Acquire::http::Proxy::other.example \"socks5h://10.0.0.1:1080\";\n"
			       "Acquire::http::Proxy::odd.example \"ftp://10.0.2.8\";\n"
			       "Acquire::http::Proxy::empty.example \"\";\n"
			       "Acquire::http::Proxy::cut.example \"http://10.0.2.7\n"
			       "Acquire::https::Proxy::secure.example \"http://10.0.2.6:8080\";\n"
			       "Acquire::http::ProxyAutoDetect \"\";\n";

static void expect_proxy(const char *url, const char *expected)
{
	struct arena a = ARENA_INIT;
	const char *found = debian_proxy(&a, settings, url);

	if (expected)
		assert_string_equal(found, expected);
	else
		assert_null(found);
	arena_release(&a);
}

static void the_proxy_is_the_one_that_apt_takes(void **state)
{
	static const char everybody[] = "http://10.0.2.9:3142/";
	struct arena a = ARENA_INIT;

	(void)state;
	expect_proxy("http://archive.example/pool/x", everybody);
	expect_proxy("https://archive.example/pool/x", everybody);
	expect_proxy("http://direct.example:80/x", "");
	expect_proxy("http://user@direct.example/x", "");
	expect_proxy("http://direct.example.org/x", everybody);
	expect_proxy("https://direct.example", "");
	expect_proxy("http://other.example/x", "socks5h://10.0.0.1:1080");
	expect_proxy("http://odd.example/x", NULL);
	expect_proxy("http://empty.example/x", everybody);
	expect_proxy("http://cut.example/x", everybody);
	expect_proxy("http://secure.example/x", everybody);
	expect_proxy("https://secure.example/x", "http://10.0.2.6:8080");
	expect_proxy("http://[2001:db8::1]:80/x", everybody);
	expect_proxy("file:///srv/x", NULL);
	assert_null(debian_proxy(&a, "", "http://archive.example/x"));
	assert_null(debian_proxy(&a, "Acquire::http::Proxy", "http://archive.example/x"));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_fit_patterns),
		cmocka_unit_test(versions_lose_what_is_debians),
		cmocka_unit_test(only_archives_of_wanted_packages_are_taken),
		cmocka_unit_test(all_of_a_source_package_is_taken),
		cmocka_unit_test(finished_packages_are_taken),
		cmocka_unit_test(names_of_files_tell_versions),
		cmocka_unit_test(package_versions_have_an_order),
		cmocka_unit_test(a_missing_index_is_an_error),
		cmocka_unit_test(the_proxy_is_the_one_that_apt_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
