/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the start screen. Its items are a table; adding one takes a row and a function. */
#include "views/view_start.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "run/run.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/terminal.h"
#include "shared/list.h"
#include "shared/session.h"
#include "shared/wizard.h"
#include "views/build_start.h"
#include "views/view_build.h"
#include "views/view_profiles.h"
#include "views/view_tree.h"
#include "views/view_wizard.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct start_view {
	struct view view;
	struct list list;
	size_t own, shipped; /* profiles */
	struct arena arena;
	struct living_runs living; /* other runs than the one that is shown; the arena's */
	struct arena asked;	   /* the answers of a question about them */
	struct living_runs choice;
};

struct item {
	const char *title;
	void (*print)(const struct start_view *s, const struct app *app,
		struct text *out); /* the text beside it */
	void (*open)(struct app *app);
	const char *help;
};

static void print_guided(const struct start_view *s, const struct app *app, struct text *out)
{
	struct questions q;

	(void)s;
	wizard_questions(&app->doc, &q);
	text_fmt(out, "%zu questions; nothing is written until you agree", q.n);
}

static void print_tree(const struct start_view *s, const struct app *app, struct text *out)
{
	(void)s;
	text_fmt(out, "all %zu options of %s", app->catalog->options.options.n, app->doc.now.name);
}

static void print_profiles(const struct start_view *s, const struct app *app, struct text *out)
{
	(void)app;
	text_fmt(out, "%zu of yours, %zu shipped", s->own, s->shipped);
}

static void print_build(const struct start_view *s, const struct app *app, struct text *out)
{
	(void)s;
	text_fmt(out, "%s; what is in the cache is not built again", app->doc.now.name);
}

static void print_boot(const struct start_view *s, const struct app *app, struct text *out)
{
	struct error no;

	(void)s;
	if (session_may_boot(&app->doc.now, &no))
		text_fmt(out, "%s in QEMU, with a verdict; builds first where needed",
			app->doc.now.name);
	else
		text_fmt(out, "not possible: %s", no.text);
}

static void print_run(const struct start_view *s, const struct app *app, struct text *out)
{
	const struct session *run = &app->session;

	(void)s;
	if (!run->run)
		text_str(out, "none yet");
	else if (session_is_alive(run))
		text_fmt(out, "%s of %s is RUNNING",
			run->is_boot	? "a test boot"
			: run->is_write ? "the writing"
					: "a build",
			run_profile(run->run));
	else
		text_fmt(out, "%s of %s: %s", session_noun(run), run_profile(run->run),
			run->model.ok ? "ok" : "FAILED");
	session_print_owner(run, out);
}

static void open_tree(struct app *app)
{
	view_tree(app, NULL);
}

static void open_build(struct app *app)
{
	view_build_start(app, false);
}

static void open_boot(struct app *app)
{
	view_build_start(app, true);
}

static void open_run(struct app *app)
{
	if (app->session.run)
		view_run(app);
	else
		app_say(app, ROLE_TEXT, "There is no build or boot to show yet.");
}

static const char *noun_of(enum run_kind kind)
{
	static const char *const nouns[] = {[RUN_BUILD] = "build",
		[RUN_BOOT] = "boot",
		[RUN_GRID] = "test grid",
		[RUN_WRITE] = "writing"};

	return nouns[kind];
}

static void print_living_run(const struct living_run *r, struct text *out)
{
	char since[32] = "";
	struct tm tm;

	if (localtime_r(&r->since, &tm))
		strftime(since, sizeof since,
			time(NULL) - r->since < 24 * 3600 ? "%H:%M" : "%Y-%m-%d", &tm);
	text_fmt(out, "%s of %s since %s", noun_of(r->kind), r->profile, since);
}

static void print_living(const struct start_view *s, const struct app *app, struct text *out)
{
	(void)app;
	for (size_t i = 0; i < s->living.n; i++) {
		text_str(out, i ? ", " : "");
		print_living_run(&s->living.at[i], out);
	}
}

/* All that go on but the one that the row above is about. */
static void find_living(struct arena *a, struct living_runs *l, const struct app *app)
{
	const struct run *shown = app->session.run;
	size_t kept = 0;

	arena_release(a);
	*l = (struct living_runs){0};
	run_living(app->place, a, l);
	for (size_t i = 0; i < l->n; i++)
		if (!shown || strcmp(l->at[i].folder, run_folder(shown)) != 0)
			l->at[kept++] = l->at[i];
	l->n = kept;
}

static void show_living(struct app *app, const struct living_run *r)
{
	struct error err = {0};

	/* what is to follow the run that is shown would be forgotten */
	if (session_is_alive(&app->session) && (app->session.boot_next || app->next.waits))
		dialog_tell(app, "Something is to follow",
			"A boot or a build waits for the end of the run that is shown now. Wait for it, or end that one first; 'bootsmith attach PROFILE' in another window shows this one.");
	else if (!session_switch(&app->session, r->folder, &err))
		app_say(app, ROLE_BAD, "%s", err.text);
	else
		view_run(app);
}

static void on_living(struct app *app, void *ctx, int choice)
{
	struct start_view *s = ctx;

	if (choice >= 0 && (size_t)choice < s->choice.n)
		show_living(app, &s->choice.at[choice]);
}

enum { MOST_ASKED = 9 }; /* one digit each */

static void open_living(struct app *app)
{
	struct start_view *s = (struct start_view *)app->views.at[0];
	const char **answers;

	find_living(&s->asked, &s->choice, app);
	if (s->choice.n == 0) {
		app_say(app, ROLE_TEXT, "It has ended.");
		return;
	}
	if (s->choice.n == 1) {
		show_living(app, &s->choice.at[0]);
		return;
	}
	if (s->choice.n > MOST_ASKED)
		s->choice.n = MOST_ASKED;
	answers = arena_alloc(&s->asked, s->choice.n * sizeof *answers);
	for (size_t i = 0; i < s->choice.n; i++) {
		struct text line = TEXT_INIT;

		text_fmt(&line, "%zu  ", i + 1);
		print_living_run(&s->choice.at[i], &line);
		answers[i] = arena_str(&s->asked, line.s);
		text_release(&line);
	}
	dialog_ask(app, "Also running", "Which one do you want to see?", answers, s->choice.n, 0,
		on_living, s);
}

enum {
	ITEM_GUIDED,
	ITEM_TREE,
	ITEM_PROFILES,
	ITEM_BUILD,
	ITEM_BOOT,
	ITEM_RUN,
	ITEM_LIVING, /* only when there are some */
	ITEM_COUNT
};

static const struct item items[ITEM_COUNT] = {
	[ITEM_GUIDED] = {"New system, guided", print_guided, view_wizard,
		"Asks a few questions, each with a good answer chosen already, then shows a summary. "
		"You can go back at every step and change anything later in the option tree. "
		"Enter all the way builds the system and boots it."},
	[ITEM_TREE] = {"Browse all options", print_tree, open_tree,
		"Every choice there is, in groups, with help, search and undo, as in menuconfig."},
	[ITEM_PROFILES] = {"Profiles", print_profiles, view_profiles,
		"A profile is a small text file with your choices. "
		"Open, copy, rename, compare or delete them."},
	[ITEM_BUILD] = {"Build", print_build, open_build,
		"Fetches the sources, checks them and builds the system. "
		"It goes on when you close this window."},
	[ITEM_BOOT] = {"Boot", print_boot, open_boot,
		"Starts the system in a virtual machine, checks that it works and lets you type to it."},
	[ITEM_RUN] = {"Last build or boot", print_run, open_run,
		"The build or boot that runs now or ran last: its steps, its logs, how it ended."},
	[ITEM_LIVING] = {"Also running", print_living, open_living,
		"Builds and boots of yours that go on without a window. "
		"Enter shows one; a machine that was left on is switched off there."},
};

static void draw_items(struct start_view *s, struct app *app, struct rect r)
{
	int column = r.cols >= 60 ? 29 : 0;

	list_show(&s->list, r.rows);
	for (int y = 0; y < r.rows && s->list.top + (size_t)y < s->list.n; y++) {
		size_t i = s->list.top + (size_t)y;
		struct text words = TEXT_INIT;

		items[i].print(s, app, &words);
		put_fmt(&app->term, r, y, 1, ROLE_TEXT, "%s %zu  %s", i == s->list.at ? ">" : " ",
			i + 1, items[i].title);
		if (column)
			put(&app->term, r, y, column, ROLE_TEXT, words.s);
		if (i == s->list.at)
			put_focus(&app->term, r, y);
		text_release(&words);
	}
}

static void draw_help(const struct start_view *s, struct app *app, struct rect r)
{
	int cols = r.cols < 100 ? r.cols - 6 : 96;

	put(&app->term, r, 0, 3, ROLE_TITLE, items[s->list.at].title);
	put_wrapped(&app->term, (struct rect){r.y + 1, r.x + 3, r.rows - 1, cols}, 0, ROLE_TEXT,
		items[s->list.at].help);
}

static void draw_host(struct app *app, struct rect r)
{
	int x = put(&app->term, r, 0, 1, ROLE_TITLE, "This machine: ");

	r.x += 1 + x;
	r.cols -= 2 + x;
	put_wrapped(&app->term, r, 0, ROLE_TEXT,
		app->host.said.len  ? app->host.said.s
		: app->host.fd >= 0 ? "looking ..."
				    : "not known");
}

static void look_for_living(struct start_view *s, const struct app *app)
{
	find_living(&s->arena, &s->living, app);
	s->list.n = s->living.n ? ITEM_COUNT : ITEM_LIVING;
	if (s->list.at >= s->list.n)
		list_to(&s->list, s->list.n - 1);
}

static void start_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct start_view *s = (struct start_view *)v;
	struct text title = TEXT_INIT;
	struct rect r = l->body;
	int items_n;

	look_for_living(s, app);
	items_n = (int)s->list.n;
	frame_title(app, &title);
	if (l->mode < LAYOUT_STACKED)
		app_hint(app, ROLE_DIM, "%s", items[s->list.at].help);
	frame_draw(app, v, l, &(struct heading){title.s, NULL, "build your own Linux", NULL});
	text_release(&title);
	if (l->mode >= LAYOUT_STACKED) {
		put(&app->term, r, 1, 1, ROLE_TITLE, "What would you like to do?");
		draw_help(s, app, layout_top(layout_below(r, 4 + items_n), 5));
		if (r.rows > 11 + items_n)
			draw_host(app,
				(struct rect){r.y + 9 + items_n, 0, r.rows - 9 - items_n, r.cols});
		r = layout_below(r, 3);
		r = layout_top(r, items_n);
	}
	draw_items(s, app, r);
}

static void start_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct start_view *s = (struct start_view *)v;

	if (list_moves(&s->list, action))
		return;
	if (action == ACT_DIGIT && key - '1' < (int)s->list.n) {
		list_to(&s->list, (size_t)(key - '1'));
		items[s->list.at].open(app);
	} else if (action == ACT_ENTER || action == ACT_RIGHT) {
		items[s->list.at].open(app);
	} else if (action == ACT_QUIT) {
		app_quit(app);
	} else if (action == ACT_BACK) {
		app_say(app, ROLE_TEXT, "This is the start screen. q leaves the program.");
	}
}

/* This view is always there, whatever else is open. */
static void start_news(struct view *v, struct app *app)
{
	(void)v;
	view_build_next(app);
}

static void start_close(struct view *v)
{
	struct start_view *s = (struct start_view *)v;

	arena_release(&s->arena);
	arena_release(&s->asked);
}

static size_t likely_next(const struct app *app)
{
	if (!app->session.run || app->first_use)
		return ITEM_GUIDED;
	if (session_is_alive(&app->session))
		return ITEM_RUN;
	if (app->session.is_boot)
		return ITEM_GUIDED;
	return app->session.model.ok ? ITEM_BOOT : ITEM_RUN;
}

static void count_profiles(struct start_view *s, struct app *app)
{
	struct profile_list list = {0};
	struct error err = {0};

	if (!profile_list_load(&list, app->catalog, app->place, &err)) {
		app_say(app, ROLE_BAD, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < list.of.n; i++) {
		s->shipped += list.of.at[i].shipped;
		s->own += !list.of.at[i].shipped;
	}
	profile_list_release(&list);
}

void view_start(struct app *app)
{
	static const struct view_ops ops = {start_draw, start_key, start_news, start_close};
	struct start_view *s = view_new(sizeof *s, &ops, KEYS_START);

	count_profiles(s, app);
	app->first_use = !s->own && !app->session.run;
	s->list = (struct list){.n = ITEM_LIVING, .at = likely_next(app)};
	app_push(app, &s->view);
}
