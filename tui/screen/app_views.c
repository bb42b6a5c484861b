/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack of views, and leaving the program (app.h). */
#include "screen/app.h"

#include "base/text.h"
#include "base/vec.h"
#include "run/run.h"
#include "screen/dialog.h"
#include "shared/document.h"
#include "shared/session.h"

#include <string.h>

void *view_new(size_t size, const struct view_ops *ops, enum keys_view keys)
{
	struct view *v = xmalloc(size);

	memset(v, 0, size);
	v->ops = ops;
	v->keys = keys;
	return v;
}

void view_idle(struct view *v, enum key_action action, bool idle)
{
	v->idle = (v->idle & ~KEYS_SET(action)) | (idle ? KEYS_SET(action) : 0);
}

void app_push(struct app *app, struct view *v)
{
	vec_push(&app->views, v);
	app->due = app->urgent = true;
}

void app_remove(struct app *app, const struct view *v)
{
	for (size_t i = 0; i < app->views.n; i++) {
		if (app->views.at[i] != v)
			continue;
		vec_push(&app->closed, app->views.at[i]);
		memmove(app->views.at + i, app->views.at + i + 1,
			(app->views.n - i - 1) * sizeof *app->views.at);
		app->views.n--;
		return;
	}
}

void app_pop(struct app *app)
{
	if (app->views.n)
		app_remove(app, app->views.at[app->views.n - 1]);
}

void app_pop_to(struct app *app, const struct view *v)
{
	while (app->views.n > 1 && app->views.at[app->views.n - 1] != v)
		app_pop(app);
}

void app_home(struct app *app)
{
	while (app->views.n > 1)
		app_pop(app);
}

void app_tell_other_session(struct app *app)
{
	long pid = document_other_session(&app->doc);

	if (pid)
		app_say(app, ROLE_WARN,
			"%s is open in another bootsmith, too (process %ld); saving asks if it changed.",
			app->doc.now.name, pid);
}

static void on_saved(struct app *app, void *ctx)
{
	(void)ctx;
	app->quit = true;
}

static void on_quit_answer(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice == 0) {
		dialog_save(app, on_saved, NULL);
	} else if (choice == 1) {
		document_forget_recovery(app->place, app->doc.now.name);
		app->quit = true;
	}
}

static void ask_unsaved(struct app *app)
{
	static const char *const answers[] = {
		"y  Save and quit", "n  Quit without saving", "c  Cancel"};
	size_t n = document_count_changes(&app->doc);
	struct text text = TEXT_INIT;

	text_fmt(&text, "%zu unsaved change%s in %s:\n", n, n == 1 ? "" : "s", app->doc.now.name);
	document_list_changes(&app->doc, &text);
	dialog_ask(app, "Quit", text.s, answers, 3, 0, on_quit_answer, NULL);
	text_release(&text);
}

static void leave(struct app *app)
{
	if (document_is_dirty(&app->doc))
		ask_unsaved(app);
	else
		app->quit = true;
}

static void on_leave_answer(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice < 0 || choice == 2)
		return;
	if (choice == 1)
		run_cancel(app->session.run);
	leave(app);
}

static void on_guest_answer(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice < 0 || choice == 2)
		return;
	/* What is left on outlives this window; everything else ends with it. */
	app->session.kept_guest = choice == 0;
	if (choice == 0)
		run_cancel(app->session.run);
	leave(app);
}

static void ask_guest(struct app *app)
{
	static const char *const answers[] = {
		"s  Power it off and quit", "y  Quit and leave it on", "c  Cancel"};
	struct text text = TEXT_INIT;

	text_fmt(&text,
		"The booted system of %s is switched on. "
		"Left on, it stays so without this window: 'bootsmith attach %s' shows it again, and until it is off %s can be neither built nor booted.",
		run_profile(app->session.run), run_profile(app->session.run),
		run_profile(app->session.run));
	dialog_ask(app, "Quit", text.s, answers, 3, 0, on_guest_answer, NULL);
	text_release(&text);
}

static void ask_running(struct app *app)
{
	static const char *const build[] = {
		"y  Leave it running and quit", "s  Stop it and quit", "c  Cancel"};
	static const char *const boot[] = {
		"y  Quit; the test boot ends by itself", "s  Power it off and quit", "c  Cancel"};
	struct text text = TEXT_INIT;

	if (app->session.is_boot)
		text_str(&text, "A test boot is running.");
	else
		text_fmt(&text,
			"%s. "
			"It goes on without this window, and 'bootsmith attach' shows it again.",
			app->session.is_write ? "A stick is being written" : "A build is running");
	if (app->next.waits)
		text_str(&text, " The build that waits for its end is forgotten.");
	dialog_ask(app, "Quit", text.s, app->session.is_boot ? boot : build, 3, 0, on_leave_answer,
		NULL);
	text_release(&text);
}

void app_quit(struct app *app)
{
	const struct session *s = &app->session;

	if (s->run && !run_is_own(s->run))
		leave(app);
	else if (session_is_alive(s) && s->is_boot && (s->kept_guest || s->model.finished))
		ask_guest(app);
	else if (session_is_alive(s))
		ask_running(app);
	else
		leave(app);
}
