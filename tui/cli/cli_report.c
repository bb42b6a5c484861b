/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns events into sentences, one or a few lines each; both text renderers print these. */
#include "base/text.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/event.h"
#include "run/run.h"
#include "shared/width.h"
#include "shared/words.h"
#include <string.h>

enum { INDENT = 11 };

/* Sentences, wrapped on a terminal; anything meant for copying stays on one line. */
static void explain(const struct watch *w, const char *what, const char *text)
{
	int columns = columns_of(w->cli);
	size_t next;

	for (; text && *text; text += next) {
		size_t fits = width_wrap(text, columns - INDENT, &next);

		say(w->cli, "  %-8s %.*s", what, (int)fits, text);
		what = "";
	}
}

static void detail(const struct watch *w, const char *what, const char *text)
{
	if (text && *text)
		say(w->cli, "  %-8s %s", what, text);
}

enum { WORTH_TELLING_S = 20 }; /* a run that takes longer has its time told at its start */

static void report_plan(const struct watch *w, const struct event_plan *plan)
{
	const struct event_steps *steps = &plan->steps;
	struct text time = TEXT_INIT;
	size_t cached = 0;

	if (w->session.is_write)
		return;
	for (size_t i = 0; i < steps->n; i++)
		cached += steps->at[i].cached;
	if (plan->most >= WORTH_TELLING_S) {
		text_str(&time, ", ");
		words_about(&time, plan->least, plan->most);
	}
	say(w->cli, "plan: %zu steps, %zu in the cache, %zu to run%s", steps->n, cached,
		steps->n - cached, time.s);
	text_release(&time);
}

static void report_failure(const struct watch *w, const struct event_step_done *d, const char *took)
{
	const struct model *m = &w->session.model;
	const struct model_failure *f = &m->failures.at[m->failures.n - 1];
	char next[256];

	say_role(w->cli, ROLE_BAD, "%s: FAILED after %s", d->step, took);
	detail(w, "command", f->command);
	if (f->exit)
		say(w->cli, "  %-8s %d%s", "exit", f->exit,
			f->exit > 128 ? " (ended by a signal)" : "");
	detail(w, "error", f->line);
	explain(w, "cause", f->cause ? f->cause : "not known; the log says more");
	explain(w, "remedy", f->remedy);
	detail(w, "log", f->log);
	snprintf(next, sizeof next, "bootsmith log %s %s", w->name, d->step);
	detail(w, "next", next);
}

static void report_step_done(const struct watch *w, const struct event_step_done *d)
{
	struct text took = TEXT_INIT;

	words_seconds(&took, d->seconds);
	if (d->result == RESULT_OK)
		say(w->cli, "%s: done in %s", d->step, took.s);
	else if (d->result == RESULT_CACHED)
		say(w->cli, "%s: in the cache", d->step);
	else if (d->result == RESULT_FAILED)
		report_failure(w, d, took.s);
	else
		say(w->cli, "%s: %s", d->step, step_result_word(d->result));
	text_release(&took);
}

static void report_artifacts(const struct watch *w, const struct event_artifacts *artifacts)
{
	for (size_t i = 0; i < artifacts->n; i++) {
		struct text size = TEXT_INIT;

		words_bytes(&size, artifacts->at[i].bytes);
		say(w->cli, "  %s (%s)", artifacts->at[i].path, size.s);
		text_release(&size);
	}
}

/* A note already said where things are. */
static void report_written(const struct watch *w, const struct event_finished *f, const char *took)
{
	if (f->ok) {
		say_role(w->cli, ROLE_GOOD, "written and verified after %s", took);
		return;
	}
	say_role(w->cli, ROLE_BAD, "%s was not written", run_profile(w->session.run));
	explain(w, "reason", f->error);
}

static void report_finished(const struct watch *w, const struct event_finished *f)
{
	struct text took = TEXT_INIT;

	words_seconds(&took, f->seconds);
	if (w->session.is_write) {
		report_written(w, f, took.s);
	} else if (f->ok) {
		say_role(w->cli, ROLE_GOOD, "%s is %s after %s: %ld steps run, %ld from the cache",
			run_profile(w->session.run), f->artifacts.n ? "built" : "done", took.s,
			f->steps.run, f->steps.cached);
		report_artifacts(w, &f->artifacts);
	} else {
		say_role(w->cli, ROLE_BAD,
			"%s was not built: %ld steps run, %ld from the cache, %ld failed",
			run_profile(w->session.run), f->steps.run, f->steps.cached,
			f->steps.failed);
		explain(w, "reason", f->error);
		say(w->cli, "  %-8s %s", "again",
			"what is finished is kept; the same command goes on from there");
	}
	text_release(&took);
}

static void report_check(const struct watch *w, const struct event_check *c)
{
	static const struct {
		const char *word;
		enum role role;
	} outcomes[] = {[CHECK_UNTESTED] = {"NOT TESTED", ROLE_WARN},
		[CHECK_FAILED] = {"FAIL", ROLE_BAD},
		[CHECK_PASSED] = {"ok", ROLE_PLAIN}};

	say_role(w->cli, outcomes[c->outcome].role, "check %s: %s%s%s", c->name,
		outcomes[c->outcome].word, *c->detail ? ", " : "", c->detail);
}

static void report_verdict(const struct watch *w, const struct event_verdict *v)
{
	static const struct event_diagnosis unknown = {
		.cause = "not known; the serial log says more"};
	const struct event_diagnosis *d = v->diagnosis ? v->diagnosis : &unknown;
	struct text took = TEXT_INIT;

	words_seconds(&took, v->ready_seconds);
	if (v->verdict == VERDICT_PASS) {
		say_role(w->cli, ROLE_GOOD, "verdict: PASS, ready after %s (%s, %s%s%s)", took.s,
			v->accel, v->firmware, *v->medium ? ", " : "", v->medium);
	} else {
		say_role(w->cli, ROLE_BAD, "verdict: %s",
			v->verdict == VERDICT_TIMEOUT ? "TIME-OUT, the guest was not ready in time"
						      : "FAIL");
		detail(w, "line", d->line);
		explain(w, "cause", d->cause);
		explain(w, "remedy", d->remedy);
	}
	for (size_t i = 0; i < v->untested.n; i++)
		detail(w, "untested", v->untested.at[i].name);
	detail(w, "log", v->log);
	text_release(&took);
}

static void report_lost(const struct watch *w)
{
	if (w->session.is_write) {
		complain(w->cli,
			"the process that wrote the device is gone without a last word; the device holds half an image and starts nothing until it is written again");
		return;
	}
	complain(w->cli,
		"the process that did the work for %s is gone without a last word (killed, or out of memory); %s/daemon.log may tell more. "
		"What is finished is kept: the same command goes on from there",
		run_profile(w->session.run), run_folder(w->session.run));
}

void report_interrupt(const struct watch *w)
{
	if (!w->cli->flags.json)
		say(w->cli, "ending the %s of %s ... (once more to leave at once)",
			run_kind_word(run_kind(w->session.run)), run_profile(w->session.run));
	fflush(stdout);
}

void report_event(struct watch *w, const struct event *e)
{
	if (report_grid(w, e))
		return;
	switch (e->kind) {
	case EVENT_PLAN:
		report_plan(w, &e->plan);
		break;
	case EVENT_NOTE:
		say(w->cli, "%s", e->note.text);
		break;
	case EVENT_STEP_DONE:
		report_step_done(w, &e->step_done);
		break;
	case EVENT_FINISHED:
		report_finished(w, &e->finished);
		break;
	case EVENT_BOOT_START:
		say(w->cli, "boot: %s, %s start; the serial console goes to %s",
			e->boot_start.accel, e->boot_start.firmware, e->boot_start.log);
		break;
	case EVENT_MILESTONE:
		say(w->cli, "boot: %s after %.1f s", e->milestone.name, e->milestone.seconds);
		break;
	case EVENT_CHECK:
		report_check(w, &e->check);
		break;
	case EVENT_VERDICT:
		report_verdict(w, &e->verdict);
		break;
	case EVENT_LOST:
		report_lost(w);
		break;
	case EVENT_STEP_START:
	case EVENT_PROGRESS:
	case EVENT_GRID_PLAN:
	case EVENT_GRID:
		break;
	}
}
