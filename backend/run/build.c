/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a build from plan to last event: the body of the daemon that run_build starts. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/results.h"
#include "choice/profile.h"
#include "plan/plan.h"
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

#define MAX_PLANS 6 /* this many archives in a row may turn out bad */

struct build {
	const struct profile *profile;
	const struct settings *settings;
	struct plan_options options;
	bool check_cache;
};

void builder_emit_plan(struct journal *j, const struct plan *plan)
{
	struct arena a = ARENA_INIT;
	struct event_step *steps = arena_alloc(&a, (plan->steps.n + 1) * sizeof *steps);
	struct event e = {.kind = EVENT_PLAN};

	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct step *s = plan->steps.at[i];

		steps[i] = (struct event_step){
			s->id, s->title, s->cached, s->why, s->cached ? 0 : s->cost.seconds};
	}
	e.plan.profile = plan->profile;
	e.plan.seconds = plan->forecast.seconds;
	e.plan.least = plan->forecast.least;
	e.plan.most = plan->forecast.most;
	e.plan.steps = (struct event_steps){steps, plan->steps.n};
	journal_emit(j, &e);
	arena_release(&a);
}

/* The artifacts listed in the manifest of the results folder, with absolute paths. */
static struct event_artifacts artifacts_in(const char *output, struct arena *a)
{
	struct event_artifact *all;
	struct error ignored;
	struct results r;
	size_t n;

	if (!results_load(&r, output, &ignored))
		return (struct event_artifacts){0};
	n = r.artifacts.n;
	all = arena_alloc(a, (n + 1) * sizeof *all);
	for (size_t i = 0; i < n; i++) {
		const struct results_artifact *made = &r.artifacts.at[i];

		all[i] = (struct event_artifact){arena_fmt(a, "%s/%s", output, made->file),
			made->bytes, arena_str(a, made->sha256)};
	}
	results_release(&r);
	return (struct event_artifacts){all, n};
}

void builder_emit_finished(struct journal *j, const struct outcome *o, const char *output)
{
	struct arena a = ARENA_INIT;
	struct event e = {.kind = EVENT_FINISHED};
	struct event_finished *f = &e.finished;

	f->ok = o->status == 0;
	f->seconds = clock_now() - j->began;
	f->status = o->status;
	f->steps = (struct event_counts){o->run, o->cached, o->failed};
	if (f->ok && output)
		f->artifacts = artifacts_in(output, &a);
	if (!f->ok) {
		f->error = o->sentence;
		f->failure = o->failure;
	}
	journal_emit(j, &e);
	arena_release(&a);
}

static void note(void *ctx, const char *sentence)
{
	journal_note(ctx, sentence);
}

/* Looking up versions may take long, and that code cannot be cancelled: during it SIGTERM simply kills us, and the supervisor
 * writes the last event. */
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
	/* found now, not after an hour of compiling */
	if (ok && !b->options.fetch_only && !place_can_write_below(plan->output, err)) {
		plan_release(plan);
		ok = false;
	}
	return ok;
}

/* The forecast is a guess, so a disk that looks too small is only a warning. */
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
		"this build takes about %.1f GiB in %s, where %.1f GiB are free; should it not be enough, free some space or name another disk's folder in $BOOTSMITH_CACHE",
		need / gib, plan->cache, room / gib);
	journal_note(j, sentence.s);
	text_release(&sentence);
}

static void tell_lacking(struct journal *j, const struct plan *plan, bool fetch_only)
{
	struct text sentence = TEXT_INIT;

	text_fmt(&sentence, "%s. %s", plan->lacking,
		fetch_only ? "All others are fetched"
			   : "What does not need them is built, but there will be no image");
	journal_note(j, sentence.s);
	text_release(&sentence);
}

/* Adds what the outcome says to avoid; true if another plan is worth a try. */
static bool wants_new_plan(struct strings *avoid, const struct outcome *o, struct arena *a)
{
	if (o->status > 128)
		return false;
	for (size_t i = 0; i < o->bad.n; i++)
		vec_push_in(a, avoid, arena_str(a, o->bad.at[i]));
	return o->bad.n > 0 || o->gone;
}

struct tries {
	struct arena arena;
	struct strings avoid;
	size_t before; /* how many of them the last plan avoided */
	struct outcome last;
	bool any; /* `last` comes from an execution */
	long run;
};

/* Nothing comes in place of what could not be had: the plan from before, of which all that does not need it is still built. */
static bool plan_the_rest(struct journal *j, struct build *b, struct tries *t, struct plan *plan,
	const struct error *why)
{
	struct error ignored;

	journal_note(j, why->text);
	t->avoid.n = t->before;
	b->options.rest = true;
	if (!make_plan(plan, b, &ignored))
		return false;
	journal_note(j, "what does not need it is built all the same");
	return true;
}

/* Makes and executes one plan; true if it should be done again. */
static bool attempt(
	struct journal *j, struct build *b, struct tries *t, bool may_replace, char **output)
{
	struct plan plan;
	struct error err = {0};
	bool again;

	b->options.rest = !t->any;
	if (!make_plan(&plan, b, &err)) {
		/* After a bad archive the first failure says more than that there is no alternative. */
		if (!t->any || t->last.gone) {
			t->last.status = (int)err.kind;
			t->last.sentence = arena_str(&t->arena, err.text);
			t->any = true;
			return false;
		}
		may_replace = false;
		if (!plan_the_rest(j, b, t, &plan, &err))
			return false;
	}
	t->before = t->avoid.n;
	if (t->any)
		outcome_release(&t->last);
	builder_emit_plan(j, &plan);
	tell_space(j, &plan);
	if (plan.lacking)
		tell_lacking(j, &plan, b->options.fetch_only);
	builder_execute(&t->last, j, &plan, b->profile->catalog->place,
		(struct builder_rules){may_replace, b->check_cache});
	if (plan.lacking && t->last.status == 0) {
		t->last.status = ERROR_SOURCE;
		t->last.sentence = arena_str(&t->last.arena, plan.lacking);
	}
	t->any = true;
	t->run += t->last.run;
	again = wants_new_plan(&t->avoid, &t->last, &t->arena);
	if (again && may_replace)
		journal_note(j,
			t->last.gone
				? "something is not in the cache any more; planning again"
				: "an archive could not be had as it should be; looking for another one");
	free(*output);
	*output = plan.output ? xstrdup(plan.output) : NULL;
	plan_release(&plan);
	return again && may_replace;
}

/* Who comes later sees what this build is made of. Nothing depends on it, so a full disk is no reason to stop. */
static void keep_choices(const struct journal *j, const struct profile *p)
{
	struct text path = TEXT_INIT, choices = TEXT_INIT;
	struct error ignored;

	text_fmt(&path, "%s/profile", j->folder);
	profile_print(p, &choices);
	if (!place_write_soon(path.s, choices.s, choices.len, &ignored))
		unlink(path.s);
	text_release(&path);
	text_release(&choices);
}

static int build_body(struct journal *j, void *ctx)
{
	struct build b = *(const struct build *)ctx;
	struct tries t = {.arena = ARENA_INIT};
	char *output = NULL;

	keep_choices(j, b.profile);
	b.options.note = note;
	b.options.note_ctx = j;
	for (size_t i = 0; b.options.avoid && i < b.options.avoid->n; i++)
		vec_push_in(&t.arena, &t.avoid, b.options.avoid->at[i]);
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
	struct build b = {p, s, o->plan, o->check_cache};

	return journal_spawn(out, p->catalog->place, p->name, RUN_BUILD, build_body, NULL, &b, err);
}
