/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulator's control connection: what a stream of lines says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "boot/qmp.h"

static const char stream[] =
	"{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}\r\n"
	"{\"return\": {}}\r\n"
	"{\"timestamp\": {\"seconds\": 1}, \"event\": \"GUEST_PANICKED\", \"data\": {\"action\": \"pause\"}}\r\n"
	"not json\n"
	"\n"
	"[1,2]\n"
	"{\"event\": 5}\n"
	"{\"event\": \"RESET\"}\n"
	"{\"event\": \"X\", \"data\": 3}\n"
	"{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": \"guest-shutdown\"}}\r\n";

static void test_events(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < sizeof stream; piece++) {
		struct qmp q;

		qmp_init(&q);
		for (size_t at = 0; at < sizeof stream - 1; at += piece) {
			assert_int_equal(q.stop, QMP_STOP_NONE);
			qmp_feed(&q, stream + at,
				sizeof stream - 1 - at < piece ? sizeof stream - 1 - at : piece);
		}
		assert_int_equal(q.stop, QMP_STOP_OFF);
		qmp_release(&q);
	}
}

static void feed(struct qmp *q, const char *line)
{
	qmp_feed(q, line, strlen(line));
}

static void test_stops(void **state)
{
	static const struct {
		const char *data;
		enum qmp_stop stop;
	} cases[] = {
		{"{\"guest\": true, \"reason\": \"guest-shutdown\"}", QMP_STOP_OFF},
		{"{\"guest\": false, \"reason\": \"guest-shutdown\"}", QMP_STOP_OTHER},
		{"{\"guest\": true, \"reason\": \"guest-reset\"}", QMP_STOP_RESET},
		{"{\"guest\": false, \"reason\": \"host-qmp-quit\"}", QMP_STOP_OTHER},
		{"{}", QMP_STOP_OTHER},
		{"3", QMP_STOP_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char line[200];
		struct qmp q;

		qmp_init(&q);
		snprintf(line, sizeof line, "{\"event\": \"SHUTDOWN\", \"data\": %s}\n",
			cases[i].data);
		feed(&q, line);
		assert_int_equal(q.stop, cases[i].stop);
		/* the first that was told counts */
		feed(&q, "{\"event\": \"SHUTDOWN\", \"data\": {\"reason\": \"guest-reset\"}}\n");
		assert_int_equal(q.stop, cases[i].stop);
		qmp_release(&q);
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

static void test_picture(void **state)
{
	struct qmp q;

	(void)state;
	qmp_init(&q);
	text_clear(&q.out);
	qmp_screendump(&q, "/a \"b\".png");
	assert_non_null(strstr(q.out.s, "\"filename\":\"/a \\\"b\\\".png\""));
	feed(&q, "{\"return\": {}}\r\n");
	assert_int_not_equal(q.asked, q.answered);
	feed(&q, "{\"return\": {}, \"id\": 1}\r\n");
	assert_int_equal(q.asked, q.answered);
	assert_false(q.refused);
	qmp_screendump(&q, "x");
	feed(&q, "{\"error\": {\"desc\": \"no\"}, \"id\": 2}\r\n");
	assert_int_equal(q.asked, q.answered);
	assert_true(q.refused);
	qmp_release(&q);
}

static void test_long_line(void **state)
{
	struct qmp q;
	char piece[1000];

	(void)state;
	memset(piece, ' ', sizeof piece);
	qmp_init(&q);
	for (int i = 0; i < 1000; i++)
		qmp_feed(&q, piece, sizeof piece);
	assert_true(q.in.cap <= 2 * QMP_LINE);
	feed(&q, "\n{\"event\":\"SHUTDOWN\"}\n");
	assert_int_equal(q.stop, QMP_STOP_OTHER);
	qmp_release(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_picture),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
