/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model of a run: counts add up whatever happens, running steps stay on top, and replaying the events gives the same
 * model. */
#include "base/text.h"
#include "base/vec.h"
#include "shared/model.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct event_step plan_steps[] = {
	{"a.fetch", "download", true, NULL, 0},
	{"a.build", "compile", false, NULL, 0},
	{"b.build", "compile", false, NULL, 0},
	{"image", "write image", false, NULL, 0},
};
static const struct event plan = {.kind = EVENT_PLAN, .plan.steps = {plan_steps, 4}};

static void start(struct model *m, const char *id, double time)
{
	struct event e = {.kind = EVENT_STEP_START, .step_start = {id, "/log"}, .time = time};

	model_event(m, &e);
}

static void done(struct model *m, const char *id, enum step_result result, double time)
{
	struct event_failure failure = {.step = id, .line = "error: no", .log = "/log"};
	struct event e = {
		.kind = EVENT_STEP_DONE, .step_done = {id, result, 1, NULL}, .time = time};

	if (result == RESULT_FAILED)
		e.step_done.failure = &failure;
	model_event(m, &e);
}

static size_t total(const struct model *m)
{
	size_t n = 0;

	for (int i = 0; i < STEP_STATES; i++)
		n += model_count(m, (enum model_state)i);
	return n;
}

static void test_counts_add_up(void **state)
{
	struct model m = {0};
	struct event end = {.kind = EVENT_FINISHED, .finished = {.status = 3, .seconds = 9}};

	(void)state;
	model_event(&m, &plan);
	assert_int_equal(model_count(&m, STEP_CACHED), 1);
	start(&m, "a.build", 1);
	start(&m, "b.build", 2);
	assert_int_equal(model_count(&m, STEP_RUN), 2);
	assert_int_equal(model_ended(&m), 1);
	assert_int_equal(total(&m), 4);
	assert_string_equal(model_busiest(&m)->id, "a.build");
	done(&m, "a.build", RESULT_FAILED, 3);
	done(&m, "nobody.announced", RESULT_OK, 3);
	assert_int_equal(total(&m), 5);
	model_event(&m, &end);
	assert_int_equal(model_count(&m, STEP_RUN), 0);
	assert_int_equal(model_count(&m, STEP_SKIPPED), 1);
	assert_int_equal(m.failures.n, 1);
	assert_string_equal(m.failures.at[0].line, "error: no");
	assert_int_equal(m.status, 3);
	model_release(&m);
}

static void count(struct model *m, const char *id, uint64_t n, uint64_t of, double time)
{
	struct event e = {.kind = EVENT_PROGRESS, .progress = {id, n, of, UNIT_OBJECTS}};

	e.time = time;
	model_event(m, &e);
}

/* A forecast is believed less and less, what this run shows more and more; a step that counts is never wholly done before its
 * end. */
static void test_time_left(void **state)
{
	static const struct event_step steps[] = {{"a.unpack", "unpack", true, NULL, 0},
		{"a.build", "compile", false, NULL, 300}, {"image", "write", false, NULL, 100}};
	const struct event forecast = {.kind = EVENT_PLAN,
		.plan = {.steps = {steps, 3}, .seconds = 400, .least = 200, .most = 800}};
	struct event end = {.kind = EVENT_FINISHED, .finished = {.ok = true}};
	struct model m = {0};
	double least, most;

	(void)state;
	assert_false(model_left(&m, 0, &least, &most));
	model_event(&m, &forecast);
	assert_true(model_left(&m, 0, &least, &most));
	assert_true(least < 200 && most > 800 && most < 900);
	assert_true(model_part(&m) <= 0);
	start(&m, "a.build", 10);
	count(&m, "a.build", 50, 100, 310);
	/* twice as slow as expected: 300 s for 3 of 8 parts, 5 are left */
	assert_true(model_part(&m) > 0.37 && model_part(&m) < 0.38);
	assert_true(model_left(&m, 310, &least, &most));
	assert_true(least > 400 && least < 500 && most > 500 && most < 600);
	count(&m, "a.build", 100, 100, 600);
	assert_true(model_share(&m.steps.at[1]) < 1);
	done(&m, "a.build", RESULT_OK, 610);
	start(&m, "image", 610);
	assert_true(model_part(&m) > 0.74 && model_part(&m) < 0.76);
	done(&m, "image", RESULT_OK, 700);
	assert_true(model_part(&m) > 0.99);
	model_event(&m, &end);
	assert_false(model_left(&m, 700, &least, &most));
	model_release(&m);
}

static void test_running_comes_first(void **state)
{
	struct model m = {0};
	struct model_order order = {0};

	(void)state;
	for (int i = 0; i < 50; i++) {
		char id[16];

		snprintf(id, sizeof id, "f%d", i);
		done(&m, id, RESULT_FAILED, i);
	}
	start(&m, "late", 60);
	model_sort(&m, &order);
	assert_int_equal(order.n, 51);
	assert_string_equal(m.steps.at[order.at[0]].id, "late");
	vec_release(&order);
	model_release(&m);
}

static void test_plan_again_keeps_states(void **state)
{
	struct model m = {0};

	(void)state;
	model_event(&m, &plan);
	done(&m, "a.build", RESULT_OK, 1);
	model_event(&m, &plan);
	assert_int_equal(m.steps.n, 4);
	assert_int_equal(model_count(&m, STEP_OK), 1);
	model_release(&m);
}

static void test_lost(void **state)
{
	struct model m = {0};
	struct event lost = {.kind = EVENT_LOST};

	(void)state;
	model_event(&m, &plan);
	start(&m, "a.build", 1);
	model_event(&m, &lost);
	assert_true(m.finished && m.lost && !m.ok);
	assert_int_equal(model_count(&m, STEP_RUN), 0);
	model_release(&m);
}

static void test_verdict(void **state)
{
	struct model m = {0};
	struct event check = {.kind = EVENT_CHECK, .check = {"shell", CHECK_FAILED, "no prompt"}};
	struct event_check made[] = {
		{"shell", CHECK_PASSED, "answers"}, {"dns", CHECK_FAILED, "no answer"}};
	struct event_check not_made[] = {{"fetch", CHECK_UNTESTED, "no network"}};
	struct event verdict = {.kind = EVENT_VERDICT};

	verdict.verdict = (struct event_verdict){
		.verdict = VERDICT_TIMEOUT, .checks = {made, 2}, .untested = {not_made, 1}};
	(void)state;
	model_event(&m, &check);
	model_event(&m, &verdict);
	assert_int_equal(m.checks.n, 3);
	assert_int_equal(model_checks_ok(&m), 1);
	assert_int_equal(model_checks_untested(&m), 1);
	assert_string_equal(m.checks.at[0].detail, "answers");
	assert_int_equal(m.status, ERROR_TIMEOUT);
	model_release(&m);
}

static void progress_is(uint64_t done, uint64_t total_, enum progress_unit unit, const char *words)
{
	struct model_step s = {.done = done, .total = total_, .unit = unit};
	struct text out = TEXT_INIT;

	model_print_progress(&s, &out);
	assert_string_equal(out.s, words);
	text_release(&out);
}

static void test_progress_words(void **state)
{
	(void)state;
	progress_is(0, 0, UNIT_OBJECTS, "");
	progress_is(419430, 1153434, UNIT_BYTES, "0.4/1.1 MiB");
	progress_is(1572864, 0, UNIT_BYTES, "1.5 MiB");
	progress_is(900, 2048, UNIT_BYTES, "1/2 KiB");
	progress_is(1432, 2610, UNIT_OBJECTS, "1432/2610 objects");
	progress_is(1432, 0, UNIT_OBJECTS, "1432 objects");
}

/* A run found running began as long ago as its newest event says (session.c), whatever arrives late. (Mutation: the time of the
 * newest event is never kept.) */
static void test_newest_event(void **state)
{
	struct model m = {0};

	(void)state;
	model_event(&m, &plan);
	start(&m, "a.build", 1.5);
	done(&m, "a.build", RESULT_OK, 7.25);
	start(&m, "b.build", 3);
	assert_true(m.last > 7.2 && m.last < 7.3);
	model_release(&m);
}

/* A run that failed before its first step says why itself. A cancelled one has nothing to explain. */
static void test_no_plan(void **state)
{
	struct event end = {.kind = EVENT_FINISHED, .finished = {.error = "no network"}};
	struct model m = {0};

	(void)state;
	model_event(&m, &end);
	assert_int_equal(m.status, ERROR_STEP); /* a failure that does not say which */
	assert_int_equal(m.failures.n, 1);
	assert_string_equal(m.failures.at[0].cause, "no network");
	assert_null(m.failures.at[0].step);
	assert_false(model_was_cancelled(&m));
	model_release(&m);
	end.finished.status = 130;
	end.finished.error = "cancelled";
	model_event(&m, &end);
	assert_null(m.failures.at[0].cause);
	assert_true(model_was_cancelled(&m));
	model_release(&m);
}

/* A failure's command is for display; a failure without one is still a failure. */
static void test_failures(void **state)
{
	static const char *const command[] = {"make", "-j2"};
	struct event_failure failure = {.step = "a.build", .command = {command, 2}, .exit = 2};
	struct event e = {
		.kind = EVENT_STEP_DONE, .step_done = {"a.build", RESULT_FAILED, 1, &failure}};
	struct model m = {0};

	(void)state;
	model_event(&m, &e);
	assert_string_equal(m.failures.at[0].command, "make -j2");
	assert_int_equal(m.failures.at[0].exit, 2);
	e.step_done.failure = NULL;
	model_event(&m, &e);
	assert_int_equal(m.failures.n, 2);
	assert_string_equal(m.failures.at[1].step, "a.build");
	assert_null(m.failures.at[1].command);
	model_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_add_up),
		cmocka_unit_test(test_running_comes_first),
		cmocka_unit_test(test_time_left),
		cmocka_unit_test(test_plan_again_keeps_states),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_progress_words),
		cmocka_unit_test(test_newest_event),
		cmocka_unit_test(test_no_plan),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
