/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop that follows a run. */
#include "cli/cli_watch.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/event.h"
#include "run/run.h"
#include "shared/grid.h"
#include "shared/session.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>

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

static void forget_signal(void)
{
	caught = 0;
}

/* The model is updated first: renderers see the state after the event. */
static void sink(void *ctx, const struct event *e)
{
	struct watch *w = ctx;

	w->renderer->event(w, e);
}

void watch_init(struct watch *w, struct cli *c, struct run *run)
{
	const struct renderer *plain = c->flags.quiet ? &renderer_terse
				       : c->live      ? &renderer_live
						      : &renderer_plain;

	*w = (struct watch){.cli = c,
		.status_line = TEXT_INIT,
		.renderer = c->flags.json ? &renderer_json : plain};
	session_begin(&w->session, run);
	w->session.also = sink;
	w->session.also_ctx = w;
	w->name = c->words.n ? c->words.at[0] : run_profile(run);
}

void watch_release(struct watch *w)
{
	session_close(&w->session);
	vec_release(&w->told);
	text_release(&w->status_line);
}

/* True if watching must end at once. The first Ctrl-C only asks the builder to end, which then writes its last event. */
static bool obey_signal(struct watch *w, int *first)
{
	int number = watch_signal();

	if (!number)
		return false;
	forget_signal();
	if (number == SIGHUP) {
		*first = number;
		return true;
	}
	if (*first)
		return true;
	*first = number;
	if (!run_is_own(w->session.run))
		return true; /* only the looking ends */
	run_cancel(w->session.run);
	w->renderer->close(w);
	report_interrupt(w);
	return false;
}

bool watch_run(struct watch *w, struct error *err)
{
	struct session *s = &w->session;
	int signal_seen = 0;
	bool ok = true;

	while (ok && !s->model.finished) {
		struct pollfd news = {.fd = run_fd(s->run), .events = POLLIN};

		session_pump(s);
		ok = !s->problem.kind;
		if (!ok || s->model.finished || obey_signal(w, &signal_seen))
			break;
		w->renderer->tick(w);
		if (poll(&news, 1, w->renderer->tick_ms) < 0 && errno != EINTR)
			ok = error_errno(&s->problem, "waiting for news of the run failed");
	}
	if (!ok)
		*err = s->problem;
	w->renderer->close(w);
	fflush(stdout);
	w->cli->status = signal_seen ? 128 + signal_seen : s->model.status;
	return ok;
}
