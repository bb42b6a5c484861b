/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builder's loop: decides which step may start, listens to the running ones, and decides when to give up. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cache/history.h"
#include "proc/jail.h"
#include "proc/jobserver.h"
#include "proc/proc.h"
#include "run/builder.h"
#include "run/journal.h"
#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/banned.h"

#define NET_LIMIT	 4
#define CANCEL_SECONDS	 1.4 /* the guardians' one second of grace and a little more */
#define LOCK_TICK_MS	 200 /* how often to try again for a unit that another run holds */
#define PROGRESS_TICK_MS 100
#define JOBS_TICK_MS	 20 /* how often the jobserver checks its pipes when something may change */

static struct task *task_of(struct builder *b, const struct step *s)
{
	for (size_t i = 0; i < b->tasks.n; i++)
		if (b->tasks.at[i].step == s)
			return &b->tasks.at[i];
	return NULL;
}

static struct unit_work *work_of(struct builder *b, const struct unit *u)
{
	for (size_t i = 0; i < b->works.n; i++)
		if (b->works.at[i].unit == u)
			return &b->works.at[i];
	return NULL;
}

/* A result outside the cache (the results folder) may come from an older build; one in the cache is named after its key. */
static bool proves_nothing(const struct plan *p, const struct unit *u)
{
	size_t len = strlen(p->cache);

	return !u->result || strncmp(u->result, p->cache, len) != 0 || u->result[len] != '/' ||
	       access(u->result, F_OK) == 0;
}

static void set_up(struct builder *b)
{
	const struct steps *steps = &b->plan->steps;

	for (size_t i = 0; i < steps->n; i++)
		if (!work_of(b, steps->at[i]->unit))
			vec_push_in(&b->arena, &b->works,
				(struct unit_work){.unit = steps->at[i]->unit,
					.lock_fd = -1,
					.was_there = proves_nothing(b->plan, steps->at[i]->unit)});
	/* Only now, because the vector of units must not move any more. */
	for (size_t i = 0; i < steps->n; i++) {
		struct unit_work *w = work_of(b, steps->at[i]->unit);

		w->left++;
		vec_push_in(&b->arena, &b->tasks,
			(struct task){.step = steps->at[i], .work = w, .line = TEXT_INIT});
	}
}

static void tear_down(struct builder *b)
{
	for (size_t i = 0; i < b->tasks.n; i++) {
		text_release(&b->tasks.at[i].line);
		free(b->tasks.at[i].sentence);
	}
	for (size_t i = 0; i < b->works.n; i++)
		if (b->works.at[i].lock_fd >= 0)
			close(b->works.at[i].lock_fd);
	jobserver_close(&b->jobs);
	history_release(&b->history);
	arena_release(&b->arena);
	if (b->signal_fd >= 0)
		close(b->signal_fd);
}

enum readiness { READY, BLOCKED, HOPELESS };

static enum readiness readiness(struct builder *b, const struct task *t)
{
	enum readiness r = READY;

	for (size_t i = 0; i < t->step->needs.n; i++) {
		const struct task *need = task_of(b, t->step->needs.at[i]);

		if (!need)
			continue;
		if (need->state != TASK_DONE)
			r = BLOCKED;
		else if (need->result != RESULT_OK && need->result != RESULT_CACHED)
			return HOPELESS;
	}
	return r;
}

static size_t running(const struct builder *b, enum step_pool pool)
{
	size_t n = 0;

	for (size_t i = 0; i < b->tasks.n; i++)
		n += b->tasks.at[i].state == TASK_RUNNING && b->tasks.at[i].step->pool == pool;
	return n;
}

static bool has_room(const struct builder *b, enum step_pool pool)
{
	return pool == POOL_NET ? running(b, pool) < NET_LIMIT : b->jobs.free > 0;
}

/* If a bad archive may be replaced there will be a new plan soon: running steps may end, no new ones start. */
static bool is_draining(const struct builder *b)
{
	return b->cancelled || b->outcome->gone || (b->rules.replace && b->outcome->bad.n > 0);
}

/* True if the task's state changed, so that others may have become ready or impossible. */
static bool try_start(struct builder *b, struct task *t)
{
	struct error err = {0};

	switch (unit_enter(b, t, &err)) {
	case TURN_LATER:
		return false;
	case TURN_NEVER:
		task_fail(b, t, &err);
		return true;
	case TURN_OURS:
		break;
	}
	if (t->work->complete || worker_was_done(t->step)) {
		task_settle(b, t, RESULT_CACHED);
		return true;
	}
	if (!task_start(b, t, &err))
		task_fail(b, t, &err);
	return true;
}

/* Starts or settles one step. */
static bool start_one(struct builder *b)
{
	b->slot_wanted = false;
	for (size_t i = 0; i < b->order.n; i++) {
		struct task *t = b->order.at[i];
		enum readiness r = t->state == TASK_WAITING ? readiness(b, t) : BLOCKED;

		if (r == HOPELESS) {
			task_settle(b, t, b->cancelled ? RESULT_CANCELLED : RESULT_SKIPPED);
			return true;
		}
		if (r != READY || is_draining(b))
			continue;
		if (!has_room(b, t->step->pool))
			b->slot_wanted = b->slot_wanted || t->step->pool == POOL_CPU;
		else if (try_start(b, t))
			return true;
	}
	return false;
}

static double ahead_of(struct builder *b, struct task *t)
{
	const struct cost *cost = &t->step->cost;
	double longest = 0;

	if (t->ahead > 0)
		return t->ahead;
	for (size_t i = 0; i < t->step->needed_by.n; i++) {
		struct task *next = task_of(b, t->step->needed_by.at[i]);
		double way = next ? ahead_of(b, next) : 0;

		longest = way > longest ? way : longest;
	}
	/* count a step of which nothing is known as one second, so that long chains still come before short ones */
	t->ahead = longest + (t->step->cached			  ? 0.001
				     : cost->from != COST_UNKNOWN ? cost->seconds + 0.001
								  : 1);
	return t->ahead;
}

/* The longest remaining chain first; ties in the plan's order. */
static void put_in_order(struct builder *b)
{
	for (size_t i = 0; i < b->tasks.n; i++) {
		struct task *t = &b->tasks.at[i];
		size_t at = b->order.n;

		ahead_of(b, t);
		vec_push_in(&b->arena, &b->order, t);
		for (; at > 0 && b->order.at[at - 1]->ahead < t->ahead; at--)
			b->order.at[at] = b->order.at[at - 1];
		b->order.at[at] = t;
	}
}

static size_t count_state(const struct builder *b, enum task_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < b->tasks.n; i++)
		n += b->tasks.at[i].state == state;
	return n;
}

static void cancel(struct builder *b, int sig)
{
	if (!b->cancelled)
		b->kill_at = clock_now() + CANCEL_SECONDS;
	b->cancelled = b->cancelled ? b->cancelled : sig;
	for (size_t i = 0; i < b->tasks.n; i++)
		if (b->tasks.at[i].state == TASK_RUNNING)
			kill(b->tasks.at[i].guardian.pid, SIGTERM);
}

/* Kills guardians that did not end in time; what they guarded becomes ours and is killed at the very end. */
static void kill_all(struct builder *b)
{
	for (size_t i = 0; i < b->tasks.n; i++)
		if (b->tasks.at[i].state == TASK_RUNNING)
			kill(b->tasks.at[i].guardian.pid, SIGKILL);
	b->kill_at = clock_now() + 3600;
}

static int patience_ms(const struct builder *b)
{
	int ms = 1000;

	for (size_t i = 0; i < b->tasks.n; i++) {
		const struct task *t = &b->tasks.at[i];

		if (t->news && ms > PROGRESS_TICK_MS)
			ms = PROGRESS_TICK_MS;
		if (t->state == TASK_WAITING && t->work->told && ms > LOCK_TICK_MS)
			ms = LOCK_TICK_MS;
	}
	if (ms > JOBS_TICK_MS && jobserver_restless(&b->jobs, b->slot_wanted))
		ms = JOBS_TICK_MS;
	return b->cancelled && ms > 50 ? 50 : ms;
}

static void hear_signal(struct builder *b)
{
	struct signalfd_siginfo info;

	if (read(b->signal_fd, &info, sizeof info) == sizeof info)
		cancel(b, (int)info.ssi_signo);
}

/* Four fds a task: its end, its output, its worker's lines, and, while another step waits for a slot, the jobserver's pipe. */
static void wait_for_news(struct builder *b, struct pollfd *fds)
{
	nfds_t n = 0;

	fds[n++] = (struct pollfd){b->signal_fd, POLLIN, 0};
	for (size_t i = 0; i < b->tasks.n; i++) {
		const struct task *t = &b->tasks.at[i];

		if (t->state != TASK_RUNNING)
			continue;
		fds[n++] = (struct pollfd){t->guardian.pidfd, POLLIN, 0};
		fds[n++] = (struct pollfd){t->guardian.out_fd, POLLIN, 0};
		fds[n++] = (struct pollfd){t->guardian.progress_fd, POLLIN, 0};
		fds[n++] = (struct pollfd){b->slot_wanted ? t->share.own_fd : -1, POLLIN, 0};
	}
	if (poll(fds, n, patience_ms(b)) < 0)
		return;
	if (fds[0].revents)
		hear_signal(b);
	n = 1;
	for (size_t i = 0; i < b->tasks.n; i++) {
		struct task *t = &b->tasks.at[i];

		if (t->state != TASK_RUNNING)
			continue;
		if (fds[n].revents || fds[n + 1].revents || fds[n + 2].revents)
			task_hear(b, t);
		if (fds[n].revents)
			task_end(b, t);
		else
			task_progress(b, t);
		n += 4;
	}
}

static void settle_rest(struct builder *b)
{
	for (size_t i = 0; i < b->tasks.n; i++)
		if (b->tasks.at[i].state == TASK_WAITING)
			task_settle(b, &b->tasks.at[i],
				b->cancelled ? RESULT_CANCELLED : RESULT_SKIPPED);
}

static void loop(struct builder *b)
{
	struct pollfd *fds = arena_alloc(&b->arena, (1 + 4 * b->tasks.n) * sizeof *fds);

	for (;;) {
		do
			while (start_one(b))
				continue;
		while (jobserver_tick(&b->jobs, b->slot_wanted) && b->slot_wanted);
		if (count_state(b, TASK_RUNNING) == 0 &&
			(is_draining(b) || count_state(b, TASK_WAITING) == 0))
			break;
		wait_for_news(b, fds);
		if (b->cancelled && clock_now() > b->kill_at)
			kill_all(b);
	}
	settle_rest(b);
}

static bool has_work(const struct builder *b)
{
	for (size_t i = 0; i < b->tasks.n; i++)
		if (!b->tasks.at[i].step->cached && b->tasks.at[i].step->pool == POOL_CPU)
			return true;
	return false;
}

/* What the steps' programs will be kept in; said where it is not all that is promised. */
static bool find_sandbox(struct builder *b, struct error *err)
{
	struct text words = TEXT_INIT, note = TEXT_INIT;
	const enum jail_wish wish = b->plan->sandbox.wish;
	bool ok = true;

	if (wish == JAIL_OFF || !has_work(b))
		return true;
	jail_probe(&b->power, b->plan->cache);
	if (jail_is_whole(&b->power))
		return true;
	jail_words(&b->power, &words);
	if (wish == JAIL_REQUIRE)
		ok = error_set(err, ERROR_HOST,
			"sandbox = require in %s, but this machine has no whole sandbox for build steps (%s); allow it user name spaces, or say sandbox = auto to build with what there is: %s",
			b->place->config, b->power.lacks, words.len ? words.s : "nothing");
	else
		text_fmt(&note, "build steps are %s: %s%s(%s); see SANDBOX in bootsmith(1)",
			words.len ? "confined only in part" : "not confined", words.s,
			words.len ? " " : "this machine allows no sandbox ", b->power.lacks);
	if (ok)
		journal_note(b->journal, note.s);
	text_release(&words);
	text_release(&note);
	return ok;
}

static void settle_cached(struct builder *b)
{
	for (size_t i = 0; i < b->tasks.n; i++)
		if (b->tasks.at[i].step->cached && !b->tasks.at[i].work->twin)
			task_settle(b, &b->tasks.at[i], RESULT_CACHED);
}

static void conclude(struct builder *b)
{
	struct outcome *o = b->outcome;

	if (b->cancelled) {
		o->status = 128 + b->cancelled;
		o->sentence = "cancelled";
	} else if (o->failed > 0 && o->status == 0) {
		o->status = ERROR_STEP;
	} else if (o->gone && o->status == 0) {
		o->status = ERROR_HOST;
		o->sentence =
			"something in the cache is not what it was just now; start the build again";
	}
}

void builder_execute(struct outcome *o, struct journal *j, const struct plan *plan,
	const struct place *place, struct builder_rules rules)
{
	struct builder b = {.journal = j,
		.plan = plan,
		.place = place,
		.outcome = o,
		.arena = ARENA_INIT,
		.rules = rules};
	struct error err = {0};
	sigset_t set;

	*o = (struct outcome){.arena = ARENA_INIT};
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	b.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	jobserver_open(&b.jobs, plan->jobs > 0 ? plan->jobs : 1);
	history_load(&b.history, place);
	set_up(&b);
	put_in_order(&b);
	if (find_sandbox(&b, &err) && unit_hold_cached(&b, &err)) {
		settle_cached(&b);
		loop(&b);
	} else {
		o->status = (int)err.kind;
		o->sentence = arena_str(&o->arena, err.text);
	}
	conclude(&b);
	tear_down(&b);
	proc_kill_descendants(0);
}

void outcome_release(struct outcome *o)
{
	arena_release(&o->arena);
}
