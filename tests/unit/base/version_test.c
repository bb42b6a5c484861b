/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of versions and what a series is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "base/version.h"

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

/* Each is older than the one after it. */
static void versions_are_ordered(void **state)
{
	static const char *const order[] = {"2.9", "2.10", "2024a", "2024b"};
	static const char *const more[] = {"1.1", "1.1.1", "1.1.1a", "1.1.1w", "1.1.2-rc1",
		"1.1.2-rc2", "1.1.2-rc10", "1.1.2", "1.1.10", "1.2-alpha", "1.2-beta2", "1.2-rc1",
		"1.2", "1.2p1", "6.1.187", "6.12", "6.12.9", "6.12.43", "6.12.107", "7.0",
		"7.1-rc3", "7.1"};
	const size_t n = sizeof more / sizeof *more;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof order / sizeof *order; i++)
		assert_int_equal(sign(version_compare(order[i], order[i + 1])), -1);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			if (sign(version_compare(more[i], more[k])) != (i > k) - (i < k))
				fail_msg("%s against %s", more[i], more[k]);
}

static void equal_versions_may_be_written_differently(void **state)
{
	(void)state;
	assert_int_equal(version_compare("1.02", "1.2"), 0);
	assert_int_equal(version_compare("7.1~rc3", "7.1-rc3"), 0);
	assert_int_equal(version_compare("", ""), 0);
	assert_int_equal(sign(version_compare("", "1")), -1);
	assert_int_equal(sign(version_compare("99999999999999999998", "99999999999999999999")), -1);
}

static void a_series_has_its_versions_and_no_others(void **state)
{
	(void)state;
	assert_true(version_in_series("6.12.7", "6.12"));
	assert_true(version_in_series("6.12", "6.12"));
	assert_true(version_in_series("6.12-rc1", "6.12"));
	assert_true(version_in_series("6.12.7", "6"));
	assert_true(version_in_series("6.12.7", ""));
	assert_false(version_in_series("6.120.7", "6.12"));
	assert_false(version_in_series("6.1", "6.12"));
	assert_false(version_in_series("16.12", "6.12"));
}

static void a_version_names_its_series(void **state)
{
	static const char *const pairs[][2] = {{"6.12.107", "6.12"}, {"6.12", "6.12"},
		{"7.1-rc3", "7.1"}, {"2024a", "2024a"}, {"9.9p1", "9.9"}, {"5", "5"}, {"", ""}};
	struct text t = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		version_series(pairs[i][0], &t);
		assert_string_equal(t.s, pairs[i][1]);
	}
	text_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_ordered),
		cmocka_unit_test(equal_versions_may_be_written_differently),
		cmocka_unit_test(a_series_has_its_versions_and_no_others),
		cmocka_unit_test(a_version_names_its_series),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
