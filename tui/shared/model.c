/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of a run from its events (model.h). */
#include "shared/model.h"

#include "base/arena.h"
#include "base/vec.h"
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

/* A step that no plan announced is shown all the same. */
static struct model_step *step_of(struct model *m, const struct event *e)
{
	const char *id = e->step ? e->step : "?";
	struct model_step *s = find(m, id);

	if (s)
		return s;
	id = arena_str(&m->arena, id);
	vec_push(&m->steps, (struct model_step){.id = id, .title = ""});
	return &m->steps.at[m->steps.n - 1];
}

static void keep(struct model *m, const char **field, const char *s)
{
	if (s && (!*field || strcmp(*field, s)))
		*field = arena_str(&m->arena, s);
}

/* A plan may come again when a source was replaced: steps that are known keep what happened to them. */
static void on_plan(struct model *m, const struct event *e)
{
	for (size_t i = 0; i < e->n_items; i++) {
		struct model_step *s = find(m, e->items[i].name);

		if (!s) {
			vec_push(&m->steps,
				(struct model_step){.id = arena_str(&m->arena, e->items[i].name)});
			s = &m->steps.at[m->steps.n - 1];
		}
		s->title = arena_str(&m->arena, e->items[i].detail ? e->items[i].detail : "");
		if (s->state == STEP_WAIT && e->items[i].ok)
			s->state = STEP_CACHED;
	}
}

static void on_start(struct model *m, const struct event *e)
{
	struct model_step *s = step_of(m, e);

	s->state = STEP_RUN;
	s->began = e->time;
	s->done = s->total = 0;
	keep(m, &s->log, e->log);
}

static void on_progress(struct model *m, const struct event *e)
{
	struct model_step *s = step_of(m, e);

	s->done = e->done;
	s->total = e->total;
	keep(m, &s->unit, e->unit);
}

static enum model_state state_of(const char *result)
{
	static const struct {
		const char *word;
		enum model_state state;
	} words[] = {
		{"ok", STEP_OK},
		{"cached", STEP_CACHED},
		{"failed", STEP_FAILED},
		{"skipped", STEP_SKIPPED},
		{"cancelled", STEP_CANCELLED},
	};

	for (size_t i = 0; result && i < sizeof words / sizeof *words; i++) {
		if (!strcmp(words[i].word, result))
			return words[i].state;
	}
	return STEP_FAILED;
}

static void add_failure(struct model *m, const struct event *e)
{
	const struct event_failure *f = &e->failure;
	struct model_failure mine = {
		.step = arena_str(&m->arena, e->step),
		.command = arena_str(&m->arena, f->command),
		.line = arena_str(&m->arena, f->line),
		.cause = arena_str(&m->arena, f->cause),
		.remedy = arena_str(&m->arena, f->remedy),
		.log = arena_str(&m->arena, f->log ? f->log : e->log),
		.exit = f->exit,
	};

	vec_push(&m->failures, mine);
}

static void on_done(struct model *m, const struct event *e)
{
	struct model_step *s = step_of(m, e);

	s->state = state_of(e->result);
	s->seconds = e->seconds;
	keep(m, &s->log, e->log);
	if (s->state == STEP_FAILED)
		add_failure(m, e);
}

static void on_finished(struct model *m, const struct event *e)
{
	m->finished = true;
	m->ok = e->ok;
	m->status = e->status;
	m->seconds = e->seconds;
	for (size_t i = 0; i < e->n_items; i++)
		vec_push(&m->artifacts, arena_str(&m->arena, e->items[i].name));
	for (size_t i = 0; i < m->steps.n; i++) {
		struct model_step *s = &m->steps.at[i];

		if (s->state == STEP_RUN)
			s->state = STEP_CANCELLED;
		else if (s->state == STEP_WAIT)
			s->state = e->ok ? STEP_CACHED : STEP_SKIPPED;
	}
	if (!e->ok && !m->failures.n)
		add_failure(m, e);
}

static void add_check(struct model *m, const struct event_item *item)
{
	const char *detail = item->detail ? item->detail : "";

	for (size_t i = 0; i < m->checks.n; i++) {
		struct model_check *c = &m->checks.at[i];

		if (strcmp(c->name, item->name))
			continue;
		c->ok = item->ok;
		c->untested = item->untested;
		keep(m, &c->detail, detail);
		return;
	}
	vec_push(&m->checks, (struct model_check){arena_str(&m->arena, item->name),
				     arena_str(&m->arena, detail), item->ok, item->untested});
}

static void on_boot_start(struct model *m, const struct event *e)
{
	keep(m, &m->accel, e->accel);
	keep(m, &m->firmware, e->firmware);
	keep(m, &m->serial, e->log);
	keep(m, &m->console, e->console);
}

static int status_of(const char *verdict)
{
	if (!strcmp(verdict, "pass"))
		return 0;
	return strcmp(verdict, "timeout") ? ERROR_VERDICT : ERROR_TIMEOUT;
}

static void on_verdict(struct model *m, const struct event *e)
{
	m->finished = true;
	m->verdict = arena_str(&m->arena, e->result ? e->result : "fail");
	m->ok = !strcmp(m->verdict, "pass");
	m->status = status_of(m->verdict);
	m->ready_seconds = e->seconds;
	keep(m, &m->accel, e->accel);
	keep(m, &m->firmware, e->firmware);
	keep(m, &m->serial, e->log);
	keep(m, &m->diagnosis, e->id);
	for (size_t i = 0; i < e->n_items; i++)
		add_check(m, &e->items[i]);
	if (!m->ok)
		add_failure(m, e);
}

static void on_grid(struct model *m, const struct event *e)
{
	m->finished = true;
	m->ok = e->ok;
	m->status = e->status;
	m->seconds = e->seconds;
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
		on_plan(m, e);
		break;
	case EVENT_NOTE:
		vec_push(&m->notes, arena_str(&m->arena, e->text ? e->text : ""));
		keep(m, &m->hint, e->hint);
		break;
	case EVENT_STEP_START:
		on_start(m, e);
		break;
	case EVENT_PROGRESS:
		on_progress(m, e);
		break;
	case EVENT_STEP_DONE:
		on_done(m, e);
		break;
	case EVENT_FINISHED:
		on_finished(m, e);
		break;
	case EVENT_BOOT_START:
		on_boot_start(m, e);
		break;
	case EVENT_MILESTONE:
		vec_push(&m->milestones,
			(struct model_milestone){
				arena_str(&m->arena, e->text ? e->text : ""), e->seconds});
		break;
	case EVENT_CHECK:
		add_check(m, &(struct event_item){.name = e->step ? e->step : "?",
				     .detail = e->text,
				     .ok = e->ok,
				     .untested = e->untested});
		break;
	case EVENT_VERDICT:
		if (!e->cell)
			on_verdict(m, e);
		break;
	case EVENT_GRID_PLAN:
		break;
	case EVENT_GRID:
		on_grid(m, e);
		break;
	case EVENT_LOST:
		on_lost(m);
		break;
	}
}

void model_release(struct model *m)
{
	vec_release(&m->steps);
	vec_release(&m->notes);
	vec_release(&m->failures);
	vec_release(&m->artifacts);
	vec_release(&m->checks);
	vec_release(&m->milestones);
	grid_release(&m->grid);
	arena_release(&m->arena);
	*m = (struct model){0};
}
