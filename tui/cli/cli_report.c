/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events in sentences, a line or a few for each; both text renderers print these. */
#include "base/text.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/run.h"
#include "shared/width.h"
#include "shared/words.h"
#include <string.h>

enum { INDENT = 11 };

/* Sentences, wrapped where somebody reads them in a window; what is to be copied stays whole. */
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

static bool is_write(const struct watch *w)
{
	return run_kind(w->run) == RUN_WRITE;
}

static void report_plan(const struct watch *w, const struct event *e)
{
	size_t cached = 0;

	if (is_write(w))
		return;
	for (size_t i = 0; i < e->n_items; i++)
		cached += e->items[i].ok;
	say(w->cli, "plan: %zu steps, %zu in the cache, %zu to run", e->n_items, cached,
		e->n_items - cached);
}

static void report_failure(const struct watch *w, const struct event *e, const char *took)
{
	const struct event_failure *f = &e->failure;
	char next[256];

	say_role(w->cli, ROLE_BAD, "%s: FAILED after %s", e->step, took);
	detail(w, "command", f->command);
	if (f->exit)
		say(w->cli, "  %-8s %d%s", "exit", f->exit,
			f->exit > 128 ? " (ended by a signal)" : "");
	detail(w, "error", f->line);
	explain(w, "cause", f->cause ? f->cause : "not known; the log says more");
	explain(w, "remedy", f->remedy);
	detail(w, "log", f->log);
	snprintf(next, sizeof next, "bootsmith log %s %s", w->name, e->step);
	detail(w, "next", next);
}

static void report_step_done(const struct watch *w, const struct event *e)
{
	struct text took = TEXT_INIT;
	const char *result = e->result ? e->result : "";

	words_seconds(&took, e->seconds);
	if (strcmp(result, "ok") == 0)
		say(w->cli, "%s: done in %s", e->step, took.s);
	else if (strcmp(result, "cached") == 0)
		say(w->cli, "%s: in the cache", e->step);
	else if (strcmp(result, "failed") == 0)
		report_failure(w, e, took.s);
	else
		say(w->cli, "%s: %s", e->step, result);
	text_release(&took);
}

static void report_artifacts(const struct watch *w, const struct event *e)
{
	for (size_t i = 0; i < e->n_items; i++) {
		struct text size = TEXT_INIT;

		words_bytes(&size, e->items[i].bytes);
		say(w->cli, "  %s (%s)", e->items[i].name, size.s);
		text_release(&size);
	}
}

/* What is where was told by a note. */
static void report_written(const struct watch *w, const struct event *e, const char *took)
{
	if (e->ok) {
		say_role(w->cli, ROLE_GOOD, "written and verified after %s", took);
		return;
	}
	say_role(w->cli, ROLE_BAD, "%s was not written", run_profile(w->run));
	explain(w, "reason", e->text);
}

static void report_finished(const struct watch *w, const struct event *e)
{
	struct text took = TEXT_INIT;

	words_seconds(&took, e->seconds);
	if (is_write(w)) {
		report_written(w, e, took.s);
	} else if (e->ok) {
		say_role(w->cli, ROLE_GOOD, "%s is %s after %s: %ld steps run, %ld from the cache",
			run_profile(w->run), e->n_items ? "built" : "done", took.s, e->run,
			e->cached);
		report_artifacts(w, e);
	} else {
		say_role(w->cli, ROLE_BAD,
			"%s was not built: %ld steps run, %ld from the cache, %ld failed",
			run_profile(w->run), e->run, e->cached, e->failed);
		explain(w, "reason", e->text);
		say(w->cli, "  %-8s %s", "again",
			"what is finished is kept; the same command goes on from there");
	}
	text_release(&took);
}

static void report_boot_start(const struct watch *w, const struct event *e)
{
	say(w->cli, "boot: %s, %s start; the serial console goes to %s", e->accel ? e->accel : "?",
		e->firmware ? e->firmware : "?", e->log ? e->log : "?");
}

static void report_verdict(const struct watch *w, const struct event *e)
{
	const char *result = e->result ? e->result : "fail";
	struct text took = TEXT_INIT;

	words_seconds(&took, e->seconds);
	if (strcmp(result, "pass") == 0) {
		say_role(w->cli, ROLE_GOOD, "verdict: PASS, ready after %s (%s, %s%s%s)", took.s,
			e->accel ? e->accel : "?", e->firmware ? e->firmware : "?",
			e->medium ? ", " : "", e->medium ? e->medium : "");
	} else {
		say_role(w->cli, ROLE_BAD, "verdict: %s",
			strcmp(result, "timeout") == 0 ? "TIME-OUT, the guest was not ready in time"
						       : "FAIL");
		detail(w, "line", e->failure.line);
		explain(w, "cause",
			e->failure.cause ? e->failure.cause
					 : "not known; the serial log says more");
		explain(w, "remedy", e->failure.remedy);
	}
	for (size_t i = 0; i < e->n_items; i++)
		if (e->items[i].untested)
			detail(w, "untested", e->items[i].name);
	detail(w, "log", e->log ? e->log : w->serial);
	text_release(&took);
}

static void report_lost(const struct watch *w)
{
	if (is_write(w)) {
		complain(w->cli,
			"the process that wrote the device is gone without a last word; the device "
			"holds half an image and starts nothing until it is written again");
		return;
	}
	complain(w->cli,
		"the process that did the work for %s is gone without a last word (killed, or out "
		"of memory); %s/daemon.log may tell more. "
		"What is finished is kept: the same command goes on from there",
		run_profile(w->run), run_folder(w->run));
}

void report_interrupt(const struct watch *w)
{
	if (!w->cli->flags.json)
		say(w->cli, "ending the %s of %s ... (once more to leave at once)",
			run_kind_word(run_kind(w->run)), run_profile(w->run));
	fflush(stdout);
}

void report_event(struct watch *w, const struct event *e)
{
	if (report_grid(w, e))
		return;
	switch (e->kind) {
	case EVENT_PLAN:
		report_plan(w, e);
		break;
	case EVENT_NOTE:
		say(w->cli, "%s", e->text ? e->text : "");
		break;
	case EVENT_STEP_DONE:
		report_step_done(w, e);
		break;
	case EVENT_FINISHED:
		report_finished(w, e);
		break;
	case EVENT_BOOT_START:
		report_boot_start(w, e);
		break;
	case EVENT_MILESTONE:
		say(w->cli, "boot: %s after %.1f s", e->text ? e->text : "?", e->seconds);
		break;
	case EVENT_CHECK:
		say_role(w->cli,
			e->ok	      ? ROLE_PLAIN
			: e->untested ? ROLE_WARN
				      : ROLE_BAD,
			"check %s: %s%s%s", e->step ? e->step : "?",
			e->ok	      ? "ok"
			: e->untested ? "NOT TESTED"
				      : "FAIL",
			e->text && *e->text ? ", " : "", e->text ? e->text : "");
		break;
	case EVENT_VERDICT:
		report_verdict(w, e);
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
