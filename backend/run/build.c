/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A build run from plan to last event: the body of the daemon that run_build starts. */
#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "plan/plan.h"
#include "proc/proc.h"
#include "results/results.h"
#include "run/builder.h"
#include "run/journal.h"
#include "run/run.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/banned.h"

#define MAX_PLANS 6 /* as many archives in a row may turn out bad */

struct build {
	const struct profile *profile;
	const struct settings *settings;
	struct plan_options options;
};

void builder_emit_plan(struct journal *j, const struct plan *plan)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct step *s = plan->steps.at[i];

		json_array_append_new(
			steps, json_pack("{s:o,s:o,s:s,s:o}", "id", journal_text(s->id), "title",
				       journal_text(s->title), "state",
				       s->cached ? "cached" : "run", "why", journal_text(s->why)));
	}
	journal_emit(j, json_pack("{s:s,s:o,s:o}", "event", "plan", "profile",
				journal_text(plan->profile), "steps", steps));
}

/* The artifacts as the results folder's manifest lists them, with whole paths. */
static json_t *artifacts_in(const char *output)
{
	struct text path = TEXT_INIT;
	json_t *list = json_array();
	struct error ignored;
	struct results r;

	if (!output || !results_load(&r, output, &ignored))
		return list;
	for (size_t i = 0; i < r.artifacts.n; i++) {
		const struct results_artifact *a = &r.artifacts.at[i];

		text_clear(&path);
		text_fmt(&path, "%s/%s", output, a->file);
		json_array_append_new(
			list, json_pack("{s:o,s:I,s:s}", "path", journal_text(path.s), "bytes",
				      (json_int_t)a->bytes, "sha256", a->sha256));
	}
	results_release(&r);
	text_release(&path);
	return list;
}

void builder_emit_finished(struct journal *j, const struct outcome *o, const char *output)
{
	bool ok = o->status == 0;
	json_t *event = json_pack("{s:s,s:b,s:o,s:i,s:{s:I,s:I,s:I},s:o}", "event", "finished",
		"ok", (int)ok, "seconds", journal_seconds(proc_now() - j->began), "status",
		o->status, "steps", "run", (json_int_t)o->run, "cached", (json_int_t)o->cached,
		"failed", (json_int_t)o->failed, "artifacts", artifacts_in(ok ? output : NULL));

	if (!ok && o->sentence)
		json_object_set_new(event, "error", journal_text(o->sentence));
	if (!ok && o->failure)
		json_object_set(event, "failure", o->failure);
	journal_emit(j, event);
}

static void note(void *ctx, const char *sentence)
{
	journal_emit(ctx, json_pack("{s:s,s:o}", "event", "note", "text", journal_text(sentence)));
}

/* Looking up versions may take long and is done by code that knows nothing of cancelling: there SIGTERM simply ends us, and
 * the supervisor writes the last event. */
static bool make_plan(struct plan *plan, const struct build *b, struct error *err)
{
	sigset_t set;
	bool ok;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	ok = plan_make(plan, b->profile, b->settings, &b->options, err);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return ok;
}

/* The forecast is a guess, so a disk that looks too small is told, not refused. */
static void tell_space(struct journal *j, const struct plan *plan)
{
	const double gib = 1024.0 * 1024 * 1024;
	struct text sentence = TEXT_INIT;
	struct statvfs fs;
	double room, need = (double)plan->forecast.disk_bytes;

	if (statvfs(plan->cache, &fs) != 0)
		return;
	room = (double)fs.f_bavail * (double)fs.f_frsize;
	if (need <= room)
		return;
	text_fmt(&sentence,
		"this build takes about %.1f GiB in %s, where %.1f GiB are free; should it not be "
		"enough, "
		"free some space or name another disk's folder in $BOOTSMITH_CACHE",
		need / gib, plan->cache, room / gib);
	note(j, sentence.s);
	text_release(&sentence);
}

/* Adds what the outcome asks to be avoided; true when another plan is worth a try. */
static bool wants_new_plan(struct strings *avoid, const struct outcome *o, struct arena *a)
{
	if (o->status > 128)
		return false;
	for (size_t i = 0; i < o->bad.n; i++)
		vec_push(avoid, arena_str(a, o->bad.at[i]));
	return o->bad.n > 0 || o->gone;
}

struct tries {
	struct arena arena;
	struct strings avoid;
	struct outcome last;
	bool any; /* `last` is of an execution */
	long run;
};

/* One plan made and executed; true when it is to be done again. */
static bool attempt(
	struct journal *j, struct build *b, struct tries *t, bool may_replace, char **output)
{
	struct plan plan;
	struct error err = {0};
	bool again;

	if (!make_plan(&plan, b, &err)) {
		/* After a bad archive the first failure says more than that there is no other one. */
		if (!t->any || t->last.gone) {
			t->last.status = (int)err.kind;
			t->last.sentence = arena_str(&t->arena, err.text);
		} else {
			note(j, err.text);
		}
		t->any = true;
		return false;
	}
	if (t->any)
		outcome_release(&t->last);
	builder_emit_plan(j, &plan);
	tell_space(j, &plan);
	builder_execute(&t->last, j, &plan, b->profile->catalog->place, may_replace);
	t->any = true;
	t->run += t->last.run;
	again = wants_new_plan(&t->avoid, &t->last, &t->arena);
	if (again && may_replace)
		note(j, t->last.gone ? "the cache was cleaned meanwhile; planning again"
				     : "an archive could not be had as it should be; looking for "
				       "another one");
	free(*output);
	*output = plan.output ? xstrdup(plan.output) : NULL;
	plan_release(&plan);
	return again;
}

static int build_body(struct journal *j, void *ctx)
{
	struct build b = *(const struct build *)ctx;
	struct tries t = {.arena = ARENA_INIT};
	char *output = NULL;

	b.options.note = note;
	b.options.note_ctx = j;
	for (size_t i = 0; b.options.avoid && i < b.options.avoid->n; i++)
		vec_push(&t.avoid, b.options.avoid->at[i]);
	b.options.avoid = &t.avoid;
	for (int plans = 1; attempt(j, &b, &t, plans < MAX_PLANS, &output) && plans < MAX_PLANS;
		plans++)
		continue;
	t.last.run = t.run;
	builder_emit_finished(j, &t.last, output);
	return t.last.status;
}

bool run_build(struct run **out, const struct profile *p, const struct settings *s,
	const struct build_options *o, struct error *err)
{
	struct build b = {p, s, o->plan};

	return journal_spawn(out, p->catalog->place, p->name, RUN_BUILD, build_body, NULL, &b, err);
}
