/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's settings: the meaning of a missing file, the order of origins, and errors that name the file. */
#include "base/text.h"
#include "choice/settings.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct scratch s;
static struct settings settings;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static bool load(const char *content)
{
	if (content)
		scratch_write(&s, "config", content);
	s.place.config = scratch_path(&s, "config");
	return settings_load(&settings, &s.place, &err);
}

static void expect_origins(const char *words)
{
	struct text found = TEXT_INIT;

	for (size_t i = 0; i < settings.origins.n; i++)
		text_fmt(&found, i ? " %s" : "%s", origin_word(settings.origins.at[i]));
	assert_string_equal(found.s, words);
	text_release(&found);
	settings_release(&settings);
}

static void nothing_is_needed(void **state)
{
	(void)state;
	assert_true(load(NULL));
	assert_true(settings.jobs >= 1);
	assert_string_equal(settings.launcher, "");
	assert_int_equal(settings.refresh_hours, 24);
	assert_int_equal(settings.mirrors.n, 0);
	expect_origins("cache mirror upstream debian");
}

static void origins_keep_their_order(void **state)
{
	(void)state;
	assert_true(load("origins = debian mirror\nrefresh-hours = 0\n"));
	assert_int_equal(settings.refresh_hours, 0);
	expect_origins("debian mirror");
}

static void mirrors_keep_what_leads_to_them(void **state)
{
	(void)state;
	assert_true(load("mirror = file:///\n"));
	assert_string_equal(settings.mirrors.at[0].base, "file://");
	settings_release(&settings);
	assert_false(load("mirror = https:///\n"));
	assert_non_null(strstr(err.text, "names no server"));
}

static void mirrors_lose_their_slash(void **state)
{
	(void)state;
	assert_true(
		load("mirror = file:///srv/m/\nmirror[layout=upstream] = https://example.org\n"));
	assert_int_equal(settings.mirrors.n, 2);
	assert_string_equal(settings.mirrors.at[0].base, "file:///srv/m");
	assert_false(settings.mirrors.at[0].like_upstream);
	assert_true(settings.mirrors.at[1].like_upstream);
	settings_release(&settings);
}

static void refused(const char *content, const char *part)
{
	assert_false(load(content));
	if (!strstr(err.text, part) || !strstr(err.text, s.place.config))
		fail_msg("'%s' lacks '%s' or the file", err.text, part);
}

static void sandboxes_are_as_wished(void **state)
{
	(void)state;
	assert_true(load(""));
	assert_int_equal(settings.sandbox.wish, JAIL_AUTO);
	settings_release(&settings);
	assert_true(load("sandbox = require\nsandbox-read = /a /b\nsandbox-write = ~/c\n"));
	assert_int_equal(settings.sandbox.wish, JAIL_REQUIRE);
	assert_int_equal(settings.sandbox.read.n, 2);
	assert_string_equal(settings.sandbox.read.at[1], "/b");
	assert_int_equal(settings.sandbox.write.at[0][0], '/');
	settings_release(&settings);
	assert_true(load("sandbox = off\n"));
	assert_int_equal(settings.sandbox.wish, JAIL_OFF);
	settings_release(&settings);
	refused("sandbox = maybe\n", "auto (what this machine allows), require");
	refused("sandbox-read = here\n", "a folder is named by its whole path");
}

static void faults_name_the_file(void **state)
{
	(void)state;
	refused("origins = cache moon\n", "'moon' is not an origin");
	refused("origins = lock\n", "'lock' is not an origin");
	refused("mirror = ftp://example.org\n", "must begin with");
	refused("orgins = cache\n", "orgins");
	refused("[x]\n", "no [sections]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_needed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(origins_keep_their_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(mirrors_keep_what_leads_to_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(mirrors_lose_their_slash, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sandboxes_are_as_wished, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faults_name_the_file, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
