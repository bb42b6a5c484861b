/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builder's estimates of how many objects a step will count. */
#include "base/text.h"
#include "base/vec.h"
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

struct seen {
	uint64_t done, total;
	bool full; /* a step that went on had all of its total */
	bool ended;
	int status;
};

static int body(struct journal *j, void *ctx)
{
	struct world *w = ctx;
	struct outcome o;
	int status;

	builder_execute(&o, j, &w->plan, &w->s.place, (struct builder_rules){0});
	builder_emit_finished(j, &o, w->plan.output);
	status = o.status;
	outcome_release(&o);
	return status;
}

static void see(void *ctx, const struct event *e)
{
	struct seen *s = ctx;

	if (e->kind == EVENT_PROGRESS) {
		s->done = e->progress.done;
		s->total = e->progress.total;
		s->full = s->full || (s->total && s->done >= s->total);
	}
	if (e->kind == EVENT_FINISHED)
		s->status = e->finished.status;
	s->ended = s->ended || e->kind == EVENT_FINISHED || e->kind == EVENT_LOST;
}

static void build(struct world *w, struct seen *s)
{
	struct error err = {0};
	struct run *r;

	*s = (struct seen){.status = -1};
	if (!journal_spawn(&r, &w->s.place, w->profile, RUN_BUILD, body, NULL, w, &err))
		fail_msg("%s", err.text);
	while (!s->ended) {
		struct pollfd news = {run_fd(r), POLLIN, 0};

		poll(&news, 1, 100);
		if (!run_pump(r, see, s, &err))
			fail_msg("%s", err.text);
	}
	run_free(r);
}

/* Five objects, after a past that says otherwise; returns the total that was told last. */
static uint64_t last_total(const char *history)
{
	struct world w;
	struct seen s;
	struct step *one;
	uint64_t total;

	world_make(&w);
	scratch_write(&w.s, "state/history", history);
	one = ends_unit(&w,
		add_step(&w, add_unit(&w, "a"), "a.one",
			"mkdir stage; for i in 1 2 3 4 5; do echo '  CC      x.o'; sleep 0.2; done",
			NULL));
	vec_push_in(&w.plan.arena, &one->count, "CC");
	build(&w, &s);
	assert_int_equal(s.status, 0);
	assert_int_equal(s.done, 5);
	assert_false(s.full);
	total = s.total;
	world_remove(&w);
	return total;
}

/* What was counted with other choices is passed by this run: a bar that is full and goes on says nothing. One that was nearly
 * right grows with what is counted, one that was far off is dropped. (Mutation: it stays as it was estimated.) */
static void no_bar_is_full_and_goes_on(void **state)
{
	(void)state;
	assert_int_equal(last_total("a.one p 1.000 2 0 1\n"), 0);
	assert_int_equal(last_total("a.one p 1.000 4 0 1\n"), 6);
	assert_int_equal(last_total("a.one p 1.000 9 0 1\n"), 9);
}

/* A configuration of another size than the last one has another number of objects, known before the first is made: in proportion
 * to one that was counted, between two that were. */
static void objects_fit_the_configuration(void **state)
{
	static const char script[] =
		"mkdir stage; for i in 1 2 3; do echo '  CC      x.o'; sleep 0.2; done";
	static const char *const histories[] = {"a.zero p 1 0 0 1 1 600\na.one p 1 10 0 1 2 300\n",
		"a.zero p 1 0 0 1 1 600\na.one p 1 10 0 1 2 300\na.one q 1 40 0 1 2 900\n",
		"a.zero p 1 0 0 1 1 600\na.one p 1 10 0 1 2 300\na.one q 1 33 0 1 2 600\n"};
	static const uint64_t totals[] = {20, 25, 33};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct world w;
		struct seen s;
		struct unit *u;
		struct step *one;

		world_make(&w);
		scratch_write(&w.s, "state/history", histories[i]);
		u = add_unit(&w, "a");
		one = ends_unit(&w,
			add_step(&w, u, "a.one", script, add_step(&w, u, "a.zero", "true", NULL)));
		vec_push_in(&w.plan.arena, &one->count, "CC");
		build(&w, &s);
		assert_int_equal(s.status, 0);
		assert_int_equal(s.total, totals[i]);
		world_remove(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bar_is_full_and_goes_on),
		cmocka_unit_test(objects_fit_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
