/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the failure card, in the order in which people ask: why, where, what now. */
#include "views/view_failure.h"

#include "base/error.h"
#include "base/text.h"
#include "run/run.h"
#include "screen/app.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/list.h"
#include "shared/log_lines.h"
#include "shared/model.h"
#include "shared/session.h"
#include "shared/words.h"
#include "views/build_start.h"
#include "views/view_devices.h"
#include "views/view_tree.h"

#include <stdio.h>
#include <string.h>

/* The log comes first, and is left out if there is none. */
enum { DO_LOG, DO_RETRY, DO_EDIT, DO_STEPS, DO_QUIT, DO_COUNT };

#define CONTEXT_BEFORE 2
#define CONTEXT_AFTER  2

struct failure_view {
	struct view view;
	struct list list;
	size_t which;	   /* index into the model's failures */
	size_t context_of; /* the failure that `log` belongs to, plus one */
	struct log_lines log;
};

static const struct model_failure *failure(const struct failure_view *f, const struct app *app)
{
	const struct model *m = &app->session.model;

	return f->which < m->failures.n ? &m->failures.at[f->which] : NULL;
}

static size_t first_choice(const struct failure_view *f, const struct app *app)
{
	const struct model_failure *what = failure(f, app);

	return what && what->log ? DO_LOG : DO_LOG + 1;
}

static int put_part(
	struct app *app, struct rect r, int y, const char *label, enum role role, const char *s)
{
	if (!s || !*s)
		return y;
	put(&app->term, r, y, 1, ROLE_TITLE, label);
	return put_wrapped(
		&app->term, (struct rect){r.y, r.x + 12, r.rows, r.cols - 13}, y, role, s);
}

static void load_log(struct failure_view *f, const struct model_failure *what)
{
	if (f->context_of == f->which + 1)
		return;
	f->context_of = f->which + 1;
	log_lines_clear(&f->log);
	if (what->log)
		log_lines_grow(&f->log, what->log);
	log_lines_flush(&f->log);
}

/* The first error line and the lines around it; without one, the end of the log. */
static int draw_context(struct failure_view *f, struct app *app, struct rect r, int y,
	const struct model_failure *what)
{
	size_t at, from, to;
	char label[32];

	load_log(f, what);
	at = what->line ? log_lines_find(&f->log, what->line) : SIZE_MAX;
	if (at == SIZE_MAX)
		return put_part(app, r, y, "Error", ROLE_BAD, what->line);
	from = at > CONTEXT_BEFORE ? at - CONTEXT_BEFORE : 0;
	to = at + CONTEXT_AFTER + 1 < f->log.n ? at + CONTEXT_AFTER + 1 : f->log.n;
	snprintf(label, sizeof label, "line %zu", at + 1 + (size_t)f->log.dropped);
	put(&app->term, r, y, 1, ROLE_TITLE, label);
	for (size_t i = from; i < to; i++, y++) {
		if (y >= r.rows)
			terminal_cut(&app->term, f->log.at[i]);
		put(&app->term, r, y, 12, ROLE_TEXT, i == at ? ">" : " ");
		put(&app->term, r, y, 14, i == at ? ROLE_BAD : ROLE_DIM, f->log.at[i]);
	}
	return y;
}

/* What helps against a whole kind of failure, for sentences that end with the reason. */
static const struct {
	int status;
	const char *remedy;
} remedies[] = {
	{ERROR_PROFILE, "Edit the options, then retry: nothing was lost."},
	{ERROR_HOST, "Mend what this machine lacks ('bootsmith doctor' names it), then retry."},
	{ERROR_SOURCE,
		"Check the network, or add a mirror to the settings, then retry: what was fetched is kept."},
	{ERROR_INTERNAL, "Retry. Should it fail again, it is a fault of this program."},
};

static const char *remedy_of(const struct app *app, const struct model_failure *what)
{
	const struct model *m = &app->session.model;

	if ((what->remedy && *what->remedy) || what->step || app->session.is_boot)
		return what->remedy;
	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
		if (remedies[i].status == m->status)
			return remedies[i].remedy;
	}
	return NULL;
}

static const char *cause_of(const struct app *app, const struct model_failure *what)
{
	if (what && what->cause && *what->cause)
		return what->cause;
	if (app->session.is_write)
		return "The device holds half an image or a bad one now and starts nothing until it is written again.";
	if (model_was_cancelled(&app->session.model))
		return "It was cancelled. "
		       "What was finished is in the cache; a retry goes on from there.";
	if (app->session.model.lost)
		return "The builder ended without a word: it was killed, or the machine went down. "
		       "What was finished is in the cache; a retry goes on from there.";
	if (!what || !what->log)
		return "It ended without a reason.";
	return "Not recognised. "
	       "The first line that looks like an error is shown below; the log has the rest.";
}

static int draw_failed_checks(struct app *app, struct rect r, int y)
{
	const struct model *m = &app->session.model;

	for (size_t i = 0; i < m->checks.n; i++) {
		struct text words = TEXT_INIT;

		text_fmt(&words, "%s: %s", m->checks.at[i].name, m->checks.at[i].detail);
		if (m->checks.at[i].outcome != CHECK_PASSED)
			y = put_part(app, r, y, "Failed", ROLE_TEXT, words.s);
		text_release(&words);
	}
	return y;
}

static int draw_facts(struct failure_view *f, struct app *app, struct rect r)
{
	const struct model_failure *what = failure(f, app);
	int y = put_part(app, r, 0, "Cause", ROLE_TEXT, cause_of(app, what));

	if (!what)
		return y;
	y = put_part(app, r, y, "Remedy", ROLE_TEXT, remedy_of(app, what));
	y = draw_failed_checks(app, r, y);
	y = draw_context(f, app, r, y, what);
	y = put_part(app, r, y, "Command", ROLE_DIM, what->command);
	return put_part(app, r, y, "Log", ROLE_DIM, what->log);
}

static void draw_choices(struct failure_view *f, struct app *app, struct rect r)
{
	const char *titles[DO_COUNT] = {
		[DO_LOG] = app->session.is_boot ? "Full console log" : "Full log",
		[DO_RETRY] = app->session.is_boot    ? "Boot again"
			     : app->session.is_write ? "Choose a device and write it again"
						     : "Retry; what is finished is not done again",
		[DO_EDIT] = "Edit the options",
		[DO_STEPS] = app->session.is_boot ? "Back to the console" : "Back to the steps",
		[DO_QUIT] = "Quit; this summary stays on the terminal",
	};

	list_count(&f->list, DO_COUNT - first_choice(f, app));
	list_show(&f->list, r.rows);
	for (int y = 0; y < r.rows && f->list.top + (size_t)y < f->list.n; y++) {
		size_t i = f->list.top + (size_t)y;

		put_fmt(&app->term, r, y, 1, ROLE_TEXT, "%s %zu  %s", i == f->list.at ? ">" : " ",
			i + 1, titles[i + first_choice(f, app)]);
		if (i == f->list.at)
			put_focus(&app->term, r, y);
	}
}

static void print_title(const struct failure_view *f, const struct app *app, struct text *out)
{
	const struct session *s = &app->session;
	const struct model_failure *what = failure(f, app);

	if (s->is_boot)
		text_fmt(out, "bootsmith  BOOT %s: %s",
			s->model.judged && s->model.verdict == VERDICT_TIMEOUT ? "TIME-OUT"
									       : "FAILED",
			run_profile(s->run));
	else if (model_was_cancelled(&s->model))
		text_fmt(out, "bootsmith  %s CANCELLED: %s", s->is_write ? "WRITING" : "BUILD",
			run_profile(s->run));
	else if (s->model.lost)
		text_fmt(out, "bootsmith  %s LOST: %s", s->is_write ? "WRITING" : "BUILD",
			run_profile(s->run));
	else
		text_fmt(out, "bootsmith  %s FAILED: %s", s->is_write ? "WRITING" : "BUILD",
			what && what->step ? what->step : run_profile(s->run));
}

static void print_path(const struct failure_view *f, const struct app *app, struct text *out)
{
	const struct model *m = &app->session.model;
	const struct model_failure *what = failure(f, app);

	if (m->failures.n > 1)
		text_fmt(out, "failure %zu of %zu (n next)   ", f->which + 1, m->failures.n);
	if (app->session.is_boot)
		text_fmt(out, "%zu of %zu checks ok", model_checks_ok(m), m->checks.n);
	else if (!m->steps.n)
		text_str(out, "before the first step   ");
	else
		text_fmt(out, "%zu of %zu steps done and kept   ",
			model_count(m, STEP_OK) + model_count(m, STEP_CACHED), m->steps.n);
	if (what && what->exit > 128)
		text_fmt(out, "ended by signal %d", what->exit - 128);
	else if (what && what->exit)
		text_fmt(out, "exit status %d", what->exit);
}

static void failure_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct failure_view *f = (struct failure_view *)v;
	struct text title = TEXT_INIT, path = TEXT_INIT, elapsed = TEXT_INIT;
	int choices = l->mode >= LAYOUT_STACKED ? (int)(DO_COUNT - first_choice(f, app)) : 2;
	struct rect facts = l->body;

	print_title(f, app, &title);
	print_path(f, app, &path);
	words_short(&elapsed, session_elapsed(&app->session));
	view_idle(v, ACT_LOG, first_choice(f, app) != DO_LOG);
	frame_draw(app, v, l, &(struct heading){title.s, elapsed.s, path.s, NULL});
	facts.rows =
		l->body.rows > choices + 1 ? l->body.rows - choices - 1 : l->body.rows - choices;
	draw_facts(f, app, facts);
	draw_choices(f, app,
		(struct rect){l->body.y + l->body.rows - choices, 0, choices, l->body.cols});
	text_release(&title);
	text_release(&path);
	text_release(&elapsed);
}

static void retry(struct app *app)
{
	if (app->session.is_write) {
		view_devices(app);
		return;
	}
	/* A failed boot may need a changed build first; a build with nothing to do takes no time. */
	view_build_start(app, app->session.is_boot || app->session.boot_next);
}

static void act(struct failure_view *f, struct app *app, size_t what)
{
	const struct model_failure *failed = failure(f, app);

	switch (what) {
	case DO_LOG:
		if (failed && failed->log)
			pager_file(app, failed->log, failed->line);
		else
			app_say(app, ROLE_TEXT, "There is no log.");
		break;
	case DO_RETRY:
		retry(app);
		break;
	case DO_EDIT:
		view_tree(app, NULL);
		break;
	case DO_STEPS:
		app_remove(app, &f->view);
		break;
	case DO_QUIT:
		app_quit(app);
		break;
	}
}

static void failure_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct failure_view *f = (struct failure_view *)v;

	if (list_moves(&f->list, action))
		return;
	if (action == ACT_ENTER)
		act(f, app, f->list.at + first_choice(f, app));
	else if (action == ACT_DIGIT)
		act(f, app, (size_t)(key - '1') + first_choice(f, app));
	else if (action == ACT_LOG)
		act(f, app, DO_LOG);
	else if (action == ACT_RETRY)
		act(f, app, DO_RETRY);
	else if (action == ACT_EDIT)
		act(f, app, DO_EDIT);
	else if (action == ACT_QUIT)
		act(f, app, DO_QUIT);
	else if (action == ACT_BACK || action == ACT_LEFT)
		act(f, app, DO_STEPS);
	else if (action == ACT_NEXT && app->session.model.failures.n)
		f->which = (f->which + 1) % app->session.model.failures.n;
}

static void failure_close(struct view *v)
{
	log_lines_release(&((struct failure_view *)v)->log);
}

void view_failure(struct app *app)
{
	static const struct view_ops ops = {failure_draw, failure_key, NULL, failure_close};
	struct failure_view *f = view_new(sizeof *f, &ops, KEYS_FAILURE);

	f->list.n = DO_COUNT;
	log_lines_init(&f->log);
	app_push(app, &f->view);
}
