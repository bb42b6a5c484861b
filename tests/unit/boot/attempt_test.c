/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When an attempt types, by the test's own clock, so that no machine is too slow. Whole boots are in boot_test.c. */
#include "base/arena.h"
#include "base/known.h"
#include "base/place.h"
#include "base/vec.h"
#include "boot/boot.h"
#include "boot/boot_attempt.h"
#include "boot/console.h"
#include "boot/conversation.h"
#include "boot/diagnose.h"
#include "boot/findings.h"
#include "boot/qmp.h"
#include "choice/facts.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static struct place here;
static struct boot_job job;
static struct attempt attempt;
static struct conversation *const talk = &attempt.conversation;

static void ignore(void *ctx, const char *line, size_t len)
{
	(void)ctx;
	(void)line;
	(void)len;
}

static int set_up(void **state)
{
	struct error err = {0};

	(void)state;
	vec_push_in(&here.arena, &here.data, ".");
	job = (struct boot_job){.limit_s = 60};
	facts_set(&job.facts, "console", "%s", "");
	facts_set(&job.facts, "words", "%s", "");
	facts_set(&job.facts, "replaced", "%s", "");
	if (!diagnose_load(&job.known, &here, &job.facts, &err))
		fail_msg("%s", err.text);
	attempt = (struct attempt){.job = &job,
		.emulator = {
			.accel = ACCEL_TCG, .serial = -1, .control = -1, .command = TEXT_INIT}};
	qmp_init(&attempt.emulator.qmp);
	findings_begin(&attempt.findings, &job, NULL);
	conversation_begin(talk, &job, NULL, &attempt.findings, "0123456789abcdef");
	console_init(&talk->console, ignore, ignore, NULL);
	vec_push_in(&job.arena, &talk->milestones, "init");
	talk->began = 98;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	attempt_release(&attempt);
	known_release(&job.known);
	facts_release(&job.facts);
	arena_release(&job.arena);
	place_release(&here);
	return 0;
}

static void says(const char *words, double now)
{
	console_feed(&talk->console, words, strlen(words));
	talk->heard = now;
}

static const char *typed(double now)
{
	attempt_step(&attempt, now);
	return talk->talk.typing.len ? talk->talk.typing.s : "";
}

/* What looks like a prompt may be the start of a line. (Mutation: prompt_rest = 0.) */
static void a_prompt_has_to_rest(void **state)
{
	(void)state;
	says("fake login: ", 100);
	assert_string_equal(typed(100), "");
	assert_string_equal(typed(100.04), "");
	says("no more of them\r\n", 100.04);
	assert_string_equal(typed(101), "");
	says("fake login: ", 101);
	assert_string_equal(typed(101.06), "root\n");
	/* once */
	assert_string_equal(typed(101.2), "root\n");
}

/* Not before a prompt has been idle, but soon after that, without busy waiting. */
static void it_wakes_when_the_prompt_has_rested(void **state)
{
	(void)state;
	says("~ # ", 100);
	assert_true(attempt_wake(&attempt, 100) > 100.04);
	assert_true(attempt_wake(&attempt, 100) < 100.1);
	typed(100.06);
	assert_non_null(strstr(talk->talk.typing.s, "begin"));
	assert_true(attempt_wake(&attempt, 100.06) > 100.5);
}

/* A shell without a prompt is probed after two seconds of silence, then every three. (Mutation: either is 0 or more.) */
static void silence_is_waited_for(void **state)
{
	size_t asked;

	(void)state;
	says("no prompt that anybody knows\r\n", 100);
	assert_string_equal(typed(101.9), "");
	typed(102.1);
	asked = talk->talk.typing.len;
	assert_true(asked > 0);
	typed(104.9);
	assert_int_equal(talk->talk.typing.len, asked);
	typed(105.2);
	assert_true(talk->talk.typing.len > asked);
}

/* The time limit is over when it is over. */
static void the_limit_is_the_limit(void **state)
{
	(void)state;
	says("booting\r\n", 100);
	typed(98 + 59.9);
	assert_false(attempt_has_verdict(&attempt));
	typed(98 + 60.1);
	assert_true(attempt_has_verdict(&attempt));
	assert_int_equal(attempt.findings.verdict, VERDICT_TIMEOUT);
	assert_int_equal(attempt.findings.event, DIAGNOSIS_NO_SHELL);
}

/* A guest that got no processor has not shown anything: that is said, and not that its kernel has no console. */
static void a_busy_machine_is_no_fault_of_the_guest(void **state)
{
	static const char *const waited[] = {"1000 29000000000 5\n", "1000 31000000000 5\n"};
	static const enum diagnosis_event events[] = {DIAGNOSIS_SILENT, DIAGNOSIS_STARVED};

	for (size_t i = 0; i < 2; i++) {
		struct scratch s;

		if (i) {
			tear_down(state);
			set_up(state);
		}
		scratch_make(&s);
		scratch_write(&s, "task/7/schedstat", "20000000000 17 1\n");
		scratch_write(&s, "task/8/schedstat", waited[i]);
		snprintf(attempt.emulator.proc_folder, sizeof attempt.emulator.proc_folder, "%s",
			scratch_path(&s, ""));
		typed(98 + 60.1);
		assert_int_equal(attempt.findings.verdict, VERDICT_TIMEOUT);
		assert_int_equal(attempt.findings.event, events[i]);
		scratch_remove(&s);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_prompt_has_to_rest),
		CASE(it_wakes_when_the_prompt_has_rested),
		CASE(silence_is_waited_for),
		CASE(the_limit_is_the_limit),
		CASE(a_busy_machine_is_no_fault_of_the_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
