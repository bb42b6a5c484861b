/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three ways to show a run on the command line. Plain: one line for each event, and once a minute a line that a step is still
 * running. Live: the same lines scroll above one status line, which is redrawn at most ten times a second and only when it
 * changed. JSON: the events in the contract's form, as in the log.
 */
#include "base/text.h"
#include "base/vec.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/event.h"
#include "run/run.h"
#include "shared/model.h"
#include "shared/session.h"
#include "shared/width.h"
#include "shared/words.h"
#include <string.h>
#include <unistd.h>

enum { STILL_RUNNING_S = 60, LIVE_MS = 100, CALM_MS = 1000 };

/* With --verbose: the output of a finished step's programs, marked as such. */
static void show_output(const struct watch *w, const struct event *e)
{
	const struct model *m = &w->session.model;
	const char *log = NULL;
	FILE *from;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	if (!w->cli->flags.verbose || e->kind != EVENT_STEP_DONE)
		return;
	for (size_t i = 0; i < m->steps.n; i++)
		if (strcmp(m->steps.at[i].id, e->step_done.step) == 0)
			log = m->steps.at[i].log;
	from = log ? fopen(log, "re") : NULL;
	while (from && (len = getline(&line, &cap, from)) > 0)
		say(w->cli, "| %.*s", (int)(line[len - 1] == '\n' ? len - 1 : len), line);
	free(line);
	if (from)
		fclose(from);
}

static void plain_event(struct watch *w, const struct event *e)
{
	if (e->kind == EVENT_STEP_START)
		say(w->cli, "%s: started", e->step_start.step);
	show_output(w, e);
	report_event(w, e);
	fflush(stdout);
}

/* What failed, and the consequences. */
static void quiet_event(struct watch *w, const struct event *e)
{
	bool shown = e->kind == EVENT_FINISHED || e->kind == EVENT_VERDICT ||
		     e->kind == EVENT_GRID || e->kind == EVENT_LOST ||
		     (e->kind == EVENT_STEP_DONE && e->step_done.result == RESULT_FAILED);

	show_output(w, e);
	if (shown)
		report_event(w, e);
	fflush(stdout);
}

static void still_running(struct watch *w, const struct model_step *s, double elapsed)
{
	struct text line = TEXT_INIT;
	double least, most;

	text_fmt(&line, "%s: still running, ", s->id);
	if (s->done) {
		words_progress(&line, s->done, s->total, s->unit);
		text_str(&line, ", ");
	}
	words_seconds(&line, elapsed - s->began);
	if (model_left(&w->session.model, elapsed, &least, &most)) {
		text_str(&line, "; ");
		words_about(&line, least, most);
		text_str(&line, " left");
	}
	say(w->cli, "%s", line.s);
	text_release(&line);
}

static void plain_tick(struct watch *w)
{
	const struct model *m = &w->session.model;
	double elapsed = session_elapsed(&w->session);

	while (w->told.n < m->steps.n)
		vec_push(&w->told, 0);
	for (size_t i = 0; i < m->steps.n; i++) {
		const struct model_step *s = &m->steps.at[i];
		double last = w->told.at[i] > s->began ? w->told.at[i] : s->began;

		if (s->state != STEP_RUN || elapsed - last < STILL_RUNNING_S)
			continue;
		still_running(w, s, elapsed);
		w->told.at[i] = elapsed;
	}
	fflush(stdout);
}

static void nothing(struct watch *w)
{
	(void)w;
}

const struct renderer renderer_terse = {quiet_event, nothing, nothing, CALM_MS};
const struct renderer renderer_plain = {plain_event, plain_tick, nothing, CALM_MS};

static void clear_status(struct watch *w)
{
	if (w->status_shown)
		put_raw("\r\033[K", 4);
	w->status_shown = false;
	text_clear(&w->status_line);
}

static void live_event(struct watch *w, const struct event *e)
{
	if (e->kind == EVENT_STEP_START || e->kind == EVENT_PROGRESS)
		return;
	clear_status(w);
	show_output(w, e);
	report_event(w, e);
	fflush(stdout);
}

/* "[3/12] 1:23, about 7 to 9 min left  linux.build 1234 objects  busybox.build 88 objects" */
static void status_text(struct watch *w, struct text *line)
{
	const struct model *m = &w->session.model;
	double least, most;

	text_fmt(line, "[%zu/%zu] ", model_ended(m), m->steps.n);
	words_clock(line, w->drawn);
	if (model_left(m, w->drawn, &least, &most)) {
		text_str(line, ", ");
		words_about(line, least, most);
		text_str(line, " left");
	}
	for (size_t i = 0; i < m->steps.n; i++) {
		const struct model_step *s = &m->steps.at[i];

		if (s->state != STEP_RUN)
			continue;
		text_str(line, "  ");
		add_foreign(w->cli, line, s->id);
		if (s->done) {
			text_char(line, ' ');
			words_progress(line, s->done, s->total, s->unit);
		}
	}
}

static void live_tick(struct watch *w)
{
	const struct session *s = &w->session;
	struct text line = TEXT_INIT, out = TEXT_INIT;
	double elapsed = session_elapsed(s);

	if (elapsed - w->drawn < LIVE_MS / 1000.0)
		return;
	w->drawn = elapsed;
	if (s->model.grid.cells.n) {
		text_str(&line, "grid ");
		words_clock(&line, elapsed);
		text_str(&line, "  ");
		grid_print_progress(&s->model.grid, &line);
	} else if (s->is_boot || !s->model.steps.n) {
		text_str(&line, s->is_boot ? "booting " : "planning ");
		words_clock(&line, elapsed);
	} else {
		status_text(w, &line);
	}
	line.s[line.len = width_fit(line.s, columns_of(w->cli) - 1, NULL)] = '\0';
	if (!w->status_shown || strcmp(line.s, w->status_line.s) != 0) {
		text_fmt(&out, "\r%s\033[K", line.s);
		put_raw(out.s, out.len);
		text_clear(&w->status_line);
		text_str(&w->status_line, line.s);
		w->status_shown = true;
	}
	text_release(&line);
	text_release(&out);
}

const struct renderer renderer_live = {live_event, live_tick, clear_status, LIVE_MS};

/* Readers wait for a last line: print one even if the writer died before writing it. */
static struct event last_event(const struct watch *w, const struct event_diagnosis *lost)
{
	const struct session *s = &w->session;
	const struct model *m = &s->model;
	struct event e = {.time = session_elapsed(s)};

	if (run_kind(s->run) == RUN_GRID) {
		e.kind = EVENT_GRID;
		e.grid.status = m->status;
		e.grid.seconds = e.time;
		e.grid.error = lost->cause;
	} else if (s->is_boot) {
		e.kind = EVENT_VERDICT;
		e.verdict.accel = e.verdict.firmware = "";
		e.verdict.diagnosis = lost;
		e.verdict.log = m->serial ? m->serial : run_folder(s->run);
	} else {
		e.kind = EVENT_FINISHED;
		e.finished.seconds = e.time;
		e.finished.status = m->status;
		e.finished.steps.run =
			(long)(model_count(m, STEP_OK) + model_count(m, STEP_FAILED));
		e.finished.steps.cached = (long)model_count(m, STEP_CACHED);
		e.finished.steps.failed = (long)model_count(m, STEP_FAILED);
		e.finished.error = lost->cause;
	}
	return e;
}

static void put_last_line(const struct watch *w)
{
	static const struct event_diagnosis lost = {.id = "lost",
		.line = "",
		.cause = "the process that did the work is gone without a last word",
		.remedy = "run it again"};
	struct event e = last_event(w, &lost);
	struct text line = TEXT_INIT;

	event_write(&e, EVENT_LINE, &line);
	put_json_line(line.s);
	text_release(&line);
}

static void json_event(struct watch *w, const struct event *e)
{
	switch (e->kind) {
	case EVENT_STEP_START:
	case EVENT_PROGRESS:
	case EVENT_STEP_DONE:
	case EVENT_FINISHED:
	case EVENT_MILESTONE:
	case EVENT_CHECK:
	case EVENT_VERDICT:
	case EVENT_GRID:
		put_json_line(e->json);
		break;
	case EVENT_LOST:
		put_last_line(w);
		report_event(w, e);
		break;
	case EVENT_PLAN:
	case EVENT_NOTE:
	case EVENT_BOOT_START:
	case EVENT_GRID_PLAN:
		break;
	}
	fflush(stdout);
}

const struct renderer renderer_json = {json_event, nothing, nothing, CALM_MS};
