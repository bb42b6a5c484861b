/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop that follows a run, and the model of its steps; see cli_watch.h. */
#include "cli/cli_watch.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/event.h"
#include "run/run.h"
#include "shared/grid.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t caught;

static void catch (int number)
{
	caught = number;
}

void watch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = catch};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaction(numbers[i], &action, NULL);
}

int watch_signal(void)
{
	return caught;
}

void watch_forget_signal(void)
{
	caught = 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double watch_elapsed(const struct watch *w)
{
	return w->began > 0 ? now() - w->began : 0;
}

static struct watch_step *find_step(struct watch *w, const char *id)
{
	for (size_t i = 0; i < w->steps.n; i++)
		if (strcmp(w->steps.at[i].id, id) == 0)
			return &w->steps.at[i];
	vec_push(&w->steps, (struct watch_step){.id = arena_str(&w->arena, id), .title = ""});
	return &w->steps.at[w->steps.n - 1];
}

static void take_plan(struct watch *w, const struct event_steps *steps)
{
	w->planned = steps->n;
	for (size_t i = 0; i < steps->n; i++)
		find_step(w, steps->at[i].id)->title = arena_str(&w->arena, steps->at[i].title);
}

static void take_start(struct watch *w, const struct event *e)
{
	struct watch_step *s = find_step(w, e->step_start.step);

	s->running = true;
	s->started = s->told = e->time;
	s->done = s->total = 0;
	s->log = arena_str(&w->arena, e->step_start.log);
}

static void take_progress(struct watch *w, const struct event_progress *p)
{
	struct watch_step *s = find_step(w, p->step);

	s->done = p->done;
	s->total = p->total;
	s->unit = p->unit;
}

static int finished_status(const struct event_finished *f)
{
	if (f->ok)
		return 0;
	return f->status ? f->status : ERROR_STEP;
}

/* The model first, so that renderers see the state after the event. */
static void take_event(struct watch *w, const struct event *e)
{
	grid_event(&w->grid, e);
	switch (e->kind) {
	case EVENT_PLAN:
		take_plan(w, &e->plan.steps);
		break;
	case EVENT_STEP_START:
		take_start(w, e);
		break;
	case EVENT_PROGRESS:
		take_progress(w, &e->progress);
		break;
	case EVENT_STEP_DONE:
		find_step(w, e->step_done.step)->running = false;
		w->finished++;
		break;
	case EVENT_BOOT_START:
		w->serial = arena_str(&w->arena, e->boot_start.log);
		w->console = arena_str(&w->arena, e->boot_start.console);
		break;
	case EVENT_FINISHED:
		w->status = finished_status(&e->finished);
		w->over = true;
		break;
	case EVENT_VERDICT:
		if (e->verdict.cell)
			break; /* one of a grid */
		w->status = verdict_status(e->verdict.verdict);
		w->over = true;
		break;
	case EVENT_GRID:
		w->status = e->grid.ok ? 0 : e->grid.status;
		w->over = true;
		break;
	case EVENT_LOST:
		w->status = w->over ? w->status : ERROR_INTERNAL;
		w->over = true;
		break;
	case EVENT_GRID_PLAN:
	case EVENT_NOTE:
	case EVENT_MILESTONE:
	case EVENT_CHECK:
		break;
	}
}

static void sink(void *ctx, const struct event *e)
{
	struct watch *w = ctx;
	double began = now() - e->time;

	/* An event that is read late seems to come from a run that began late: the earliest guess is the right one. */
	if (w->began <= 0 || began < w->began)
		w->began = began;
	take_event(w, e);
	w->renderer->event(w, e);
}

void watch_init(struct watch *w, struct cli *c, struct run *run)
{
	const struct renderer *plain = c->flags.quiet ? &renderer_terse
				       : c->live      ? &renderer_live
						      : &renderer_plain;

	*w = (struct watch){.cli = c,
		.run = run,
		.status_line = TEXT_INIT,
		.renderer = c->flags.json ? &renderer_json : plain};
	w->name = c->words.n ? c->words.at[0] : run_profile(run);
}

void watch_release(struct watch *w)
{
	vec_release(&w->steps);
	grid_release(&w->grid);
	text_release(&w->status_line);
	arena_release(&w->arena);
}

/* True when the watching has to end at once. The first Ctrl-C only asks the builder to end, which it tells by its last event. */
static bool obey_signal(struct watch *w, int *first)
{
	int number = watch_signal();

	if (!number)
		return false;
	watch_forget_signal();
	if (number == SIGHUP) {
		*first = number;
		return true;
	}
	if (*first)
		return true;
	*first = number;
	run_cancel(w->run);
	w->renderer->close(w);
	report_interrupt(w);
	return false;
}

bool watch_run(struct watch *w, struct error *err)
{
	int signal_seen = 0;
	bool ok = true;

	while (ok && !w->over) {
		struct pollfd news = {.fd = run_fd(w->run), .events = POLLIN};

		ok = run_pump(w->run, sink, w, err);
		if (!ok || w->over || obey_signal(w, &signal_seen))
			break;
		w->renderer->tick(w);
		if (poll(&news, 1, w->renderer->tick_ms) < 0 && errno != EINTR)
			ok = error_errno(err, "waiting for news of the run failed");
	}
	w->renderer->close(w);
	fflush(stdout);
	w->cli->status = signal_seen ? 128 + signal_seen : w->status;
	return ok;
}
