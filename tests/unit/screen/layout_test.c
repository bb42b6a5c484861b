/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every size gives rectangles that are inside the screen and do not overlap; the modes start at the designed sizes. */
#include "screen/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static int inside(struct rect r, int rows, int cols)
{
	if (!r.rows || !r.cols)
		return 1;
	return r.y >= 0 && r.x >= 0 && r.rows > 0 && r.cols > 0 && r.y + r.rows <= rows &&
	       r.x + r.cols <= cols;
}

static void test_every_size_fits(void **state)
{
	(void)state;
	for (int rows = 1; rows < 70; rows++) {
		for (int cols = 1; cols < 210; cols++) {
			struct layout l = layout_make(rows, cols);
			struct layout_panes p = layout_split(&l, rows % 9);
			const struct rect all[] = {l.head, l.path, l.rule_top, l.body,
				l.rule_bottom, l.message, l.keys, p.list, p.rule, p.detail};
			int used = l.head.rows + l.path.rows + l.rule_top.rows + l.body.rows +
				   l.rule_bottom.rows + l.message.rows + l.keys.rows;

			for (size_t i = 0; i < sizeof all / sizeof *all; i++)
				assert_true(inside(all[i], rows, cols));
			assert_true(p.list.rows >= 1);
			if (cols >= 80)
				assert_true(p.list.cols >= 80);
			if (l.mode != LAYOUT_LINE) {
				assert_int_equal(used, rows);
				assert_int_equal(l.keys.y, rows - 1);
			}
		}
	}
}

/* A long message grows upwards, and the list under it stays usable. */
static void test_long_message(void **state)
{
	(void)state;
	for (int rows = 5; rows < 30; rows++) {
		struct layout l = layout_make(rows, 80), before = l;

		layout_message(&l, 3);
		assert_int_equal(l.body.rows + l.message.rows, before.body.rows + 1);
		assert_int_equal(l.message.y + l.message.rows, l.keys.y);
		assert_true(l.message.rows <= 3);
		assert_true(l.body.rows >= 2 || l.body.rows == before.body.rows);
		if (rows >= 16)
			assert_int_equal(l.message.rows, 3);
		layout_message(&before, 1);
		assert_int_equal(before.message.rows, 1);
	}
}

static void test_modes(void **state)
{
	static const struct {
		int rows, cols;
		enum layout_mode mode;
	} sizes[] = {
		{1, 1, LAYOUT_LINE},
		{4, 80, LAYOUT_LINE},
		{24, 19, LAYOUT_LINE},
		{5, 20, LAYOUT_TINY},
		{9, 80, LAYOUT_TINY},
		{10, 40, LAYOUT_SMALL},
		{15, 80, LAYOUT_SMALL},
		{16, 60, LAYOUT_STACKED},
		{24, 80, LAYOUT_STACKED},
		{19, 120, LAYOUT_STACKED},
		{20, 110, LAYOUT_WIDE},
		{60, 200, LAYOUT_WIDE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(layout_make(sizes[i].rows, sizes[i].cols).mode, sizes[i].mode);
}

static void test_parts(void **state)
{
	struct rect r = {3, 2, 10, 50}, c = layout_center(r, 4, 20);

	(void)state;
	assert_int_equal(c.y, 6);
	assert_int_equal(c.x, 17);
	assert_int_equal(layout_center(r, 90, 90).rows, 10);
	assert_int_equal(layout_below(r, 4).y, 7);
	assert_int_equal(layout_below(r, 40).rows, 0);
	assert_int_equal(layout_top(r, 3).rows, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size_fits),
		cmocka_unit_test(test_long_message),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
