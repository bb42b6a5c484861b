/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Updates the state of a run from its events. */
#include "shared/model.h"

#include "base/arena.h"
#include "base/text.h"
#include "run/event.h"
#include "shared/grid.h"

#include <stdlib.h>
#include <string.h>

static struct model_step *find(struct model *m, const char *id)
{
	for (size_t i = 0; id && i < m->steps.n; i++) {
		if (!strcmp(m->steps.at[i].id, id))
			return &m->steps.at[i];
	}
	return NULL;
}

/* A step that no plan announced is shown anyway. */
static struct model_step *step_of(struct model *m, const char *id)
{
	struct model_step *s = find(m, id);

	if (s)
		return s;
	vec_push_in(&m->arena, &m->steps,
		(struct model_step){.id = arena_str(&m->arena, id), .title = ""});
	return &m->steps.at[m->steps.n - 1];
}

static void keep(struct model *m, const char **field, const char *s)
{
	if (s && (!*field || strcmp(*field, s)))
		*field = arena_str(&m->arena, s);
}

/* A new plan may follow when a source was replaced: known steps keep their state. */
static void on_plan(struct model *m, const struct event_plan *plan)
{
	const struct event_steps *steps = &plan->steps;

	m->seconds_expected = plan->seconds;
	m->least = plan->least;
	m->most = plan->most;
	for (size_t i = 0; i < steps->n; i++) {
		struct model_step *s = step_of(m, steps->at[i].id);

		keep(m, &s->title, steps->at[i].title);
		s->expected = steps->at[i].cached ? 0 : steps->at[i].seconds;
		if (s->state == STEP_WAIT && steps->at[i].cached)
			s->state = STEP_CACHED;
	}
}

static void on_start(struct model *m, const struct event *e)
{
	struct model_step *s = step_of(m, e->step_start.step);

	s->state = STEP_RUN;
	s->began = e->time;
	if (m->first <= 0)
		m->first = e->time;
	s->done = s->total = 0;
	keep(m, &s->log, e->step_start.log);
}

static void on_progress(struct model *m, const struct event_progress *p)
{
	struct model_step *s = step_of(m, p->step);

	s->done = p->done;
	s->total = p->total;
	s->unit = p->unit;
}

static void add_failure(struct model *m, const struct event_failure *f)
{
	struct text command = TEXT_INIT;

	for (size_t i = 0; i < f->command.n; i++)
		text_fmt(&command, "%s%s", i ? " " : "", f->command.at[i]);
	vec_push_in(&m->arena, &m->failures,
		(struct model_failure){
			.step = arena_str(&m->arena, f->step),
			.command = command.len ? arena_str(&m->arena, command.s) : NULL,
			.line = arena_str(&m->arena, f->line),
			.cause = arena_str(&m->arena, f->cause),
			.remedy = arena_str(&m->arena, f->remedy),
			.log = arena_str(&m->arena, f->log),
			.exit = f->exit,
		});
	text_release(&command);
}

static void on_done(struct model *m, const struct event_step_done *d)
{
	static const enum model_state states[] = {[RESULT_FAILED] = STEP_FAILED,
		[RESULT_OK] = STEP_OK,
		[RESULT_CACHED] = STEP_CACHED,
		[RESULT_SKIPPED] = STEP_SKIPPED,
		[RESULT_CANCELLED] = STEP_CANCELLED};
	struct event_failure unknown = {.step = d->step};
	struct model_step *s = step_of(m, d->step);

	s->state = states[d->result];
	s->seconds = d->seconds;
	if (d->failure)
		keep(m, &s->log, d->failure->log);
	if (s->state == STEP_FAILED)
		add_failure(m, d->failure ? d->failure : &unknown);
}

/* Our own sentence about a run that failed before its first step already names the cause. */
static void add_end(struct model *m, const struct event_finished *f)
{
	const struct event_failure failure = {.cause = f->status > 128 ? NULL : f->error};

	add_failure(m, f->failure ? f->failure : &failure);
}

static void on_finished(struct model *m, const struct event_finished *f)
{
	m->finished = true;
	m->ok = f->ok;
	m->status = f->ok ? 0 : f->status ? f->status : ERROR_STEP;
	m->seconds = f->seconds;
	for (size_t i = 0; i < f->artifacts.n; i++)
		vec_push_in(
			&m->arena, &m->artifacts, arena_str(&m->arena, f->artifacts.at[i].path));
	for (size_t i = 0; i < m->steps.n; i++) {
		struct model_step *s = &m->steps.at[i];

		if (s->state == STEP_RUN)
			s->state = STEP_CANCELLED;
		else if (s->state == STEP_WAIT)
			s->state = f->ok ? STEP_CACHED : STEP_SKIPPED;
	}
	if (!f->ok && !m->failures.n)
		add_end(m, f);
}

static void add_check(struct model *m, const struct event_check *new)
{
	for (size_t i = 0; i < m->checks.n; i++) {
		struct model_check *c = &m->checks.at[i];

		if (strcmp(c->name, new->name))
			continue;
		c->outcome = new->outcome;
		keep(m, &c->detail, new->detail);
		return;
	}
	vec_push_in(&m->arena, &m->checks,
		(struct model_check){arena_str(&m->arena, new->name),
			arena_str(&m->arena, new->detail), new->outcome});
}

static void on_boot_start(struct model *m, const struct event_boot_start *b)
{
	keep(m, &m->accel, b->accel);
	keep(m, &m->firmware, b->firmware);
	keep(m, &m->serial, b->log);
	keep(m, &m->console, b->console);
}

static void on_verdict(struct model *m, const struct event_verdict *v)
{
	const struct event_diagnosis *d = v->diagnosis;
	struct event_failure failure = {.log = v->log};

	m->finished = m->judged = true;
	m->verdict = v->verdict;
	m->ok = v->verdict == VERDICT_PASS;
	m->status = verdict_status(v->verdict);
	m->ready_seconds = v->ready_seconds;
	keep(m, &m->accel, v->accel);
	keep(m, &m->firmware, v->firmware);
	keep(m, &m->serial, v->log);
	for (size_t i = 0; i < v->checks.n; i++)
		add_check(m, &v->checks.at[i]);
	for (size_t i = 0; i < v->untested.n; i++)
		add_check(m, &v->untested.at[i]);
	if (d) {
		keep(m, &m->diagnosis, d->id);
		failure.line = d->line;
		failure.cause = d->cause;
		failure.remedy = d->remedy;
	}
	if (!m->ok)
		add_failure(m, &failure);
}

static void on_grid(struct model *m, const struct event_grid *g)
{
	m->finished = true;
	m->ok = g->ok;
	m->status = g->ok ? 0 : g->status;
	m->seconds = g->seconds;
}

static void on_lost(struct model *m)
{
	if (m->finished)
		return;
	m->finished = m->lost = true;
	m->status = ERROR_INTERNAL;
	for (size_t i = 0; i < m->steps.n; i++) {
		if (m->steps.at[i].state == STEP_RUN)
			m->steps.at[i].state = STEP_CANCELLED;
	}
}

void model_event(void *ctx, const struct event *e)
{
	struct model *m = ctx;

	m->events++;
	if (e->time > m->last)
		m->last = e->time;
	grid_event(&m->grid, e);
	switch (e->kind) {
	case EVENT_PLAN:
		on_plan(m, &e->plan);
		break;
	case EVENT_NOTE:
		vec_push_in(&m->arena, &m->notes, arena_str(&m->arena, e->note.text));
		keep(m, &m->hint, e->note.hint);
		break;
	case EVENT_STEP_START:
		on_start(m, e);
		break;
	case EVENT_PROGRESS:
		on_progress(m, &e->progress);
		break;
	case EVENT_STEP_DONE:
		on_done(m, &e->step_done);
		break;
	case EVENT_FINISHED:
		on_finished(m, &e->finished);
		break;
	case EVENT_BOOT_START:
		on_boot_start(m, &e->boot_start);
		break;
	case EVENT_MILESTONE:
		vec_push_in(&m->arena, &m->milestones,
			(struct model_milestone){
				arena_str(&m->arena, e->milestone.name), e->milestone.seconds});
		break;
	case EVENT_CHECK:
		add_check(m, &e->check);
		break;
	case EVENT_VERDICT:
		if (!e->verdict.cell)
			on_verdict(m, &e->verdict);
		break;
	case EVENT_GRID_PLAN:
		break;
	case EVENT_GRID:
		on_grid(m, &e->grid);
		break;
	case EVENT_LOST:
		on_lost(m);
		break;
	}
}

void model_release(struct model *m)
{
	grid_release(&m->grid);
	arena_release(&m->arena);
	*m = (struct model){0};
}
