/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting a build or a boot (build_start.h), and what is asked when another run of the profile goes on. */
#include "views/build_start.h"

#include "base/arena.h"
#include "base/text.h"
#include "choice/profile.h"
#include "run/run.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "shared/document.h"
#include "shared/profile_files.h"
#include "shared/session.h"
#include "views/view_build.h"

#include <stdio.h>

static void show_started(struct app *app)
{
	session_pump(&app->session);
	view_run(app);
	if (app->session.unsaved)
		app_say(app, ROLE_TEXT,
			"Built as shown, with %zu unsaved choice%s; only s (Save) writes the file.",
			app->session.unsaved, app->session.unsaved == 1 ? "" : "s");
}

static void forget_next(struct app *app)
{
	if (app->next.waits)
		profile_release(&app->next.profile);
	app->next.waits = false;
}

/* The running build belongs to the session by now. */
static void on_other_answer(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice < 0 || choice == 3) {
		forget_next(app);
		return;
	}
	view_run(app);
	if (choice == 0) {
		forget_next(app);
		return;
	}
	/* What was to follow the running build will follow the newer one. */
	app->session.boot_next = false;
	if (choice == 2)
		run_cancel(app->session.run);
	app_say(app, ROLE_TEXT, "%s",
		choice == 2 ? "Ending it. The build with the new choices follows."
			    : "The build with the new choices begins when this is done.");
	if (!session_is_alive(&app->session))
		view_build_next(app);
}

static void ask_other(struct app *app, const struct profile *running)
{
	static const char *const answers[] = {"w  Watch it; these choices are not in it",
		"q  Queue: build with these when it is done",
		"r  Restart: end it, then build with these", "c  Cancel"};
	struct text text = TEXT_INIT;

	text_fmt(&text,
		"A build of %s is going on already, and with other choices. What is new here:\n",
		app->doc.now.name);
	profile_files_diff(running, &app->next.profile, &text);
	dialog_ask(app, "Build", text.s, answers, 4, 1, on_other_answer, NULL);
	text_release(&text);
}

static void ask_guest(struct app *app)
{
	static const char *const answers[] = {"w  Show it",
		"q  Queue: build when it is switched off", "r  Power it off, then build",
		"c  Cancel"};
	struct text text = TEXT_INIT;

	text_fmt(&text, "%s of %s is going on; until it ends nothing else of %s can.",
		app->session.is_boot ? "A test boot" : "The writing", app->doc.now.name,
		app->doc.now.name);
	dialog_ask(app, "Build", text.s, answers, app->session.is_boot ? 4 : 2, 0, on_other_answer,
		NULL);
	text_release(&text);
}

/* Another run of this profile goes on: it is shown, unless it is not what was asked for. */
static void meet(struct app *app, bool boot_next)
{
	struct profile running;
	struct error err = {0};
	bool same, other_kind = app->session.is_boot || app->session.is_write;
	struct text difference = TEXT_INIT;

	session_pump(&app->session);
	forget_next(app);
	profile_copy(&app->next.profile, &app->doc.now, app->doc.now.name);
	app->next.profile.path = arena_str(&app->next.profile.arena, app->doc.now.path);
	app->next.waits = true;
	app->next.boot = boot_next;
	app->next.unsaved = document_count_changes(&app->doc);
	if (other_kind) {
		ask_guest(app);
		return;
	}
	/* A run of an older version left no choices: then nobody knows better. */
	if (!run_choices(app->session.run, app->catalog, &running, &err)) {
		forget_next(app);
		view_run(app);
		return;
	}
	profile_files_diff(&running, &app->doc.now, &difference);
	same = !difference.len;
	if (!same)
		ask_other(app, &running);
	profile_release(&running);
	text_release(&difference);
	if (!same)
		return;
	forget_next(app);
	app->session.boot_next = boot_next;
	view_run(app);
}

void view_build_start(struct app *app, bool boot_next)
{
	size_t unsaved = document_count_changes(&app->doc);
	struct error err = {0}, busy = {0};

	if (*document_conflict(&app->doc)) {
		dialog_tell(app, "This cannot be built", document_conflict(&app->doc));
		return;
	}
	if (session_build(&app->session, &app->doc.now, app->settings, boot_next, &err)) {
		forget_next(app);
		app->session.unsaved = unsaved;
		document_work_on(&app->doc);
		show_started(app);
	} else if (err.kind == ERROR_HOST &&
		   session_attach(&app->session, app->place, app->doc.now.name, &busy) &&
		   run_is_alive(app->session.run)) {
		meet(app, boot_next);
	} else {
		dialog_tell(app, "The build cannot start", err.text);
	}
}

void view_build_next(struct app *app)
{
	struct profile p = app->next.profile;
	struct error err = {0};

	if (!app->next.waits || session_is_alive(&app->session))
		return;
	app->next.waits = false;
	if (session_build(&app->session, &p, app->settings, app->next.boot, &err)) {
		app->session.unsaved = app->next.unsaved;
		show_started(app);
	} else {
		dialog_tell(app, "The build that waited cannot start", err.text);
	}
	profile_release(&p);
}

void view_boot_start(struct app *app)
{
	struct error err = {0};

	if (!session_boot(&app->session, &app->doc.now, app->settings, &err)) {
		dialog_tell(app, "The boot cannot start", err.text);
		return;
	}
	session_pump(&app->session);
	view_run(app);
}
