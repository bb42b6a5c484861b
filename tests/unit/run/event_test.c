/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of an event log read back into facts. */
#include "base/arena.h"
#include "run/event_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct parsed {
	struct arena arena;
	struct event e;
	bool known;
};

static void parse(struct parsed *p, const char *line)
{
	struct error err;

	p->arena = (struct arena)ARENA_INIT;
	assert_true(event_parse(&p->e, &p->known, line, strlen(line), &p->arena, &err));
	assert_string_equal(p->e.json, line);
}

static void a_plan(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "{\"event\":\"plan\",\"steps\":[{\"id\":\"a.b\",\"title\":\"compile\",\"state\":"
		  "\"run\"},"
		  "{\"id\":\"c\",\"title\":\"x\",\"state\":\"cached\"}],\"time\":0.5}");
	assert_int_equal(p.e.kind, EVENT_PLAN);
	assert_int_equal(p.e.n_items, 2);
	assert_string_equal(p.e.items[0].name, "a.b");
	assert_string_equal(p.e.items[0].detail, "compile");
	assert_false(p.e.items[0].ok);
	assert_true(p.e.items[1].ok);
	assert_true(p.e.time > 0.4 && p.e.time < 0.6);
	arena_release(&p.arena);
}

static void a_failed_step(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "{\"event\":\"step-done\",\"step\":\"l\",\"result\":\"failed\",\"seconds\":2.5,"
		  "\"command\":[\"make\",\"-j2\"],"
		  "\"exit\":2,\"line\":\"x.c:1: error: "
		  "y\",\"cause\":\"c\",\"remedy\":\"r\",\"log\":\"/l\"}");
	assert_int_equal(p.e.kind, EVENT_STEP_DONE);
	assert_string_equal(p.e.result, "failed");
	assert_string_equal(p.e.failure.command, "make -j2");
	assert_int_equal(p.e.failure.exit, 2);
	assert_string_equal(p.e.failure.line, "x.c:1: error: y");
	assert_string_equal(p.e.failure.log, "/l");
	arena_release(&p.arena);
}

static void the_end(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "{\"event\":\"finished\",\"ok\":false,\"status\":8,\"error\":\"no\",\"steps\":{"
		  "\"run\":3,\"cached\":2,\"failed\":1},"
		  "\"artifacts\":[{\"path\":\"/o/"
		  "v\",\"bytes\":12,\"sha256\":\"ab\"}],\"failure\":{\"step\":\"s\",\"line\":\"l\"}"
		  "}");
	assert_int_equal(p.e.status, 8);
	assert_int_equal(p.e.run, 3);
	assert_int_equal(p.e.cached, 2);
	assert_int_equal(p.e.failed, 1);
	assert_string_equal(p.e.text, "no");
	assert_string_equal(p.e.items[0].name, "/o/v");
	assert_int_equal(p.e.items[0].bytes, 12);
	assert_string_equal(p.e.step, "s");
	assert_string_equal(p.e.failure.line, "l");
	assert_true(event_is_last(&p.e));
	arena_release(&p.arena);
}

static void a_verdict(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "{\"event\":\"verdict\",\"verdict\":\"fail\",\"accel\":\"tcg\",\"ready_seconds\":"
		  "1.5,"
		  "\"checks\":[{\"name\":\"shell\",\"ok\":true,\"detail\":\"d\"}],\"diagnosis\":{"
		  "\"id\":\"no-init\",\"cause\":\"c\"},"
		  "\"log\":\"/s\"}");
	assert_int_equal(p.e.kind, EVENT_VERDICT);
	assert_string_equal(p.e.result, "fail");
	assert_string_equal(p.e.id, "no-init");
	assert_string_equal(p.e.failure.cause, "c");
	assert_string_equal(p.e.items[0].name, "shell");
	assert_string_equal(p.e.items[0].detail, "d");
	assert_true(p.e.seconds > 1.4);
	arena_release(&p.arena);
	parse(&p, "{\"event\":\"check\",\"name\":\"dns\",\"ok\":true,\"detail\":\"d\"}");
	assert_string_equal(p.e.step, "dns");
	assert_string_equal(p.e.text, "d");
	arena_release(&p.arena);
}

static void wrong_types_do_no_harm(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "{\"event\":\"finished\",\"ok\":\"yes\",\"status\":\"x\",\"steps\":7,"
		  "\"artifacts\":[1,null,{}],\"failure\":[]}");
	assert_int_equal(p.e.n_items, 3);
	assert_string_equal(p.e.items[0].name, "");
	assert_false(p.e.ok);
	arena_release(&p.arena);
}

static void strange_lines(void **state)
{
	struct parsed p;
	struct error err;

	(void)state;
	parse(&p, "{\"event\":\"of-the-future\"}");
	assert_false(p.known);
	arena_release(&p.arena);
	p.arena = (struct arena)ARENA_INIT;
	assert_false(event_parse(&p.e, &p.known, "{\"event\"", 8, &p.arena, &err));
	assert_false(event_parse(&p.e, &p.known, "[]", 2, &p.arena, &err));
	arena_release(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan),
		cmocka_unit_test(a_failed_step),
		cmocka_unit_test(the_end),
		cmocka_unit_test(a_verdict),
		cmocka_unit_test(wrong_types_do_no_harm),
		cmocka_unit_test(strange_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
