/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the screen, chooses what is shown first, and restores the terminal. */
#include "views/screen_main.h"

#include "base/text.h"
#include "choice/pairing.h"
#include "choice/profile.h"
#include "run/run.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/asked.h"
#include "screen/host_check.h"
#include "screen/signals.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/session.h"
#include "views/build_start.h"
#include "views/view_build.h"
#include "views/view_start.h"
#include "views/view_tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The file where tests want to learn that a frame is done; nobody else sets this. */
static int idle_fd(void)
{
	const char *s = getenv("BOOTSMITH_TEST_IDLE_FD");
	int fd = s ? atoi(s) : -1;

	return fd > 2 && fcntl(fd, F_GETFD) >= 0 ? fd : -1;
}

static void init(struct app *app, const struct screen_start *start)
{
	*app = (struct app){
		.start = start,
		.place = start->place,
		.catalog = start->catalog,
		.settings = start->settings,
		.message = TEXT_INIT,
		.hint = TEXT_INIT,
		.farewell = TEXT_INIT,
		.watched = TEXT_INIT,
		.host = ASKED_INIT,
		.forecast = ASKED_INIT,
		.watch = -1,
		.idle_fd = idle_fd(),
	};
	app->doc = (struct document){.catalog = start->catalog,
		.place = start->place,
		.conflict = TEXT_INIT,
		.file = TEXT_INIT};
	app->pending.hash = (struct text)TEXT_INIT;
	app->watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
}

static void release(struct app *app)
{
	asked_release(&app->host);
	asked_release(&app->forecast);
	session_close(&app->session);
	if (app->next.waits)
		profile_release(&app->next.profile);
	document_release(&app->doc);
	pairings_free(app->doc.pairings);
	text_release(&app->message);
	text_release(&app->hint);
	text_release(&app->farewell);
	text_release(&app->watched);
	text_release(&app->pending.hash);
	if (app->watch_fd >= 0)
		close(app->watch_fd);
}

/* The newest run, if any, counts as "the last build". */
static bool find_run(struct app *app, struct error *err)
{
	const char *profile = app->start->entry == SCREEN_ATTACH ? app->start->profile : NULL;

	if (!session_attach(&app->session, app->place, profile, err))
		return false;
	session_pump(&app->session);
	return true;
}

/* What was worked on last; not if a run was started since, unless `anyway`. */
static bool open_last(struct app *app, bool anyway)
{
	struct text profile = TEXT_INIT, about = TEXT_INIT;
	struct error missing = {0};
	time_t when = 0;
	struct stat st;
	bool ok = document_last(app->place, &profile, &when);

	if (ok && app->session.run && !anyway) {
		text_fmt(&about, "%s/about", run_folder(app->session.run));
		ok = stat(about.s, &st) != 0 || st.st_mtime <= when;
	}
	ok = ok && document_open(&app->doc, profile.s, &missing);
	text_release(&profile);
	text_release(&about);
	return ok;
}

static bool open_profile(struct app *app, struct error *err)
{
	struct error missing = {0};

	if (app->start->profile && app->start->entry != SCREEN_ATTACH)
		return document_open(&app->doc, app->start->profile, err);
	if (app->start->entry != SCREEN_ATTACH && open_last(app, false))
		return true;
	if (app->session.run && document_open(&app->doc, run_profile(app->session.run), &missing))
		return true;
	/* the run's went away, or is another person's */
	if (app->start->entry != SCREEN_ATTACH && open_last(app, true))
		return true;
	if (document_open(&app->doc, FIRST_PROFILE, &missing))
		return true;
	document_new(&app->doc, "my-system");
	return true;
}

static void on_recover(struct app *app, void *ctx, int choice)
{
	struct text name = TEXT_INIT;
	struct error err = {0};

	(void)ctx;
	if (!document_find_recovery(app->place, &name) || choice < 0 || choice == 2)
		return;
	if (choice == 1)
		document_drop_recovery(app->place, name.s);
	else if (document_recover(&app->doc, name.s, &err))
		app_say(app, ROLE_GOOD,
			"The unsaved changes of %s are back. v in the option tree lists them.",
			name.s);
	else
		app_say(app, ROLE_BAD, "They cannot be recovered: %s", err.text);
	text_release(&name);
}

static void offer_recovery(struct app *app)
{
	static const char *const answers[] = {
		"r  Recover them", "d  Discard them", "c  Ask again next time"};
	struct text name = TEXT_INIT, text = TEXT_INIT;

	if (document_find_recovery(app->place, &name)) {
		text_fmt(&text,
			"The last session ended before its changes to %s were saved. "
			"Recover the unsaved changes?",
			name.s);
		dialog_ask(app, "Recover unsaved changes", text.s, answers, 3, 0, on_recover, NULL);
	}
	text_release(&name);
	text_release(&text);
}

static void push_first(struct app *app)
{
	view_start(app);
	switch (app->start->entry) {
	case SCREEN_START:
		offer_recovery(app);
		break;
	case SCREEN_TREE:
		view_tree(app, NULL);
		offer_recovery(app);
		break;
	case SCREEN_BUILD:
	case SCREEN_BOOT:
		view_build_start(app, app->start->entry == SCREEN_BOOT);
		break;
	case SCREEN_ATTACH:
		view_run(app);
		break;
	}
}

static int status(const struct app *app)
{
	bool of_run = app->start->entry == SCREEN_BUILD || app->start->entry == SCREEN_BOOT ||
		      app->start->entry == SCREEN_ATTACH;

	return of_run && app->session.run && app->session.model.finished ? app->session.model.status
									 : 0;
}

static void say_farewell(struct app *app)
{
	/* What was there before and was not looked at is not news. */
	if (app->session.shown || (app->session.run && run_is_alive(app->session.run)))
		session_farewell(&app->session, &app->farewell);
	if (document_is_dirty(&app->doc) && app->end_signal)
		text_fmt(&app->farewell,
			"bootsmith: the unsaved changes of %s are kept and offered at the next start\n",
			app->doc.now.name);
	fputs(app->farewell.s, stdout);
	fflush(stdout);
}

int screen_main(const struct screen_start *start, struct error *err)
{
	struct error no_run = {0};
	struct app app;
	int result;

	init(&app, start);
	if (!pairings_load(&app.doc.pairings, start->place, err)) {
		result = (int)err->kind;
	} else if (!find_run(&app, start->entry == SCREEN_ATTACH ? err : &no_run) &&
		   start->entry == SCREEN_ATTACH) {
		result = (int)err->kind;
	} else if (!open_profile(&app, err)) {
		result = (int)err->kind;
	} else if (!terminal_open(&app.term, start, err)) {
		result = SCREEN_UNUSABLE;
	} else {
		asked_start(&app.host, &app, host_check);
		push_first(&app);
		app_tell_other_session(&app);
		if (app.term.notice)
			app_say(&app, ROLE_WARN, "%s", app.term.notice);
		app_run(&app);
		terminal_close(&app.term);
		say_farewell(&app);
		result = status(&app);
	}
	release(&app);
	if (app.end_signal)
		signals_end_by(app.end_signal);
	return result;
}
