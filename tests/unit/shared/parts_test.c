/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small parts of the screen: list positions, undo, widths, growing logs, what is removed from a guest's output. */
#include "base/text.h"
#include "shared/guest.h"
#include "shared/guest_checks.h"
#include "shared/guest_filter.h"
#include "shared/keys.h"
#include "shared/list.h"
#include "shared/log_lines.h"
#include "shared/undo.h"
#include "shared/width.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_list(void **state)
{
	struct list l = {0};

	(void)state;
	list_move(&l, LIST_DOWN);
	assert_int_equal(l.at, 0);
	list_count(&l, 30);
	list_show(&l, 10);
	list_move(&l, LIST_PAGE_DOWN);
	list_move(&l, LIST_PAGE_DOWN);
	list_show(&l, 10);
	assert_true(l.at >= l.top && l.at < l.top + 10);
	assert_true(list_moves(&l, ACT_LAST));
	assert_int_equal(l.at, 29);
	assert_false(list_moves(&l, ACT_ENTER));
	list_show(&l, 10);
	list_count(&l, 3);
	list_show(&l, 10);
	assert_int_equal(l.at, 2);
	assert_int_equal(l.top, 0);
	list_show(&l, 0);
	assert_int_equal(l.top, 2);
}

static void test_undo(void **state)
{
	struct undo u = {0};

	(void)state;
	assert_null(undo_back(&u));
	undo_push(&u, "a", NULL, "1");
	undo_push(&u, "a", "1", "2");
	assert_string_equal(undo_back(&u)->before, "1");
	assert_string_equal(undo_forward(&u)->after, "2");
	assert_null(undo_forward(&u));
	undo_back(&u);
	undo_push(&u, "b", NULL, "x");
	assert_null(undo_forward(&u));
	assert_string_equal(undo_back(&u)->name, "b");
	assert_null(undo_back(&u)->before);
	assert_null(undo_back(&u));
	undo_release(&u);
}

static void test_width(void **state)
{
	size_t next;
	uint32_t c;

	(void)state;
	assert_int_equal(width_of("abc"), 3);
	assert_int_equal(width_of("gr\303\274n"), 4);
	assert_int_equal(width_of("e\314\201"), 1);
	assert_int_equal(width_of("\346\274\242"), 2);
	assert_int_equal(width_fit("\346\274\242x", 1, NULL), 0);
	assert_int_equal(width_next("\303", &c), 1);
	assert_int_equal(width_next("\355\240\200", &c), 1);
	assert_int_equal(width_wrap("one two three", 8, &next), 7);
	assert_int_equal(next, 8);
	assert_int_equal(width_wrap("onelongword", 4, &next), 4);
	assert_int_equal(next, 4);
	assert_int_equal(width_wrap("a\nb", 10, &next), 1);
	assert_int_equal(next, 2);
	/* A character wider than the line must not stop the wrapping. */
	width_wrap("\346\274\242", 1, &next);
	assert_true(next > 0);
}

static void test_log_lines(void **state)
{
	struct log_lines l;

	(void)state;
	log_lines_init(&l);
	log_lines_add(&l, "one\r\ntw", 7);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.at[0], "one");
	log_lines_add(&l, "o\033[31mred\n\033]0;title\007x\n", 22);
	assert_string_equal(l.at[1], "twored");
	assert_null(strchr(l.at[2], 033));
	assert_int_equal(log_lines_find(&l, "wored"), 1);
	assert_int_equal(log_lines_find(&l, "absent"), SIZE_MAX);
	log_lines_add(&l, "rest", 4);
	assert_int_equal(l.n, 3);
	log_lines_flush(&l);
	assert_int_equal(l.n, 4);
	l.keep = 4;
	log_lines_add(&l, "five\n", 5);
	assert_string_equal(l.at[l.n - 1], "five");
	assert_true(l.n <= 4 && l.dropped > 0);
	log_lines_release(&l);
}

static void test_log_grows(void **state)
{
	char path[] = "/tmp/log-lines-XXXXXX";
	int fd = mkstemp(path);
	struct log_lines l;

	(void)state;
	log_lines_init(&l);
	assert_true(fd >= 0);
	assert_false(log_lines_grow(&l, path));
	assert_int_equal(write(fd, "a\nb\n", 4), 4);
	assert_true(log_lines_grow(&l, path));
	assert_false(log_lines_grow(&l, path));
	assert_int_equal(l.n, 2);
	/* Rewritten and shorter: the old content is gone. */
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, "c\n", 2, 0), 2);
	assert_true(log_lines_grow(&l, path));
	assert_int_equal(l.n, 1);
	assert_string_equal(l.at[0], "c");
	close(fd);
	unlink(path);
	assert_false(log_lines_grow(&l, path));
	log_lines_release(&l);
}

static void filtered(const char *in, const char *expected)
{
	struct text whole = TEXT_INIT, pieces = TEXT_INIT;
	struct guest_filter a = {0}, b = {0};

	guest_filter(&a, in, strlen(in), &whole);
	for (; *in; in++)
		guest_filter(&b, in, 1, &pieces);
	assert_string_equal(whole.s, expected);
	assert_string_equal(pieces.s, expected);
	text_release(&whole);
	text_release(&pieces);
}

static void test_guest_filter(void **state)
{
	(void)state;
	filtered("a\033[1mb\033[5bc", "a\033[1mbc");
	filtered("\033[\033[5bx", "x");
	filtered("\033[3 bx", "x");
	filtered("\033[5\rbx", "\rx");
	filtered("x\302\233y\302\274z", "xy\302\274z");
	filtered("\033[5\030b", "b");
	filtered("\033c\033(B", "\033c\033(B");
}

static void row_is(const struct guest *g, int y, const char *expected)
{
	char row[512] = "", cell[32];
	unsigned style;
	size_t n = 0;

	for (int x = 0; x < g->cols; x++) {
		guest_cell(g, y, x, cell, &style);
		n += (size_t)snprintf(row + n, sizeof row - n, "%s", cell);
	}
	while (n && row[n - 1] == ' ')
		row[--n] = '\0';
	assert_string_equal(row, expected);
}

static void test_guest_resize_replays(void **state)
{
	struct guest g;
	int y, x;

	(void)state;
	guest_init(&g);
	guest_feed(&g, "hello\r\nworld", 12);
	guest_size(&g, 24, 80);
	row_is(&g, 0, "hello");
	guest_size(&g, 1, 1);
	assert_int_equal(g.rows, 5);
	assert_int_equal(g.cols, 20);
	row_is(&g, 1, "world");
	guest_cursor(&g, &y, &x);
	assert_int_equal(y, 1);
	assert_int_equal(x, 5);
	guest_release(&g);
}

/* Sequences that hang or break some versions of the emulator. */
static void test_guest_survives(void **state)
{
	static const char *const evil[] = {"\033[5b", " \r\314\201\033[5b",
		"\342\200\213\033[99999b", "\033[20;24r\033[S\n\n\n",
		"\033[999999999;999999999H\342\226\210", "\346\274\242\033[5b"};
	struct guest g;

	(void)state;
	guest_init(&g);
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		guest_size(&g, 24 - 3 * (int)i, 80 - 12 * (int)i);
		guest_feed(&g, evil[i], strlen(evil[i]));
	}
	srand(7);
	for (int round = 0; round < 200; round++) {
		char noise[2000];

		for (size_t i = 0; i < sizeof noise; i++)
			noise[i] = (char)(rand() % 4 ? rand() % 256
						     : "\033[;0123456789bHJKmr"[rand() % 19]);
		guest_feed(&g, noise, sizeof noise);
		guest_size(&g, 5 + rand() % 40, 20 + rand() % 100);
	}
	guest_release(&g);
}

static void see(struct guest_checks *g, const char *bytes, struct text *out)
{
	/* One byte at a time, as a serial line may bring them. */
	for (; *bytes; bytes++)
		guest_checks(g, bytes, 1, out);
}

/* What the test boot types and is answered is not seen, what stands around it is, and the prompt stays one. */
static void test_checks_are_left_out(void **state)
{
	struct guest_checks g = {0};
	struct text out = TEXT_INIT;

	(void)state;
	see(&g, "hello\r\n/ # echo b\"s\"-w-1-begin; mount; echo b\"s\"-w-1-end-$?\r\nbs-w-1-begin\r\n",
		&out);
	see(&g, "proc on /proc\r\nbs-w-1-end-0\r\n/ # ", &out);
	assert_string_equal(out.s, "hello\r\n/ # \r\033[K/ # ");
	text_clear(&out);
	see(&g, "echo b is no mark, eecho b\"s\" neither\r\n", &out);
	assert_string_equal(out.s, "echo b is no mark, eecho b\"s\" neither\r\n");
	text_clear(&out);
	/* A key of a person is seen before the next one. */
	see(&g, "ec", &out);
	guest_checks_flush(&g, &out);
	assert_string_equal(out.s, "ec");
	text_clear(&out);
	guest_checks_size(20, 80, &out);
	assert_non_null(strstr(out.s, "stty rows 20 cols 80;"));
	/* Something else than a shell reads it: what follows is seen soon. */
	text_clear(&out);
	see(&g, "echo b\"s\"-size-begin\r\n1\n2\n3\n4\n", &out);
	assert_string_equal(out.s, "");
	guest_checks_flush(&g, &out);
	see(&g, "seen", &out);
	assert_string_equal(out.s, "seen");
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checks_are_left_out),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_log_lines),
		cmocka_unit_test(test_log_grows),
		cmocka_unit_test(test_guest_filter),
		cmocka_unit_test(test_guest_resize_replays),
		cmocka_unit_test(test_guest_survives),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
