/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs one step: starts it, listens to it, and reports how it ended. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/manifest.h"
#include "base/text.h"
#include "cache/cache_entry.h"
#include "cache/history.h"
#include "plan/action_facts.h"
#include "plan/estimate.h"
#include "proc/jobserver.h"
#include "run/builder.h"
#include "run/event.h"
#include "run/explain.h"
#include "run/guardian.h"
#include "run/journal.h"
#include "run/steplog.h"
#include "step/confine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define PROGRESS_SECONDS 0.1
#define CHUNK		 65536

static const char *log_path(struct builder *b, const struct step *s)
{
	char *path = arena_fmt(&b->arena, "%s/%s.log", b->journal->folder, s->id);

	for (char *c = path + strlen(b->journal->folder) + 1; *c; c++)
		if (*c == '/')
			*c = '_';
	return path;
}

static bool runs_programs(const struct step *s)
{
	for (size_t i = 0; i < s->actions.n; i++)
		if (s->actions.at[i].verb == ACTION_run)
			return true;
	return false;
}

/* A unit that an earlier run configured is not configured again. */
static uint64_t symbols_of(const struct builder *b, const struct task *t)
{
	const struct steps *all = &b->plan->steps;

	for (size_t i = 0; !t->work->symbols && i < all->n; i++) {
		const struct history_entry *e =
			all->at[i]->unit == t->step->unit && all->at[i] != t->step
				? history_find(&b->history, all->at[i]->id, b->plan->profile)
				: NULL;

		if (e && strcmp(e->profile, b->plan->profile) == 0)
			t->work->symbols = e->symbols;
	}
	return t->work->symbols;
}

bool task_start(struct builder *b, struct task *t, struct error *err)
{
	t->began = clock_now();
	t->log_path = log_path(b, t->step);
	t->unit = UNIT_OBJECTS;
	t->total = t->step->count.n
			   ? estimate_objects(b->plan, &b->history, t->step, symbols_of(b, t))
			   : 0;
	if (!steplog_open(&t->log, t->log_path, t->step, err))
		return false;
	journal_emit(b->journal, &(struct event){.kind = EVENT_STEP_START,
					 .step_start = {t->step->id, t->log_path}});
	t->share = (struct job_share){.read_fd = -1, .write_fd = -1, .own_fd = -1};
	if ((t->step->pool == POOL_CPU &&
		    !jobserver_enter(&b->jobs, &t->share, runs_programs(t->step), err)) ||
		!guardian_start(&t->guardian, b->plan, t->step, b->place, &b->power,
			t->work->lock_fd, &t->share, err)) {
		jobserver_leave(&b->jobs, &t->share);
		steplog_close(&t->log, "failed", 0);
		return false;
	}
	t->state = TASK_RUNNING;
	return true;
}

/* Objects are estimated. One that is reached too early grows, as a full bar that goes on says nothing; one that was far off is
 * dropped. */
static void correct_total(struct task *t)
{
	enum { NEARLY = 97, FAR = 130 }; /* percent of the estimate */

	if (!t->guess)
		t->guess = t->total;
	if (t->done * 100 > t->guess * FAR)
		t->total = 0;
	else if (t->done * 100 > t->total * NEARLY)
		t->total = t->done * 100 / NEARLY + 1;
}

void task_progress(struct builder *b, struct task *t)
{
	double now = clock_now();

	if (!t->news || now - t->told < PROGRESS_SECONDS)
		return;
	if (t->unit == UNIT_OBJECTS)
		correct_total(t);
	t->news = false;
	t->told = now;
	journal_emit(b->journal,
		&(struct event){.kind = EVENT_PROGRESS,
			.progress = {t->step->id, t->done,
				t->total && t->total < t->done ? t->done : t->total, t->unit}});
}

/* One line of the worker (action_tell). */
static void hear_line(struct builder *b, struct task *t, const char *line)
{
	uint64_t done, total;
	char unit[16];
	size_t action;
	int number, used = 0;

	if (strncmp(line, "note ", 5) == 0) {
		journal_note(b->journal, line + 5);
	} else if (sscanf(line, "progress %" SCNu64 " %" SCNu64 " %15s", &done, &total, unit) ==
		   3) {
		t->done = done;
		t->total = total;
		t->unit = progress_unit_named(unit);
		t->news = true;
	} else if (sscanf(line, "symbols %" SCNu64, &done) == 1) {
		t->work->symbols = done;
	} else if (sscanf(line, "action %zu", &action) == 1) {
		t->action = action;
	} else if (sscanf(line, "exit %d", &number) == 1) {
		t->exit = number;
	} else if (sscanf(line, "error %d %n", &number, &used) == 1 && used > 0) {
		t->kind = number > 0 && number <= ERROR_SOURCE ? (enum error_kind)number
							       : ERROR_INTERNAL;
		free(t->sentence);
		t->sentence = xstrdup(line + used);
	}
}

static void hear_worker(struct builder *b, struct task *t)
{
	char chunk[4096];
	char *start, *end;
	ssize_t got;

	while ((got = read(t->guardian.progress_fd, chunk, sizeof chunk)) > 0)
		text_add(&t->line, chunk, (size_t)got);
	start = t->line.s;
	while ((end = strchr(start, '\n'))) {
		*end = '\0';
		hear_line(b, t, start);
		start = end + 1;
	}
	if (start != t->line.s) {
		size_t rest = t->line.len - (size_t)(start - t->line.s);

		memmove(t->line.s, start, rest + 1);
		t->line.len = rest;
	}
}

/* Bounded, so that a step that prints without end cannot keep us from the others. */
static bool hear_output(struct task *t, size_t at_most)
{
	char chunk[CHUNK];
	uint64_t before = t->log.objects;
	bool empty = false;

	while (!empty && at_most > 0) {
		ssize_t got = read(t->guardian.out_fd, chunk, sizeof chunk);

		if (got < 0 && errno == EINTR)
			continue;
		empty = got <= 0;
		if (got > 0) {
			steplog_take(&t->log, chunk, (size_t)got);
			at_most -= (size_t)got < at_most ? (size_t)got : at_most;
		}
	}
	if (t->log.objects != before) {
		t->done = t->log.objects;
		t->news = true;
	}
	return empty;
}

void task_hear(struct builder *b, struct task *t)
{
	hear_output(t, 16 * CHUNK);
	hear_worker(b, t);
}

static struct event_words command_of(const struct task *t, struct arena *arena)
{
	const struct action *a =
		t->action < t->step->actions.n ? &t->step->actions.at[t->action] : NULL;
	const char **words;
	struct text shown = TEXT_INIT;
	size_t n = 0;

	if (!a)
		return (struct event_words){0};
	words = arena_alloc(arena, (a->args.n + 1) * sizeof *words);
	if (a->verb != ACTION_run)
		words[n++] = action_facts(a->verb)->word;
	for (size_t i = 0; i < a->args.n; i++) {
		text_clear(&shown);
		expand_print(&shown, a->args.at[i], NULL, NULL);
		words[n++] = arena_str(arena, shown.s);
	}
	text_release(&shown);
	return (struct event_words){words, n};
}

/* The stages of packages are vetted, because they are compiled in a sysroot of their own. */
static bool is_of_package(const struct plan *p, const struct unit *u)
{
	for (size_t i = 0; i < p->steps.n; i++)
		for (size_t k = 0; p->steps.at[i]->unit == u && k < p->steps.at[i]->actions.n; k++)
			if (p->steps.at[i]->actions.at[k].verb == ACTION_vet)
				return true;
	return false;
}

/* Everything in it lives as long as the outcome. */
static const struct event_failure *failure_of(struct builder *b, const struct task *t)
{
	struct arena *a = &b->outcome->arena;
	struct event_failure *failure = arena_alloc(a, sizeof *failure);
	const struct action_context context = {
		.plan = b->plan, .step = t->step, .place = b->place, .power = &b->power};
	struct failed_step f = {.log = t->log_path,
		.sentence = t->sentence,
		.builtin = t->exit == 0,
		.work = t->step->unit->work,
		.package = is_of_package(b->plan, t->step->unit)};
	struct jail jail;
	struct error ignored;
	struct text began = TEXT_INIT;
	struct explanation x;
	struct error err;

	if (t->action < t->step->actions.n) {
		text_str(&began, "+ ");
		steplog_words(&began, &t->step->actions.at[t->action]);
		f.began = began.s;
	}
	if (confine_is_on(&context) && f.work && confine_view(&context, &jail, a, &ignored)) {
		f.jail = &jail;
		f.search = confine_search(t->step);
	}
	if (!explain(&x, &f, b->place, a, &err)) {
		x = (struct explanation){.line = t->sentence ? t->sentence : ""};
		x.cause = "unknown: the table of known causes cannot be read";
		x.remedy = arena_str(a, err.text);
	}
	if (t->exit == 0 && !x.known && t->sentence) {
		x.cause = t->sentence; /* our own sentences already name the cause */
		x.remedy = "";
	}
	text_release(&began);
	if (x.host && b->outcome->failed == 0)
		b->outcome->status = ERROR_HOST;
	*failure = (struct event_failure){.step = arena_str(a, t->step->id),
		.command = command_of(t, a),
		.exit = t->exit ? t->exit : 1,
		.line = arena_str(a, x.line),
		.cause = arena_str(a, x.cause),
		.remedy = arena_str(a, x.remedy),
		.log = arena_str(a, t->log_path)};
	return failure;
}

static int status_of(enum error_kind kind)
{
	return kind == ERROR_SOURCE || kind == ERROR_HOST ? (int)kind : (int)ERROR_STEP;
}

/* The archive whose bytes are wrong everywhere, if that is what happened. */
static const char *bad_archive(const struct task *t)
{
	const struct action *a =
		t->action < t->step->actions.n ? &t->step->actions.at[t->action] : NULL;

	if (t->kind != ERROR_SOURCE || !a || a->verb != ACTION_fetch || a->args.n < 2)
		return NULL;
	return strlen(a->args.at[1]) == 64 ? a->args.at[1] : NULL;
}

static void count_failure(struct builder *b, struct task *t, const struct event_failure *failure)
{
	struct outcome *o = b->outcome;
	const char *bad = bad_archive(t);

	if (bad)
		vec_push_in(&o->arena, &o->bad, arena_str(&o->arena, bad));
	if (o->failed++ > 0)
		return;
	o->failure = failure;
	if (o->status == 0)
		o->status = status_of(t->kind);
	o->sentence = arena_fmt(&o->arena, "%s failed: %s", t->step->id,
		t->sentence ? t->sentence : "no reason was given");
}

static void tell_end(struct builder *b, struct task *t, const struct event_failure *failure)
{
	double seconds = t->began > 0 ? clock_now() - t->began : 0;

	if (t->state == TASK_RUNNING) {
		t->told = 0;
		task_progress(b, t);
		steplog_close(&t->log, step_result_word(t->result), seconds);
	}
	journal_emit(b->journal, &(struct event){.kind = EVENT_STEP_DONE,
					 .step_done = {t->step->id, t->result, seconds, failure}});
}

void task_settle(struct builder *b, struct task *t, enum step_result result)
{
	const struct event_failure *failure = NULL;

	t->result = result;
	t->work->left--;
	t->work->failed = t->work->failed || (result != RESULT_OK && result != RESULT_CACHED);
	if (result == RESULT_FAILED) {
		failure = failure_of(b, t);
		count_failure(b, t, failure);
	}
	b->outcome->run += result == RESULT_OK || result == RESULT_FAILED;
	b->outcome->cached += result == RESULT_CACHED;
	tell_end(b, t, failure);
	t->state = TASK_DONE;
	unit_leave(b, t->work);
}

void task_fail(struct builder *b, struct task *t, const struct error *why)
{
	t->kind = why->kind;
	free(t->sentence);
	t->sentence = xstrdup(why->text);
	task_settle(b, t, RESULT_FAILED);
}

/* Of what the unit left. */
static uint64_t measure(const struct builder *b, const struct unit *u)
{
	const char *relative = cache_relative(b->plan->cache, u->result);
	struct text record = TEXT_INIT;
	uint64_t bytes;

	if (relative)
		cache_record_path(&record, b->plan->cache, relative);
	bytes = manifest_measure(u->result, relative ? record.s : NULL).bytes;
	text_release(&record);
	return bytes;
}

static void remember(struct builder *b, const struct task *t)
{
	struct history_entry e = {
		.step = t->step->id,
		.profile = b->plan->profile,
		.objects = t->log.objects,
		.cpu = t->cpu,
		.symbols = t->work->symbols,
	};

	e.seconds = clock_now() - t->began;
	e.when = (int64_t)time(NULL);
	if (t->step->last && t->step->unit->result)
		e.bytes = measure(b, t->step->unit);
	history_add(b->place, &e);
}

void task_end(struct builder *b, struct task *t)
{
	int status;

	/* Nothing of the step runs any more, so the pipes hold its last words and then end. */
	while (!hear_output(t, 16 * CHUNK))
		continue;
	hear_worker(b, t);
	status = guardian_finish(&t->guardian, &t->cpu);
	jobserver_leave(&b->jobs, &t->share);
	if (status == 0) {
		remember(b, t);
		task_settle(b, t, RESULT_OK);
		return;
	}
	if (b->cancelled) {
		task_settle(b, t, RESULT_CANCELLED);
		return;
	}
	if (!t->sentence) {
		struct error err;

		t->exit = status;
		error_set(&err, ERROR_STEP, "the step's own process ended with exit status %d%s",
			status, status > 128 ? " (killed by a signal)" : "");
		t->kind = err.kind;
		t->sentence = xstrdup(err.text);
	}
	task_settle(b, t, RESULT_FAILED);
}
