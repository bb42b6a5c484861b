/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulator's control connection: events out of a stream of lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "boot/qmp.h"

static void on_event(void *ctx, const struct qmp_event *e)
{
	text_fmt(ctx, "%s %s %d|", e->name, e->reason, e->guest);
}

static const char stream[] = "{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}\r\n"
			     "{\"return\": {}}\r\n"
			     "{\"timestamp\": {\"seconds\": 1}, \"event\": \"GUEST_PANICKED\", "
			     "\"data\": {\"action\": \"pause\"}}\r\n"
			     "not json\n\n[1,2]\n{\"event\": 5}\n{\"event\": "
			     "\"RESET\"}\n{\"event\": \"X\", \"data\": 3}\n"
			     "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": "
			     "\"guest-shutdown\"}}\r\n";

static void test_events(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < sizeof stream; piece++) {
		struct text out = TEXT_INIT;
		struct qmp q;

		qmp_init(&q);
		for (size_t at = 0; at < sizeof stream - 1; at += piece)
			qmp_feed(&q, stream + at,
				sizeof stream - 1 - at < piece ? sizeof stream - 1 - at : piece,
				on_event, &out);
		assert_string_equal(
			out.s, "GUEST_PANICKED  0|RESET  0|X  0|SHUTDOWN guest-shutdown 1|");
		qmp_release(&q);
		text_release(&out);
	}
}

static void test_commands(void **state)
{
	struct qmp q;

	(void)state;
	qmp_init(&q);
	qmp_command(&q, "quit");
	assert_string_equal(
		q.out.s, "{\"execute\":\"qmp_capabilities\"}\r\n{\"execute\":\"quit\"}\r\n");
	qmp_release(&q);
}

static void answer(struct qmp *q, const char *line)
{
	struct text out = TEXT_INIT;

	qmp_feed(q, line, strlen(line), on_event, &out);
	text_release(&out);
}

static void test_picture(void **state)
{
	struct qmp q;

	(void)state;
	qmp_init(&q);
	text_clear(&q.out);
	qmp_screendump(&q, "/a \"b\".png");
	assert_non_null(strstr(q.out.s, "\"filename\":\"/a \\\"b\\\".png\""));
	answer(&q, "{\"return\": {}}\r\n");
	assert_int_not_equal(q.asked, q.answered);
	answer(&q, "{\"return\": {}, \"id\": 1}\r\n");
	assert_int_equal(q.asked, q.answered);
	assert_false(q.refused);
	qmp_screendump(&q, "x");
	answer(&q, "{\"error\": {\"desc\": \"no\"}, \"id\": 2}\r\n");
	assert_int_equal(q.asked, q.answered);
	assert_true(q.refused);
	qmp_release(&q);
}

static void test_long_line(void **state)
{
	struct text out = TEXT_INIT;
	struct qmp q;
	char piece[1000];

	(void)state;
	memset(piece, ' ', sizeof piece);
	qmp_init(&q);
	for (int i = 0; i < 1000; i++)
		qmp_feed(&q, piece, sizeof piece, on_event, &out);
	assert_true(q.in.cap <= 2 * QMP_LINE);
	qmp_feed(&q, "\n{\"event\":\"STOP\"}\n", 18, on_event, &out);
	assert_string_equal(out.s, "STOP  0|");
	qmp_release(&q);
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_picture),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
