/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ledger of job slots: never hands out more than there are, and is complete again whatever a step did with its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "proc/jobserver.h"
#include "proc/proc.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct jobserver jobs;
static struct job_share a, b;

static int slots_of(void **state, long slots)
{
	(void)state;
	jobserver_open(&jobs, slots);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	jobserver_close(&jobs);
	return 0;
}

static void enter(struct job_share *s, bool parallel)
{
	struct error err;

	assert_true(jobserver_enter(&jobs, s, parallel, &err));
}

/* What make does: takes as many bytes as it can get. */
static long eat(const struct job_share *s)
{
	int flags = fcntl(s->read_fd, F_GETFL);
	char byte;
	long n = 0;

	fcntl(s->read_fd, F_SETFL, flags | O_NONBLOCK);
	while (read(s->read_fd, &byte, 1) == 1)
		n++;
	return n;
}

static void give_back(const struct job_share *s, long n)
{
	while (n-- > 0)
		assert_int_equal(write(s->write_fd, "+", 1), 1);
}

static void one_step_gets_all_but_its_own_slot(void **state)
{
	long had = 0;

	slots_of(state, 5);
	enter(&a, true);
	for (int i = 0; i < 10; i++) {
		jobserver_tick(&jobs, false);
		had += eat(&a);
	}
	assert_int_equal(had, 4);
	assert_int_equal(jobs.free, 0);
	assert_false(jobserver_restless(&jobs, false));
	jobserver_leave(&jobs, &a);
	assert_int_equal(jobs.free, 5);
}

static void two_steps_never_have_more_than_there_is(void **state)
{
	long had = 0;

	slots_of(state, 4);
	enter(&a, true);
	enter(&b, true);
	for (int i = 0; i < 10; i++) {
		jobserver_tick(&jobs, false);
		had += eat(&a) + eat(&b);
	}
	assert_int_equal(had, 2);
	assert_int_equal(a.granted, 1);
	assert_int_equal(b.granted, 1);
	jobserver_leave(&jobs, &a);
	jobserver_leave(&jobs, &b);
	assert_int_equal(jobs.free, 4);
}

static void a_step_that_waits_gets_the_next_byte_that_comes_back(void **state)
{
	slots_of(state, 2);
	enter(&a, true);
	jobserver_tick(&jobs, false);
	assert_int_equal(eat(&a), 1);
	assert_false(jobserver_tick(&jobs, true));
	assert_true(jobserver_restless(&jobs, true));
	give_back(&a, 1);
	assert_true(jobserver_tick(&jobs, true));
	enter(&b, true);
	assert_int_equal(jobs.free, 0);
	assert_int_equal(a.granted, 0);
}

static void bytes_that_lie_unused_go_to_who_wants_them(void **state)
{
	long had = 0;

	slots_of(state, 4);
	enter(&a, true); /* a configure script: it never takes one */
	jobserver_tick(&jobs, false);
	jobserver_tick(&jobs, false);
	enter(&b, false);
	jobserver_leave(&jobs, &b);
	enter(&b, true);
	for (int i = 0; i < 10; i++) {
		jobserver_tick(&jobs, false);
		had += eat(&b);
	}
	assert_int_equal(had, 2);
	assert_int_equal(a.granted, 0);
	assert_int_equal(jobs.free, 0);
}

static void what_died_with_a_step_comes_back(void **state)
{
	slots_of(state, 8);
	enter(&a, true);
	for (int i = 0; i < 5; i++) {
		jobserver_tick(&jobs, false);
		eat(&a); /* and never gives back: killed */
	}
	assert_int_equal(jobs.free, 0);
	jobserver_leave(&jobs, &a);
	assert_int_equal(jobs.free, 8);
	jobserver_leave(&jobs, &a); /* twice is once */
	assert_int_equal(jobs.free, 8);
}

static void a_forger_gains_nothing_for_others(void **state)
{
	slots_of(state, 2);
	enter(&a, true);
	give_back(&a, 100); /* more than it was ever given */
	enter(&b, true);
	for (int i = 0; i < 5; i++)
		jobserver_tick(&jobs, false);
	assert_true(jobs.free >= 0);
	jobserver_leave(&jobs, &a);
	jobserver_leave(&jobs, &b);
	assert_int_equal(jobs.free, 2);
}

static void one_slot_means_one_step(void **state)
{
	slots_of(state, 1);
	enter(&a, true);
	assert_false(jobserver_tick(&jobs, true));
	assert_int_equal(eat(&a), 0);
	jobserver_leave(&jobs, &a);
	assert_true(jobserver_tick(&jobs, true));
}

static void make_is_told_numbers_or_a_path(void **state)
{
	struct text numbers = TEXT_INIT, path = TEXT_INIT;

	(void)state;
	jobserver_tell(3, false, &numbers);
	assert_string_equal(numbers.s, "MAKEFLAGS= -j3 --jobserver-auth=4,5");
	jobserver_tell(12, true, &path);
	assert_string_equal(path.s, "MAKEFLAGS= -j12 --jobserver-auth=fifo:/proc/" PROC_ID "/fd/4");
	text_release(&numbers);
	text_release(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(make_is_told_numbers_or_a_path),
		cmocka_unit_test_teardown(one_step_gets_all_but_its_own_slot, tear_down),
		cmocka_unit_test_teardown(two_steps_never_have_more_than_there_is, tear_down),
		cmocka_unit_test_teardown(
			a_step_that_waits_gets_the_next_byte_that_comes_back, tear_down),
		cmocka_unit_test_teardown(bytes_that_lie_unused_go_to_who_wants_them, tear_down),
		cmocka_unit_test_teardown(what_died_with_a_step_comes_back, tear_down),
		cmocka_unit_test_teardown(a_forger_gains_nothing_for_others, tear_down),
		cmocka_unit_test_teardown(one_slot_means_one_step, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
