/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a system says about itself, with every kind of shell quoting. */
#include "proc/os_release.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct scratch here;

static struct os_release read_release(const char *source)
{
	struct os_release r;

	scratch_write(&here, "os-release", source);
	os_release_read(&r, scratch_path(&here, "os-release"), &here.place.arena);
	return r;
}

static void test_values(void **state)
{
	struct os_release r =
		read_release("# ID=no\nNAME=x\nPRETTY_NAME=\"Say \\\"x\\\" 1\"\nID=x\n"
			     "ID_LIKE=\"y  z\"\nVERSION_CODENAME='o\\ne'\nEMPTY=\n");

	(void)state;
	assert_string_equal(r.title, "Say \"x\" 1");
	assert_string_equal(r.codename, "o\\ne");
	assert_int_equal(r.ids.n, 3);
	assert_string_equal(r.ids.at[0], "x");
	assert_string_equal(r.ids.at[1], "y");
	assert_string_equal(r.ids.at[2], "z");
}

static void test_unquoted(void **state)
{
	struct os_release r = read_release("ID='a'\"b\"c\nPRETTY_NAME=Two\\ words\nID_LIKE=\"d e");

	(void)state;
	assert_string_equal(r.title, "Two words");
	assert_int_equal(r.ids.n, 3);
	assert_string_equal(r.ids.at[0], "abc");
	assert_string_equal(r.ids.at[2], "e");
}

/* A derived distribution: the parent's release names count for packages. */
static void test_codename(void **state)
{
	(void)state;
	assert_string_equal(
		read_release("VERSION_CODENAME=vera\nUBUNTU_CODENAME=jammy\n").codename, "jammy");
	assert_string_equal(read_release("VERSION_CODENAME=trixie").codename, "trixie");
}

static void test_nothing(void **state)
{
	struct os_release r = read_release("");

	(void)state;
	assert_string_equal(r.title, "a system that does not say its name");
	assert_string_equal(r.codename, "");
	assert_int_equal(r.ids.n, 0);
	os_release_read(&r, "/nonexistent/os-release", &here.place.arena);
	assert_string_equal(r.title, "a system that does not say its name");
	assert_int_equal(r.ids.n, 0);
}

static int set_up(void **state)
{
	(void)state;
	scratch_make(&here);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&here);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unquoted),
		cmocka_unit_test(test_codename),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
