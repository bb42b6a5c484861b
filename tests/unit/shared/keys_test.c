/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of keys: help comes first at every width, no key has two meanings on a screen, help lists every key. */
#include "base/text.h"
#include "shared/keys.h"
#include "shared/width.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_help_is_first_and_fits(void **state)
{
	enum keys_view view;
	const char *name;

	(void)state;
	for (size_t i = 0; keys_view_at(i, &view, &name); i++) {
		for (int cols = 20; cols < 200; cols++) {
			struct text row = TEXT_INIT;

			keys_hints(view, 0, cols, &row);
			assert_true(width_of(row.s) <= cols);
			assert_true(
				!strncmp(row.s, " ? Help", 7) || !strncmp(row.s, " F1 Help", 8));
			text_release(&row);
		}
	}
}

static void test_what_is_idle_is_not_offered(void **state)
{
	struct text row = TEXT_INIT;

	(void)state;
	keys_hints(KEYS_BOOT, KEYS_SET(ACT_GUEST) | KEYS_SET(ACT_OFF), 200, &row);
	assert_null(strstr(row.s, "Type to it"));
	assert_null(strstr(row.s, "Power off"));
	assert_non_null(strstr(row.s, "r Retry"));
	text_clear(&row);
	keys_hints(KEYS_BOOT, 0, 200, &row);
	assert_non_null(strstr(row.s, "Type to it"));
	text_release(&row);
}

static void test_every_screen_can_be_left(void **state)
{
	enum keys_view view;
	const char *name;

	(void)state;
	for (size_t i = 0; keys_view_at(i, &view, &name); i++) {
		enum key_action escape = keys_find(view, KEY_ESC_CODE);

		assert_true(escape == ACT_BACK || (view == KEYS_GUEST && escape == ACT_INFO));
		assert_true(strlen(name) > 0);
		assert_string_equal(keys_view_name(view), name);
	}
}

static void test_help_names_the_keys(void **state)
{
	struct text help = TEXT_INIT;

	(void)state;
	keys_help(KEYS_TREE, &help);
	assert_non_null(strstr(help.s, "Up, k"));
	assert_non_null(strstr(help.s, "Ctrl-R"));
	assert_non_null(strstr(help.s, "undo the last change"));
	assert_null(strstr(help.s, "wheel"));
	for (const char *line = help.s; *line; line = strchr(line, '\n') + 1)
		assert_true(strcspn(line, "\n") > 22);
	text_release(&help);
}

static void test_typing_keeps_its_characters(void **state)
{
	(void)state;
	for (int key = ' '; key < 0x7f; key++) {
		assert_int_equal(keys_find(KEYS_FIELD, key), ACT_NONE);
		assert_int_equal(keys_find(KEYS_SEARCH, key), ACT_NONE);
	}
	assert_int_equal(keys_find(KEYS_SEARCH, UI_F1), ACT_HELP);
	assert_int_equal(keys_find(KEYS_FIELD, '\n'), ACT_ENTER);
}

static void test_some_meanings(void **state)
{
	(void)state;
	assert_int_equal(keys_find(KEYS_TREE, 'h'), ACT_LEFT);
	assert_int_equal(keys_find(KEYS_TREE, ' '), ACT_SPACE);
	assert_int_equal(keys_find(KEYS_START, '3'), ACT_DIGIT);
	assert_int_equal(keys_find(KEYS_TREE, '3'), ACT_NONE);
	assert_int_equal(keys_find(KEYS_GUEST, CTRL(']')), ACT_LITERAL);
	assert_int_equal(keys_find(KEYS_ASK, 'q'), ACT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help_is_first_and_fits),
		cmocka_unit_test(test_what_is_idle_is_not_offered),
		cmocka_unit_test(test_every_screen_can_be_left),
		cmocka_unit_test(test_help_names_the_keys),
		cmocka_unit_test(test_typing_keeps_its_characters),
		cmocka_unit_test(test_some_meanings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
