/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of a test grid, as it grows from events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>

#include "base/text.h"
#include "shared/grid.h"
#include "shared/width.h"

static const struct event_cell cells[] = {
	{"direct", "kernel", "kernel", "vmlinuz", NULL, NULL},
	{"bios", "cd", "CD", "a.iso", NULL, NULL},
	{"uefi", "cd", "CD", "a.iso", NULL, NULL},
	{"bios", "usb", "USB stick", "a.iso", "no driver", NULL},
	{"bios", "usb", "USB stick", "a-name-that-is-much-too-long-for-its-column.img", NULL, NULL},
	{"uefi", "usb", "USB stick", "a.iso", "no driver", NULL},
	{"uefi", "usb", "USB stick", "a-name-that-is-much-too-long-for-its-column.img", NULL, NULL},
};

static void plan(struct grid *g)
{
	struct event e = {.kind = EVENT_GRID_PLAN};

	e.grid_plan.cells = (struct event_cells){cells, sizeof cells / sizeof *cells};
	grid_event(g, &e);
}

static void start(struct grid *g, long cell)
{
	grid_event(g, &(struct event){.kind = EVENT_BOOT_START, .boot_start.cell = cell});
}

static void end(struct grid *g, long cell, enum verdict verdict, double ready)
{
	static const struct event_diagnosis fell = {.id = "x", .cause = "it fell"};
	struct event e = {.kind = EVENT_VERDICT};

	e.verdict.cell = cell;
	e.verdict.verdict = verdict;
	e.verdict.ready_seconds = ready;
	e.verdict.diagnosis = verdict == VERDICT_FAIL ? &fell : NULL;
	grid_event(g, &e);
}

static void expect_in(const struct grid *g, int cols, size_t line, bool utf8, const char *wanted)
{
	struct text out = TEXT_INIT;
	enum grid_state worst;

	assert_true(grid_print_line(g, line, cols, utf8, &out, &worst));
	assert_string_equal(out.s, wanted);
	text_release(&out);
}

static void expect_line(const struct grid *g, size_t line, bool utf8, const char *wanted)
{
	expect_in(g, GRID_COLUMNS, line, utf8, wanted);
}

static void expect_narrow(const struct grid *g)
{
	struct text out = TEXT_INIT;
	enum grid_state worst;

	for (int cols = 37; cols <= 100; cols++) {
		for (size_t i = 0; grid_print_line(g, i, cols, true, &out, &worst); i++) {
			assert_true(width_of(out.s) >= 1 && width_of(out.s) <= cols);
			text_clear(&out);
		}
	}
	text_release(&out);
}

static void test_table(void **state)
{
	struct grid g = {0};
	struct text out = TEXT_INIT;
	enum grid_state worst;

	(void)state;
	end(&g, 1, VERDICT_PASS, 1); /* before there is a plan: nothing happens */
	plan(&g);
	assert_int_equal(g.cells.n, 7);
	assert_int_equal(grid_count(&g, GRID_WAIT), 5);
	start(&g, 1);
	expect_line(&g, 0, false,
		"medium             file                    direct      BIOS        UEFI");
	expect_line(&g, 1, false, "kernel             vmlinuz                 running");
	end(&g, 1, VERDICT_PASS, 4.25);
	end(&g, 2, VERDICT_FAIL, 0);
	end(&g, 3, VERDICT_TIMEOUT, 0);
	end(&g, 99, VERDICT_FAIL, 0);
	expect_line(&g, 1, false, "kernel             vmlinuz                 ok 4.2 s");
	expect_line(&g, 1, true, "kernel             vmlinuz                 \xe2\x9c\x93 4.2 s");
	expect_line(&g, 2, false,
		"CD                 a.iso                               FAIL        TIME-OUT");
	expect_line(&g, 3, false,
		"USB stick          a.iso                               -           -");
	expect_line(&g, 4, false,
		"USB stick          a-name-that-is-much-too             .           .");
	expect_in(&g, 60, 0, false, "medium             direct      BIOS        UEFI");
	expect_in(&g, 60, 1, false, "kernel             ok 4.2 s");
	expect_in(&g, 38, 0, false, "medium        direct  BIOS    UEFI");
	expect_in(&g, 38, 1, false, "kernel        ok 4.2");
	expect_in(&g, 38, 2, false, "CD                    FAIL    TIME");
	assert_false(grid_print_line(&g, 5, GRID_COLUMNS, false, &out, &worst));
	expect_narrow(&g);
	assert_int_equal(grid_rows(&g), 4);
	assert_int_equal(grid_row_of(&g, 0), 0);
	assert_int_equal(grid_row_of(&g, 2), 1);
	assert_int_equal(grid_row_of(&g, 5), 2);
	grid_print_sum(&g, &out);
	assert_string_equal(out.s, "1 of 5 passed, 1 FAILED, 1 timed out");
	text_clear(&out);
	assert_true(grid_print_reason(&g, 0, &out));
	assert_string_equal(out.s, "USB stick: no driver");
	assert_false(grid_print_reason(&g, 1, &out));
	text_clear(&out);
	grid_print_name(&g.cells.at[2], &out);
	assert_string_equal(out.s, "UEFI, CD, a.iso");
	assert_string_equal(g.cells.at[1].cause, "it fell");
	text_release(&out);
	grid_release(&g);
}

/* What all media lack for the same firmware is reported once, for the firmware. */
static void test_reasons(void **state)
{
	static const struct event_cell out[] = {
		{"bios", "cd", "CD", NULL, "add iso", NULL},
		{"uefi", "cd", "CD", NULL, "add iso", NULL},
		{"bios", "sd", "SD card", "a.img", NULL, NULL},
		{"uefi", "sd", "SD card", "a.img", "none here", NULL},
		{"bios", "usb", "USB stick", "a.img", NULL, NULL},
		{"uefi", "usb", "USB stick", "a.img", "none here", NULL},
	};
	struct event e = {.kind = EVENT_GRID_PLAN, .grid_plan.cells = {out, 6}};
	struct text all = TEXT_INIT;
	struct grid g = {0};

	(void)state;
	grid_event(&g, &e);
	for (size_t i = 0; grid_print_reason(&g, i, &all); i++)
		text_str(&all, "; ");
	assert_string_equal(all.s, "CD: add iso; UEFI: none here; ");
	text_release(&all);
	grid_release(&g);
}

/* A run that ends early leaves nothing running. */
static void test_lost(void **state)
{
	struct grid g = {0};

	(void)state;
	plan(&g);
	start(&g, 5);
	grid_event(&g, &(struct event){.kind = EVENT_LOST});
	assert_true(g.over);
	assert_int_equal(grid_count(&g, GRID_RUN), 0);
	assert_int_equal(grid_count(&g, GRID_FAIL), 1);
	grid_release(&g);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_table),
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_lost)};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
