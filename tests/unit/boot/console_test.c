/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial stream cut into lines, and the conversation on top of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "boot/console.h"
#include "boot/talk.h"

struct heard {
	struct text lines, talk; /* joined by '|' */
};

static void on_line(void *ctx, const char *s, size_t len)
{
	struct heard *h = ctx;

	text_add(&h->lines, s, len);
	text_char(&h->lines, '|');
}

static void on_talk(void *ctx, const char *s, size_t len)
{
	struct heard *h = ctx;

	text_add(&h->talk, s, len);
	text_char(&h->talk, '|');
}

/* Feeds the bytes in pieces of `piece` and compares what came out; "" for talk means: the same as the lines. */
static void expect(const char *bytes, size_t len, size_t piece, const char *lines, const char *talk)
{
	struct heard h = {TEXT_INIT, TEXT_INIT};
	struct console c;

	console_init(&c, on_line, on_talk, &h);
	for (size_t at = 0; at < len; at += piece)
		console_feed(&c, bytes + at, len - at < piece ? len - at : piece);
	console_end(&c);
	assert_string_equal(h.lines.s, lines);
	assert_string_equal(h.talk.s, *talk ? talk : lines);
	assert_int_equal(c.bytes, len);
	console_release(&c);
	text_release(&h.lines);
	text_release(&h.talk);
}

static void expect_all(const char *bytes, const char *lines, const char *talk)
{
	for (size_t piece = 1; piece <= strlen(bytes); piece++)
		expect(bytes, strlen(bytes), piece, lines, talk);
}

static void test_lines(void **state)
{
	(void)state;
	expect_all("one\r\ntwo\nthree\r\r\n\r\nfour", "one|two|three|four|", "");
	expect_all("half\rline\n", "half|line|", "");
	expect_all("a\tb\a\b\x7f c\n", "a\tb c|", "");
}

static void test_escapes(void **state)
{
	(void)state;
	expect_all("\x1b[1;31mred\x1b[0m\x1b[6n plain\n", "red plain|", "");
	expect_all("\x1b]0;title\a1\x1b]2;x\x1b\\2\x1bP q\x1b\\3\x1b(B4\x1b"
		   "c5\n",
		"12345|", "");
	expect_all("\x1b]never ends\nnext\n", "next|", "");
	expect_all("\x1b[12\x18text\n", "text|", "");
}

static void test_unfinished_string_ends(void **state)
{
	struct text bytes = TEXT_INIT;

	(void)state;
	text_str(&bytes, "\x1b]");
	for (int i = 0; i < CONSOLE_ESCAPE + 10; i++)
		text_char(&bytes, 'x');
	text_str(&bytes, "end\n");
	expect(bytes.s, bytes.len, 1000, "xxxxxxxxxxend|", "");
	text_release(&bytes);
}

static void test_kernel_messages(void **state)
{
	(void)state;
	expect_all("[    0.000000] Linux version 6\r\nshell\r\n",
		"[    0.000000] Linux version 6|shell|", "shell|");
	expect_all("6.12[   12.345678] e1000: link\r\n.107\r\n",
		"6.12[   12.345678] e1000: link|.107|", "6.12.107|");
	expect_all("~ # [    1.000000] random: done\r\nls\n", "~ # [    1.000000] random: done|ls|",
		"~ # ls|");
	expect_all("[1] done [ 12] [12.5] [x] [[   1.234567] k\nend\n",
		"[1] done [ 12] [12.5] [x] [[   1.234567] k|end|",
		"[1] done [ 12] [12.5] [x] [end|");
	expect_all("[[[[\n", "[[[[|", "");
}

static void test_long_line(void **state)
{
	struct heard h = {TEXT_INIT, TEXT_INIT};
	struct console c;
	char *bytes = malloc(1 << 20);

	(void)state;
	memset(bytes, 'a', 1 << 20);
	console_init(&c, on_line, on_talk, &h);
	console_feed(&c, bytes, 1 << 20);
	console_feed(&c, "Kernel panic\n", 13);
	assert_true(c.line.cap < 4 * CONSOLE_LINE && c.talk.cap < 4 * CONSOLE_LINE);
	assert_non_null(strstr(h.lines.s, "|Kernel panic|"));
	console_release(&c);
	text_release(&h.lines);
	text_release(&h.talk);
	free(bytes);
}

#define WORD "0123456789abcdef"

/* Feeds the lines to the conversation; true if one of them completed the answer. */
static bool play(struct talk *t, const char *const lines[], size_t n)
{
	bool done = false;

	for (size_t i = 0; i < n; i++)
		done = talk_line(t, lines[i], strlen(lines[i])) || done;
	return done;
}
#define PLAY(t, ...)                                \
	play(t, (const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void test_answer(void **state)
{
	struct talk t;

	(void)state;
	talk_init(&t, WORD);
	talk_ask(&t, "uname -r");
	assert_non_null(strstr(t.typing.s, "uname -r"));
	/* the echo of what is typed, even wrapped, must not be mistaken for the answer */
	assert_null(strstr(t.typing.s, "bs-" WORD));
	assert_false(PLAY(&t,
		"~ # echo b\"s\"-" WORD "-1-begin; uname -r; echo b\"s\"-" WORD "-1-end-$?",
		"stray"));
	assert_true(PLAY(&t, "bs-" WORD "-1-begin", "6.12.107", "bs-" WORD "-1-end-0"));
	assert_string_equal(t.output.s, "6.12.107\n");
	assert_int_equal(t.status, 0);
	assert_false(PLAY(&t, "bs-" WORD "-1-end-0"));
	talk_ask(&t, "false");
	assert_true(PLAY(&t, "~ # bs-" WORD "-2-begin", "no newlinebs-" WORD "-2-end-1"));
	assert_string_equal(t.output.s, "no newline\n");
	assert_int_equal(t.status, 1);
	talk_release(&t);
}

/* Answers of another run or to another question are not ours. */
static void test_false_answers(void **state)
{
	struct talk t;

	(void)state;
	talk_init(&t, WORD);
	talk_ask(&t, "a");
	talk_ask(&t, "b");
	assert_false(PLAY(&t, "bs-" WORD "-1-begin", "x", "bs-" WORD "-1-end-0"));
	assert_false(PLAY(&t, "bs-fedcba9876543210-2-begin", "x", "bs-fedcba9876543210-2-end-0"));
	assert_false(PLAY(&t, "bs-" WORD "-2-end-0"));
	assert_false(PLAY(&t, "bs-" WORD "-3-begin", "bs-" WORD "-3-end-0"));
	assert_false(PLAY(&t, "bs-" WORD "-99999999999999999999-begin", "bs-" WORD "-x-begin"));
	assert_true(PLAY(&t, "bs-" WORD "-2-begin", "bs-" WORD "-2-end-7"));
	assert_int_equal(t.status, 7);
	talk_release(&t);
}

static void test_asked_again(void **state)
{
	struct talk t;

	(void)state;
	talk_init(&t, WORD);
	talk_ask(&t, ":");
	talk_again(&t, ":");
	assert_true(PLAY(&t, "bs-" WORD "-1-begin", "bs-" WORD "-1-end-0"));
	talk_ask(&t, "hostname");
	assert_false(PLAY(&t, "bs-" WORD "-2-begin", "bs-" WORD "-2-end-0"));
	assert_true(PLAY(&t, "bs-" WORD "-3-begin", "name", "bs-" WORD "-3-end-0"));
	assert_string_equal(t.output.s, "name\n");
	talk_release(&t);
}

static void test_too_much_output(void **state)
{
	struct talk t;

	(void)state;
	talk_init(&t, WORD);
	talk_ask(&t, "yes");
	assert_false(PLAY(&t, "bs-" WORD "-1-begin"));
	for (int i = 0; i < 100000; i++)
		talk_line(&t, "y and many more words to fill the memory", 40);
	assert_true(t.output.len <= TALK_OUTPUT);
	assert_true(PLAY(&t, "bs-" WORD "-1-end-0"));
	talk_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_unfinished_string_ends),
		cmocka_unit_test(test_kernel_messages),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_false_answers),
		cmocka_unit_test(test_asked_again),
		cmocka_unit_test(test_too_much_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
