/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Editing a line: the keys of a shell, whole characters, only text. */
#include "screen/input.h"
#include "shared/keys.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void type(struct input *in, const char *s)
{
	for (; *s; s++)
		assert_true(input_key(in, *s));
}

static void test_editing(void **state)
{
	struct input in = INPUT_INIT;

	(void)state;
	type(&in, "one two three");
	input_key(&in, CTRL('w'));
	assert_string_equal(in.text.s, "one two ");
	input_key(&in, CTRL('a'));
	input_key(&in, UI_DELETE);
	assert_string_equal(in.text.s, "ne two ");
	input_key(&in, UI_RIGHT);
	input_key(&in, CTRL('k'));
	assert_string_equal(in.text.s, "n");
	input_key(&in, UI_BACKSPACE);
	input_key(&in, UI_BACKSPACE);
	assert_string_equal(in.text.s, "");
	input_set(&in, "abc");
	input_key(&in, UI_LEFT);
	type(&in, "X");
	assert_string_equal(in.text.s, "abXc");
	input_key(&in, CTRL('u'));
	assert_string_equal(in.text.s, "c");
	input_release(&in);
}

/* As in a form: the first typed character replaces the text; editing keeps it. */
static void test_first_character_replaces(void **state)
{
	struct input in = INPUT_INIT;

	(void)state;
	input_set(&in, "10.0.2.15/24");
	type(&in, "192");
	assert_string_equal(in.text.s, "192");
	assert_int_equal(in.at, 3);
	input_set(&in, "10.0.2.15/24");
	assert_true(in.marked);
	assert_false(input_key(&in, UI_F1));
	assert_true(in.marked);
	input_key(&in, UI_BACKSPACE);
	type(&in, "5");
	assert_string_equal(in.text.s, "10.0.2.15/25");
	input_set(&in, "ab");
	input_key(&in, UI_HOME);
	type(&in, "X");
	assert_string_equal(in.text.s, "Xab");
	input_set(&in, "");
	assert_false(in.marked);
	input_release(&in);
}

static void test_whole_characters(void **state)
{
	struct input in = INPUT_INIT;

	(void)state;
	input_key(&in, 0xfc);
	input_key(&in, 0x1f600);
	assert_string_equal(in.text.s, "\303\274\360\237\230\200");
	input_key(&in, UI_LEFT);
	input_key(&in, UI_BACKSPACE);
	assert_string_equal(in.text.s, "\360\237\230\200");
	input_release(&in);
}

static void test_refuses_controls(void **state)
{
	struct input in = INPUT_INIT;

	(void)state;
	assert_false(input_key(&in, 27));
	assert_false(input_key(&in, 0x9b));
	assert_false(input_key(&in, UI_F1));
	assert_false(input_key(&in, '\t'));
	assert_string_equal(in.text.s, "");
	for (int i = 0; i < 10000; i++)
		input_key(&in, 'x');
	assert_true(in.text.len <= 4096);
	input_release(&in);
}

static void test_window_follows_cursor(void **state)
{
	struct input in = INPUT_INIT;
	int cursor;

	(void)state;
	input_set(&in, "0123456789");
	assert_int_equal(input_window(&in, 5, &cursor), 6);
	assert_int_equal(cursor, 4);
	input_key(&in, UI_HOME);
	assert_int_equal(input_window(&in, 5, &cursor), 0);
	assert_int_equal(cursor, 0);
	input_window(&in, 0, &cursor);
	input_release(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_editing),
		cmocka_unit_test(test_first_character_replaces),
		cmocka_unit_test(test_whole_characters),
		cmocka_unit_test(test_refuses_controls),
		cmocka_unit_test(test_window_follows_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
