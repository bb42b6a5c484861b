/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Estimates: as it was here, else as measured elsewhere and scaled, else by size; what is left when steps run side by side. */
#include "base/arena.h"
#include "base/guard.h"
#include "base/vec.h"
#include "cache/history.h"
#include "hand_plan.h"
#include "plan/estimate.h"
#include "plan/figures.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct world w;
static struct history h;

static int set_up(void **state)
{
	(void)state;
	world_make(&w);
	w.s.place.data.at[0] = scratch_path(&w.s, "data");
	h = (struct history){.arena = ARENA_INIT};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	history_release(&h);
	world_remove(&w);
	return 0;
}

static const char *kernel_is(const void *ctx, const char *name)
{
	return strcmp(name, "kernel-config") == 0 ? ctx : "";
}

static bool read_figures_for(const char *kernel, const char *table, struct error *err)
{
	const struct figures_for who = {&w.s.place, NULL, kernel_is, kernel};

	scratch_write(&w.s, "data/share/measured/a.steps", table);
	w.plan.figures.n = 0;
	return figures_read(&w.plan.figures, &w.plan.arena, &who, err);
}

static bool read_figures(const char *table, struct error *err)
{
	return read_figures_for("vm", table, err);
}

static const char table[] = "vary = k.build kernel-config\n"
			    "step = k.build 900 3000 2000 1000\n"
			    "step[kernel-config=vm] = k.build 400 1700 1000 1000\n"
			    "step[kernel-config=tiny] = k.build 100 700 500 1000\n"
			    "step = a.configure 10 0 0 100\n"
			    "step = b.configure 20 0 0 200\n"
			    "step = c.configure 30 0 0 150\n"
			    "step = a.build 8 50 0 100\n"
			    "step = i.write 2 0 0 0\n";

static void past(const char *lines)
{
	history_release(&h);
	scratch_write(&w.s, "state/history", lines);
	history_load(&h, &w.s.place);
}

static struct step *step(const char *id, bool counts)
{
	struct step *s = add_step(&w, add_unit(&w, id), id, "true", NULL);

	if (counts)
		vec_push_in(&w.plan.arena, &s->count, "CC");
	return s;
}

static struct cost cost_of(struct step *s, uint64_t archive)
{
	struct machine_speed m = estimate_speed(&h, &w.plan.figures, 2);

	m.cores = 2;
	return estimate_step(&w.plan, &h, &m, s, archive);
}

static void about(double value, double expected)
{
	if (value < expected * 0.999 || value > expected * 1.001)
		fail_msg("%g, not %g", value, expected);
}

static void what_never_ran_here_is_as_measured(void **state)
{
	struct error err = {0};
	struct cost c;
	double known;

	(void)state;
	assert_true(read_figures(table, &err));
	c = cost_of(step("k.build", true), 1000);
	assert_int_equal(c.from, COST_MEASURED);
	about(c.cpu, 400);
	about(c.seconds, 200);
	assert_int_equal(c.objects, 1700);
	assert_true(c.rough > 1.5); /* nothing is known of this machine */
	known = c.rough;
	assert_true(read_figures_for("mine", table, &err));
	c = cost_of(step("k.build", true), 1000);
	about(c.cpu, 900);
	assert_true(c.rough > known * 1.5); /* such a kernel was not measured */
	c = cost_of(step("a.configure", false), 100);
	assert_true(c.rough < known * 1.1);
	about(c.cpu, 10);
	about(c.seconds, 10); /* one after the other, however many processors there are */
}

static void it_is_scaled_to_this_machine(void **state)
{
	struct error err = {0};
	struct cost c;
	double unknown;

	(void)state;
	assert_true(read_figures(table, &err));
	unknown = cost_of(step("k.build", true), 1000).rough;
	/* half as fast; a line without processors' time says nothing, nor does a kernel of whichever configuration */
	past("a.configure x 9 0 0 1 20 0\nb.configure x 9 0 0 1 42 0\nc.configure x 9 0 0 1 57 0\n"
	     "i.write x 400 0 0 1\nk.build x 9 0 0 1 9000 0\n");
	c = cost_of(step("k.build", true), 1000);
	assert_int_equal(c.from, COST_MEASURED);
	about(c.cpu, 800);
	assert_true(c.rough < unknown);
	/* these do not agree, which is told */
	past("a.configure x 9 0 0 1 10 0\nb.configure x 9 0 0 1 40 0\nc.configure x 9 0 0 1 90 0\n");
	about(cost_of(step("k.build", true), 1000).cpu, 800);
	assert_true(cost_of(step("k.build", true), 1000).rough > c.rough);
}

static void what_ran_here_counts_more(void **state)
{
	struct error err = {0};
	struct cost c;

	(void)state;
	assert_true(read_figures(table, &err));
	past("a.configure p 15 0 0 1 14 0\nk.build x 99 700 0 1 120 500\na.build p 7 50 0 1\n");
	c = cost_of(step("a.configure", false), 100);
	assert_int_equal(c.from, COST_HERE);
	about(c.cpu, 14);
	/* a line of an older program has no processors' time: it had both of them */
	c = cost_of(step("a.build", true), 100);
	assert_int_equal(c.from, COST_HERE);
	about(c.seconds, 7);
	/* another profile's smallest kernel is no kernel of this profile */
	c = cost_of(step("k.build", true), 1000);
	assert_int_equal(c.from, COST_MEASURED);
	assert_int_equal(c.objects, 1700);
	/* nor is this profile's own, from before it was changed */
	past("k.build p 99 700 0 1 120 500\n");
	assert_int_equal(cost_of(step("k.build", true), 1000).from, COST_MEASURED);
	past("k.build p 99 1680 0 1 430 990\n");
	assert_int_equal(cost_of(step("k.build", true), 1000).from, COST_HERE);
}

static void the_rest_is_by_size(void **state)
{
	struct error err = {0};
	struct cost c;

	(void)state;
	assert_true(read_figures(table, &err));
	c = cost_of(step("new.configure", false), 5000);
	assert_int_equal(c.from, COST_SIZE);
	about(c.cpu, 500); /* 0.1, 0.1 and 0.2 s a byte */
	assert_true(c.rough >= 3);
	c = cost_of(step("new.write", false), 0);
	assert_int_equal(c.from, COST_SIZE);
	about(c.cpu, 2);
	assert_int_equal(cost_of(step("new.other", false), 5000).from, COST_UNKNOWN);
}

static void objects_follow_the_configuration(void **state)
{
	struct error err = {0};
	struct step *s;

	(void)state;
	assert_true(read_figures(table, &err));
	s = step("k.build", true);
	assert_int_equal(estimate_objects(&w.plan, &h, s, 750), 1200);
	assert_int_equal(estimate_objects(&w.plan, &h, s, 4000), 6000);
	assert_int_equal(estimate_objects(&w.plan, &h, s, 250), 350);
	past("k.build x 1 1111 0 1 1 750\n");
	assert_int_equal(estimate_objects(&w.plan, &h, s, 750), 1111);
	past("k.build x 1 7 0 1\n");
	assert_int_equal(estimate_objects(&w.plan, &h, s, 0), 1700);
	w.plan.figures.n = 0;
	assert_int_equal(estimate_objects(&w.plan, &h, s, 0), 7);
}

static struct step *costs(const char *id, double cpu, double seconds, struct step *after)
{
	struct step *s = add_step(&w, add_unit(&w, id), id, "true", after);

	s->cost = (struct cost){.from = COST_HERE, .cpu = cpu, .seconds = seconds, .rough = 2};
	return s;
}

static void steps_share_the_machine(void **state)
{
	(void)state;
	costs("b", 30, 30, costs("a", 10, 10, NULL));
	costs("c", 10, 10, NULL)->cached = false;
	about(estimate_total(&w.plan, 2, 0), 40); /* the chain */
	about(estimate_total(&w.plan, 2, 1), 80);
	about(estimate_total(&w.plan, 2, -1), 20);
	costs("d", 50, 25, NULL);
	about(estimate_total(&w.plan, 2, 0), 50); /* the work */
	costs("e", 500, 500, NULL)->cached = true;
	about(estimate_total(&w.plan, 2, 0), 50);
}

static void a_wrong_table_is_said(void **state)
{
	static const char *const wrong[] = {"step = a.build\n", "step = a.build 1 2 3 4 5\n",
		"step = a.build nan 2 3 4\n", "step = a.build -1 2 3 4\n", "[a]\n", "steps = a\n"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(read_figures(wrong[i], &err));
		assert_non_null(strstr(err.text, "a.steps:1: "));
	}
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_never_ran_here_is_as_measured),
		CASE(it_is_scaled_to_this_machine),
		CASE(what_ran_here_counts_more),
		CASE(the_rest_is_by_size),
		CASE(objects_follow_the_configuration),
		CASE(steps_share_the_machine),
		CASE(a_wrong_table_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
