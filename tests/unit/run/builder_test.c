/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builder with plans made by hand, whose steps are tiny shell commands: order, failure, cancelling, killing, resuming, and
 * two builders in one cache. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/lock.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/cache_entry.h"
#include "plan/plan.h"
#include "run/builder.h"
#include "run/event.h"
#include "run/journal.h"
#include "run/run.h"
#include "hand_plan.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int body(struct journal *j, void *ctx)
{
	struct world *w = ctx;
	struct outcome o;
	int status;

	builder_emit_plan(j, &w->plan);
	builder_execute(&o, j, &w->plan, &w->s.place, (struct builder_rules){0});
	builder_emit_finished(j, &o, w->plan.output);
	status = o.status;
	outcome_release(&o);
	return status;
}

/* What a reader saw: "STEP RESULT|" for each step, and the end. */
struct seen {
	struct text steps, notes, line, cause, command, error;
	uint64_t done, total;
	int status, exit;
	long run, cached, failed;
	size_t starts;
	bool ended, lost;
};

static void see(void *ctx, const struct event *e)
{
	struct seen *s = ctx;

	if (e->kind == EVENT_STEP_START)
		s->starts++;
	if (e->kind == EVENT_NOTE)
		text_fmt(&s->notes, "%s|", e->note.text);
	if (e->kind == EVENT_STEP_DONE) {
		const struct event_failure *f = e->step_done.failure;

		text_fmt(&s->steps, "%s %s|", e->step_done.step,
			step_result_word(e->step_done.result));
		if (f) {
			text_str(&s->line, f->line);
			text_str(&s->cause, f->cause);
			s->exit = f->exit;
			for (size_t i = 0; i < f->command.n; i++)
				text_fmt(&s->command, "%s%s", i ? " " : "", f->command.at[i]);
		}
	}
	if (e->kind == EVENT_PROGRESS) {
		s->done = e->progress.done;
		s->total = e->progress.total;
	}
	if (e->kind == EVENT_FINISHED) {
		s->ended = true;
		s->status = e->finished.status;
		s->run = e->finished.steps.run;
		s->cached = e->finished.steps.cached;
		s->failed = e->finished.steps.failed;
		text_str(&s->error, e->finished.error ? e->finished.error : "");
	}
	if (e->kind == EVENT_LOST)
		s->ended = s->lost = true;
}

static void seen_init(struct seen *s)
{
	*s = (struct seen){.steps = TEXT_INIT,
		.notes = TEXT_INIT,
		.line = TEXT_INIT,
		.cause = TEXT_INIT,
		.command = TEXT_INIT,
		.error = TEXT_INIT};
}

static void seen_release(struct seen *s)
{
	text_release(&s->steps);
	text_release(&s->notes);
	text_release(&s->line);
	text_release(&s->cause);
	text_release(&s->command);
	text_release(&s->error);
}

static struct run *start(struct world *w)
{
	struct error err = {0};
	struct run *r;

	if (!journal_spawn(&r, &w->s.place, w->profile, RUN_BUILD, body, NULL, w, &err))
		fail_msg("%s", err.text);
	return r;
}

static void pump(struct run *r, struct seen *s)
{
	struct pollfd news = {run_fd(r), POLLIN, 0};
	struct error err = {0};

	poll(&news, 1, 100);
	if (!run_pump(r, see, s, &err))
		fail_msg("%s", err.text);
}

static void build(struct world *w, struct seen *s)
{
	struct run *r = start(w);

	seen_init(s);
	while (!s->ended)
		pump(r, s);
	run_free(r);
}

static void steps_run_in_order(void **state)
{
	struct world w;
	struct seen s;
	struct unit *a, *b;
	struct step *one, *two;
	char *text;

	(void)state;
	world_make(&w);
	a = add_unit(&w, "a");
	b = add_unit(&w, "b");
	one = add_step(&w, a, "a.one", "mkdir stage && echo 1 > stage/f && pwd", NULL);
	two = ends_unit(&w, add_step(&w, a, "a.two", "echo 2 >> stage/f", one));
	ends_unit(&w, add_step(&w, b, "b.make",
			      "mkdir stage && cat $TOP/cache/stage/a-1/f - > stage/g", two));
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one ok|a.two ok|b.make ok|");
	assert_int_equal(s.status, 0);
	assert_int_equal(s.run, 3);
	text = scratch_read(&w.s, "cache/stage/b-1/g");
	assert_string_equal(text, "1\n2\n");
	free(text);
	assert_false(scratch_has(&w.s, "cache/work/a-1"));
	assert_true(scratch_has(&w.s, "cache/record/stage-a-1"));
	text = scratch_read(&w.s, "cache/last/p/a.inputs");
	assert_string_equal(text, "inputs of a\n");
	free(text);
	seen_release(&s);
	world_remove(&w);
}

static void cached_steps_do_not_run(void **state)
{
	struct world w;
	struct seen s;
	struct step *one;

	(void)state;
	world_make(&w);
	one = ends_unit(&w, add_step(&w, add_unit(&w, "a"), "a.one", "touch $TOP/ran", NULL));
	one->cached = true;
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one cached|");
	assert_int_equal(s.cached, 1);
	assert_int_equal(s.starts, 0);
	assert_false(scratch_has(&w.s, "ran"));
	seen_release(&s);
	world_remove(&w);
}

static void a_failure_lets_independent_steps_finish(void **state)
{
	struct world w;
	struct seen s;
	struct step *bad, *good;

	(void)state;
	world_make(&w);
	bad = add_step(&w, add_unit(&w, "a"), "a.bad",
		"echo fine; echo \"x.c:3:5: error: 'y' undeclared\" >&2; echo 'make: *** [x.o] Error 1'; exit 2",
		NULL);
	add_step(&w, add_unit(&w, "c"), "c.after", "true", bad);
	good = add_step(&w, add_unit(&w, "b"), "b.first", "sleep 0.1", NULL);
	ends_unit(&w, add_step(&w, add_unit(&w, "d"), "d.good", "mkdir stage", good));
	build(&w, &s);
	assert_non_null(strstr(s.steps.s, "a.bad failed|"));
	assert_non_null(strstr(s.steps.s, "c.after skipped|"));
	assert_non_null(strstr(s.steps.s, "d.good ok|"));
	assert_int_equal(s.status, ERROR_STEP);
	assert_int_equal(s.failed, 1);
	assert_int_equal(s.exit, 2);
	assert_string_equal(s.line.s, "x.c:3:5: error: 'y' undeclared");
	assert_non_null(strstr(s.error.s, "a.bad"));
	seen_release(&s);
	world_remove(&w);
}

static void a_missing_tool_is_the_hosts_fault(void **state)
{
	struct world w;
	struct seen s;
	struct step *one;

	(void)state;
	world_make(&w);
	one = add_step(&w, add_unit(&w, "a"), "a.one", "true", NULL);
	one->actions.at[0].args.at[0] = "no-such-tool";
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one failed|");
	assert_int_equal(s.status, ERROR_HOST);
	assert_non_null(strstr(s.line.s, "no-such-tool"));
	/* a person can type it (mutation: the verb of the action is left out where it says something, and told where not) */
	assert_string_equal(s.command.s, "no-such-tool -c true");
	seen_release(&s);
	world_remove(&w);
}

static void an_action_of_ours_is_told_by_its_verb(void **state)
{
	struct world w;
	struct seen s;

	(void)state;
	world_make(&w);
	ends_unit(&w, add_step(&w, add_unit(&w, "a"), "a.one", "true", NULL));
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one failed|");
	assert_int_equal(strncmp(s.command.s, "publish /", 9), 0);
	seen_release(&s);
	world_remove(&w);
}

static void the_environment_is_the_steps_own(void **state)
{
	struct world w;
	struct seen s;
	struct step *one;
	mode_t before = umask(077);
	char *env;

	(void)state;
	world_make(&w);
	one = add_step(&w, add_unit(&w, "a"), "a.one", "umask > $TOP/env; env >> $TOP/env", NULL);
	vec_push_in(&w.plan.arena, &one->env, "HOME=/first");
	vec_push_in(&w.plan.arena, &one->env, "HOME=/second");
	build(&w, &s);
	umask(before);
	env = scratch_read(&w.s, "env");
	/* nor is the person's mask (mutation: another one for steps) */
	assert_int_equal(strncmp(env, "0022\n", 5), 0);
	assert_null(strstr(env, "/first"));
	assert_non_null(strstr(env, "HOME=/second\n"));
	assert_null(strstr(env, "TMPDIR"));
	free(env);
	seen_release(&s);
	world_remove(&w);
}

static void lines_are_counted_as_objects(void **state)
{
	struct world w;
	struct seen s;
	struct step *one;
	char *log;

	(void)state;
	world_make(&w);
	one = ends_unit(&w,
		add_step(&w, add_unit(&w, "a"), "a.one",
			"mkdir stage; for i in 1 2 3 4 5; do echo '  CC      x.o'; done; echo '  CCX y'; echo 'say CC'; printf '  LD z'",
			NULL));
	vec_push_in(&w.plan.arena, &one->count, "CC");
	vec_push_in(&w.plan.arena, &one->count, "LD");
	build(&w, &s);
	assert_int_equal(s.status, 0);
	assert_int_equal(s.done, 6);
	log = scratch_read(&w.s, "state/history");
	assert_non_null(strstr(log, "a.one p "));
	assert_non_null(strstr(log, " 6 "));
	free(log);
	seen_release(&s);
	world_remove(&w);
}

/* Reads the pids that steps left in files and waits until none of them runs. */
static bool runs(struct world *w, const char *file)
{
	char *pid = scratch_read(&w->s, file), *stat, path[64];
	struct text t = TEXT_INIT;
	struct error err;
	bool alive = false;

	if (pid) {
		snprintf(path, sizeof path, "/proc/%ld/stat", atol(pid));
		if (text_read_file(&t, path, 4096, &err)) {
			stat = strrchr(t.s, ')');
			alive = stat && stat[2] != 'Z';
		}
	}
	text_release(&t);
	free(pid);
	return alive;
}

static const char stubborn[] =
	"trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$ > $TOP/far; sleep 1000' & echo $$ > $TOP/near; while :; do sleep 1000; done";

static void wait_until_running(struct world *w, struct run *r, struct seen *s)
{
	while (!runs(w, "near") || !runs(w, "far"))
		pump(r, s);
}

static void cancelling_leaves_nothing(void **state)
{
	struct world w;
	struct seen s;
	struct step *one;
	struct run *r;
	double before;

	(void)state;
	world_make(&w);
	one = add_step(&w, add_unit(&w, "a"), "a.one", stubborn, NULL);
	add_step(&w, add_unit(&w, "b"), "b.after", "true", one);
	r = start(&w);
	seen_init(&s);
	wait_until_running(&w, r, &s);
	before = clock_now();
	run_cancel(r);
	while (!s.ended)
		pump(r, &s);
	assert_true(clock_now() - before < 10); /* 2 s where the machine is not busy */
	assert_false(runs(&w, "near"));
	assert_false(runs(&w, "far"));
	assert_string_equal(s.steps.s, "a.one cancelled|b.after cancelled|");
	assert_int_equal(s.status, 128 + SIGTERM);
	assert_false(s.lost);
	run_free(r);
	seen_release(&s);
	world_remove(&w);
}

static void a_killed_builder_leaves_nothing_and_is_resumed(void **state)
{
	struct world w;
	struct seen s;
	struct step *one, *two;
	struct run *r;
	const char *lock;
	char *trace;

	(void)state;
	world_make(&w);
	one = add_step(
		&w, add_unit(&w, "a"), "a.one", "mkdir -p stage; echo one >> $TOP/trace", NULL);
	two = add_step(&w, (struct unit *)(size_t)one->unit, "a.two",
		"echo two >> $TOP/trace; test -e $TOP/second && exit 0; touch $TOP/second;setsid sh -c 'echo $$ > $TOP/far; sleep 1000' & echo $$ > $TOP/near; sleep 1000",
		one);
	ends_unit(&w, add_step(&w, (struct unit *)(size_t)one->unit, "a.three", "true", two));
	r = start(&w);
	seen_init(&s);
	wait_until_running(&w, r, &s);
	lock = arena_fmt(&w.s.place.arena, "%s/lock", run_folder(r));
	assert_int_equal(kill((pid_t)lock_holder(lock), SIGKILL), 0);
	while (!s.ended)
		pump(r, &s);
	assert_true(s.lost);
	while (runs(&w, "near") || runs(&w, "far"))
		poll(NULL, 0, 10);
	run_free(r);
	seen_release(&s);
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one cached|a.two ok|a.three ok|");
	trace = scratch_read(&w.s, "trace");
	assert_string_equal(trace, "one\ntwo\ntwo\n");
	free(trace);
	assert_true(scratch_has(&w.s, "cache/stage/a-1"));
	seen_release(&s);
	world_remove(&w);
}

static void other_inputs_do_not_resume(void **state)
{
	struct world w;
	struct seen s;
	struct step *one;

	(void)state;
	world_make(&w);
	one = add_step(&w, add_unit(&w, "a"), "a.one", "test ! -e left && touch left", NULL);
	add_step(&w, (struct unit *)(size_t)one->unit, "a.two", "false", one);
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one ok|a.two failed|");
	seen_release(&s);
	((struct unit *)(size_t)one->unit)->key = "other";
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one ok|a.two failed|");
	seen_release(&s);
	world_remove(&w);
}

/* What the next build's reasons are derived from. (Mutation: inputs are written once and stay.) */
static void the_last_inputs_are_kept(void **state)
{
	struct world w;
	struct seen s;
	struct unit *a;
	struct step *one;
	char *text;

	(void)state;
	world_make(&w);
	a = add_unit(&w, "a");
	one = ends_unit(&w, add_step(&w, a, "a.one", "mkdir -p stage", NULL));
	build(&w, &s);
	seen_release(&s);
	a->key = "other";
	a->inputs = "other inputs\n";
	a->result = scratch_path(&w.s, "cache/stage/a-2");
	one->actions.at[1].args.at[1] = a->result;
	build(&w, &s);
	assert_string_equal(s.steps.s, "a.one ok|");
	text = scratch_read(&w.s, "cache/last/p/a.inputs");
	assert_string_equal(text, "other inputs\n");
	free(text);
	seen_release(&s);
	world_remove(&w);
}

/* Two builders, one unit: the second waits, says for whom, and finds the work done. */
static void two_builders_do_a_unit_once(void **state)
{
	struct world w;
	struct seen first, second;
	struct run *r, *q;
	char *trace;

	(void)state;
	world_make(&w);
	ends_unit(&w,
		add_step(&w, add_unit(&w, "a"), "a.one",
			"mkdir -p stage; echo ran >> $TOP/trace; while ! test -e $TOP/go; do sleep 0.02; done",
			NULL));
	r = start(&w);
	seen_init(&first);
	while (!scratch_has(&w.s, "trace"))
		pump(r, &first);
	w.profile = w.plan.profile = "q";
	q = start(&w);
	seen_init(&second);
	while (second.notes.len == 0)
		pump(q, &second);
	assert_non_null(strstr(second.notes.s, "is building a"));
	scratch_write(&w.s, "go", "");
	while (!first.ended)
		pump(r, &first);
	while (!second.ended)
		pump(q, &second);
	assert_string_equal(first.steps.s, "a.one ok|");
	assert_string_equal(second.steps.s, "a.one cached|");
	trace = scratch_read(&w.s, "trace");
	assert_string_equal(trace, "ran\n");
	free(trace);
	run_free(r);
	run_free(q);
	seen_release(&first);
	seen_release(&second);
	world_remove(&w);
}

/* What a step will use is protected from cleaning, and its absence is noticed before anything runs. (Mutation: nothing is said to
 * be used.) */
static void what_is_taken_from_the_cache_stays(void **state)
{
	struct text path = TEXT_INIT;
	struct error err = {0};
	struct world w;
	struct seen s;
	struct step *one;
	struct run *r;
	int fd = -1;

	(void)state;
	world_make(&w);
	one = ends_unit(&w, add_step(&w, add_unit(&w, "a"), "a.one", "true", NULL));
	one->cached = true;
	add_step(&w, add_unit(&w, "b"), "b.make",
		"touch $TOP/ran; while ! test -e $TOP/go; do sleep 0.02; done", one);
	scratch_write(&w.s, "go", "");
	build(&w, &s);
	assert_string_equal(s.steps.s, "");
	assert_false(scratch_has(&w.s, "ran"));
	seen_release(&s);
	assert_int_equal(unlink(scratch_path(&w.s, "go")), 0);
	scratch_write(&w.s, "cache/stage/a-1/f", "");
	r = start(&w);
	seen_init(&s);
	while (!scratch_has(&w.s, "ran"))
		pump(r, &s);
	cache_lock_path(&path, w.s.place.cache, "stage/a-1");
	assert_true(lock_try(path.s, LOCK_ALONE, &fd, &err));
	assert_int_equal(fd, -1);
	scratch_write(&w.s, "go", "");
	while (!s.ended)
		pump(r, &s);
	assert_string_equal(s.steps.s, "a.one cached|b.make ok|");
	run_free(r);
	text_release(&path);
	seen_release(&s);
	world_remove(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_run_in_order),
		cmocka_unit_test(cached_steps_do_not_run),
		cmocka_unit_test(a_failure_lets_independent_steps_finish),
		cmocka_unit_test(a_missing_tool_is_the_hosts_fault),
		cmocka_unit_test(an_action_of_ours_is_told_by_its_verb),
		cmocka_unit_test(the_environment_is_the_steps_own),
		cmocka_unit_test(lines_are_counted_as_objects),
		cmocka_unit_test(cancelling_leaves_nothing),
		cmocka_unit_test(a_killed_builder_leaves_nothing_and_is_resumed),
		cmocka_unit_test(other_inputs_do_not_resume),
		cmocka_unit_test(the_last_inputs_are_kept),
		cmocka_unit_test(two_builders_do_a_unit_once),
		cmocka_unit_test(what_is_taken_from_the_cache_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
