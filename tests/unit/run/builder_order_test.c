/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the builder starts when there is not room for everything: the longest remaining chain first, and few downloads at once. */
#include "base/text.h"
#include "hand_plan.h"
#include "run/builder.h"
#include "run/journal.h"
#include "run/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>

static struct world w;
static struct text started;
static size_t running, most;
static bool ended;

static int set_up(void **state)
{
	(void)state;
	world_make(&w);
	started = (struct text)TEXT_INIT;
	running = most = 0;
	ended = false;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	text_release(&started);
	world_remove(&w);
	return 0;
}

static int body(struct journal *j, void *ctx)
{
	struct outcome o;
	int status;

	(void)ctx;
	builder_execute(&o, j, &w.plan, &w.s.place, (struct builder_rules){0});
	builder_emit_finished(j, &o, w.plan.output);
	status = o.status;
	outcome_release(&o);
	return status;
}

static void see(void *ctx, const struct event *e)
{
	(void)ctx;
	if (e->kind == EVENT_STEP_START) {
		text_fmt(&started, "%s ", e->step_start.step);
		running++;
		most = running > most ? running : most;
	}
	running -= e->kind == EVENT_STEP_DONE;
	ended = ended || e->kind == EVENT_FINISHED || e->kind == EVENT_LOST;
}

static void build(void)
{
	struct error err = {0};
	struct run *r;

	if (!journal_spawn(&r, &w.s.place, w.profile, RUN_BUILD, body, NULL, NULL, &err))
		fail_msg("%s", err.text);
	while (!ended) {
		struct pollfd news = {run_fd(r), POLLIN, 0};

		poll(&news, 1, 100);
		if (!run_pump(r, see, NULL, &err))
			fail_msg("%s", err.text);
	}
	run_free(r);
}

static struct step *step(const char *id, struct step *needs)
{
	return add_step(&w, add_unit(&w, id), id, "true", needs);
}

/* A short chain that comes first in the plan, a long one, and one processor. */
static void add_ways(void)
{
	step("short", NULL);
	step("three", step("two", step("one", NULL)));
	w.plan.jobs = 1;
}

/* Steps that were never timed count alike, so that the longer chain starts first; ties in the plan's order. (Mutation: the
 * shortest way ahead first.) */
static void the_longest_way_goes_first(void **state)
{
	(void)state;
	add_ways();
	build();
	assert_string_equal(started.s, "one two short three ");
}

/* What will probably take long counts as long. (Mutation: the plan's estimate is not asked.) */
static void a_long_step_goes_before_a_chain(void **state)
{
	(void)state;
	add_ways();
	w.plan.steps.at[0]->cost = (struct cost){.from = COST_MEASURED, .seconds = 90};
	build();
	assert_string_equal(started.s, "short one two three ");
}

/* Servers are asked politely, however many processors there are. (Mutation: 400 downloads at once.) */
static void four_downloads_at_once(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		step(names[i], NULL)->pool = POOL_NET;
	w.plan.jobs = 9;
	build();
	assert_int_equal(most, 4);
	assert_int_equal(started.len, 2 * 9);
}

/* Downloads take no processor from compiling steps, of which as many run as requested. */
static void as_many_steps_as_jobs(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		step(names[i], NULL);
	w.plan.jobs = 2;
	build();
	assert_int_equal(most, 2);
	assert_string_equal(started.s, "a b c d e ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_longest_way_goes_first),
		CASE(a_long_step_goes_before_a_chain),
		CASE(four_downloads_at_once),
		CASE(as_many_steps_as_jobs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
