/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shows the test boot. Keys belong to the screen until the person gives them to the guest; then every byte goes there as the
 * terminal sent it, except Ctrl-], which lets the next key choose.
 */
#include "views/view_boot.h"

#include "base/printable.h"
#include "base/text.h"
#include "run/run.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/guest.h"
#include "shared/guest_checks.h"
#include "shared/keys.h"
#include "shared/model.h"
#include "shared/session.h"
#include "views/build_start.h"
#include "views/view_failure.h"
#include "views/view_grid.h"
#include "views/view_tree.h"

#include <stdio.h>
#include <string.h>

#define PREFIX CTRL(']')

static const char told_to_wait[] =
	"The checks are still running; after the verdict the keys can go to the system.";
static const char told_of_end[] = "Ending the booted system.";

struct boot_view {
	struct view view;
	struct guest guest;
	bool typing;	/* keys go to the guest */
	bool prefixed;	/* Ctrl-] was pressed: the next key chooses */
	bool zoomed;	/* the console has the whole window */
	bool told_size; /* to the guest's shell */
	bool end_seen;
	bool off_asked;
};

static bool guest_is_there(const struct app *app)
{
	return app->session.model.console && session_is_alive(&app->session);
}

static void update_keys(struct boot_view *b, struct app *app)
{
	b->view.wants_bytes = b->typing && !b->prefixed;
	b->view.keys = b->typing ? KEYS_GUEST : KEYS_BOOT;
	terminal_plain_keys(&app->term, b->view.wants_bytes);
}

/* A serial line has no size of its own: a shell that was not told one does not know where a line ends. */
static void tell_size(struct boot_view *b, const struct app *app)
{
	struct text typed = TEXT_INIT;

	guest_checks_size(b->guest.rows, b->guest.cols, &typed);
	session_send(&app->session, typed.s, typed.len);
	b->told_size = true;
	text_release(&typed);
}

static void leave_typing(struct boot_view *b, struct app *app)
{
	b->typing = b->prefixed = false;
	update_keys(b, app);
}

static void start_typing(struct boot_view *b, struct app *app);

/* The screen of the boot may have been closed in the meantime. */
static void on_typing_answer(struct app *app, void *ctx, int choice)
{
	struct view *v = app->views.at[app->views.n - 1];

	(void)ctx;
	if (choice != 1 || !app->session.run || v->keys != KEYS_BOOT)
		return;
	app->session.may_type = true;
	start_typing((struct boot_view *)v, app);
}

static void ask_typing(struct app *app)
{
	static const char *const answers[] = {"n  No", "y  Yes, type to it"};
	struct text text = TEXT_INIT;

	text_str(&text, "This system was booted by ");
	run_print_owner(app->session.run, &text);
	text_str(&text, ", not by you. Let your keys go to it?");
	dialog_ask(app, "Type to it", text.s, answers, 2, 0, on_typing_answer, NULL);
	text_release(&text);
}

static void start_typing(struct boot_view *b, struct app *app)
{
	if (!guest_is_there(app)) {
		app_say(app, ROLE_TEXT, "The system is not running any more. r boots it again.");
		return;
	}
	if (!app->session.model.finished) {
		app_say(app, ROLE_TEXT, "%s", told_to_wait);
		return;
	}
	if (!app->session.may_type && !run_is_own(app->session.run)) {
		ask_typing(app);
		return;
	}
	text_clear(&app->message);
	/* Only once, while a shell is waiting; later any program could read it. */
	if (app->session.model.ok && !b->told_size)
		tell_size(b, app);
	b->typing = b->guest.answering = true;
	b->prefixed = false;
	update_keys(b, app);
}

static void draw_console(struct boot_view *b, struct app *app, struct rect r)
{
	int y, x;

	guest_size(&b->guest, r.rows, r.cols);
	if (!b->guest.offset)
		put(&app->term, r, 0, 1, ROLE_DIM, "Starting the machine ...");
	for (y = 0; y < r.rows && y < b->guest.rows; y++) {
		for (x = 0; x < r.cols && x < b->guest.cols; x++) {
			char bytes[32];
			unsigned style;

			guest_cell(&b->guest, y, x, bytes, &style);
			if (*bytes && (style || strcmp(bytes, " ")))
				put_cell(&app->term, r, y, x, bytes, style);
		}
	}
	guest_cursor(&b->guest, &y, &x);
	put_cursor(&app->term, r, y, x, b->typing);
}

static void print_verdict(const struct app *app, struct text *out)
{
	const struct model *m = &app->session.model;

	if (!m->judged) {
		text_str(out, m->lost ? "the boot ended without a verdict" : "booting");
		return;
	}
	if (m->verdict == VERDICT_PASS)
		text_str(out, "PASS");
	else
		text_str(out, m->verdict != VERDICT_TIMEOUT ? "FAIL" : "TIME-OUT");
	if (m->ready_seconds > 0)
		text_fmt(out, "  ready after %.1f s", m->ready_seconds);
}

static void print_milestones(const struct app *app, struct text *out)
{
	const struct model *m = &app->session.model;

	if (m->accel)
		text_fmt(out, "%s  ", m->accel);
	for (size_t i = 0; i < m->milestones.n; i++)
		text_fmt(out, "  %s %.1f", m->milestones.at[i].name, m->milestones.at[i].seconds);
	if (m->checks.n)
		text_fmt(out, "  %zu of %zu checks ok", model_checks_ok(m), m->checks.n);
	if (model_checks_untested(m))
		text_fmt(out, ", %zu not tested", model_checks_untested(m));
}

/* If there is no room for all details, still show those of checks that say nothing about the system. */
static void draw_untested(struct app *app, struct rect r, int y)
{
	const struct model *m = &app->session.model;

	for (size_t i = 0; i < m->checks.n; i++) {
		const struct model_check *c = &m->checks.at[i];
		struct text clean = TEXT_INIT;

		if (c->outcome != CHECK_UNTESTED)
			continue;
		printable(&clean, c->name, strlen(c->name));
		text_str(&clean, " was not tested: ");
		printable(&clean, c->detail, strlen(c->detail));
		if (y < r.rows)
			put(&app->term, r, y++, 1, ROLE_WARN, clean.s);
		else
			terminal_cut(&app->term, clean.s);
		text_release(&clean);
	}
}

/* As long as somebody is there, and whatever else there is to show: in the last row. What remains of the pane is returned. */
static struct rect draw_way_in(struct app *app, struct rect r)
{
	const char *hint = app->session.model.hint;
	struct text clean = TEXT_INIT;

	if (!hint || !guest_is_there(app))
		return r;
	text_str(&clean, "reach it: ");
	printable(&clean, hint, strlen(hint));
	if (r.rows < 2)
		terminal_cut(&app->term, clean.s);
	else
		put(&app->term, r, r.rows - 1, 1, ROLE_TEXT, clean.s);
	text_release(&clean);
	return layout_top(r, r.rows - (r.rows >= 2));
}

static const struct {
	const char *mark;
	enum role role;
} outcomes[] = {[CHECK_UNTESTED] = {"--   ", ROLE_WARN},
	[CHECK_FAILED] = {"FAIL ", ROLE_BAD},
	[CHECK_PASSED] = {"ok   ", ROLE_GOOD}};

/* Checks in columns if the pane is low, one a line with their details if it is high. */
static void draw_checks(struct app *app, struct rect r)
{
	const struct model *m = &app->session.model;
	bool tall;
	int y = 0, x = 1;

	r = draw_way_in(app, r);
	tall = r.rows > (int)m->checks.n;
	for (size_t i = 0; i < m->checks.n; i++) {
		const struct model_check *c = &m->checks.at[i];
		struct text clean = TEXT_INIT;

		text_str(&clean, outcomes[c->outcome].mark);
		printable(&clean, c->name, strlen(c->name));
		if (tall) {
			text_fmt(&clean, "%*s ", c->name[0] ? (int)(10 - strlen(c->name) % 10) : 1,
				"");
			printable(&clean, c->detail, strlen(c->detail));
		} else if (x > 1 && x + 15 > r.cols) {
			x = 1;
			y++;
		}
		put(&app->term,
			tall ? r
			     : (struct rect){r.y, r.x, r.rows, x + 14 < r.cols ? x + 14 : r.cols},
			y, x, outcomes[c->outcome].role, clean.s);
		y += tall;
		x += tall ? 0 : 16;
		text_release(&clean);
	}
	if (!tall)
		draw_untested(app, r, y + 1);
}

static void offer_words(const struct boot_view *b, struct app *app)
{
	const struct model *m = &app->session.model;

	if (b->prefixed)
		app_hint(app, ROLE_TITLE, "Now a key of the row below; Esc goes back to typing.");
	else if (b->typing)
		app_hint(app, ROLE_TITLE,
			"KEYS GO TO THE SYSTEM. Ctrl-] (or Ctrl-5), then a key, leaves:");
	else if (m->judged && m->ok && guest_is_there(app))
		app_hint(app, ROLE_GOOD,
			"The system passed its test and is running. Enter lets you type to it.");
	else if (m->judged && m->ok)
		app_hint(app, ROLE_GOOD, "The system passed its test.");
	else if (!m->finished && m->notes.n)
		app_hint(app, ROLE_DIM, "%s", m->notes.at[m->notes.n - 1]);
}

/* In a grid's or another's boot as in one's own. */
static void update_idle(struct view *v, const struct app *app)
{
	const struct session *s = &app->session;

	view_idle(v, ACT_GUEST, !guest_is_there(app) || !s->model.finished);
	view_idle(v, ACT_OFF, !session_is_alive(s));
	view_idle(v, ACT_LOG, !s->model.serial);
}

static void boot_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct boot_view *b = (struct boot_view *)v;
	struct layout_panes p = layout_split(l, 5);
	struct text title = TEXT_INIT, verdict = TEXT_INIT, path = TEXT_INIT;

	update_keys(b, app);
	update_idle(v, app);
	text_fmt(&title, "bootsmith  boot %s",
		app->session.run ? run_profile(app->session.run) : "");
	session_print_owner(&app->session, &title);
	print_verdict(app, &verdict);
	print_milestones(app, &path);
	offer_words(b, app);
	/* Without a head row the verdict must be visible elsewhere. */
	if (!l->head.rows && app->session.model.judged && !b->typing)
		app_hint(app, ROLE_TITLE, "%s", verdict.s);
	if (b->zoomed) {
		struct layout bare = {.mode = l->mode, .message = l->message, .keys = l->keys};

		frame_draw(app, v, &bare, &(struct heading){0});
		draw_console(b, app, (struct rect){0, 0, l->message.y, l->keys.cols});
	} else {
		frame_draw(app, v, l,
			&(struct heading){
				l->head.cols < 60 ? verdict.s : title.s, verdict.s, path.s, NULL});
		put_rule(&app->term, p.rule, "checks");
		draw_checks(app, p.detail);
		draw_console(b, app, p.list);
	}
	text_release(&title);
	text_release(&verdict);
	text_release(&path);
}

static void on_off_answer(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice != 1 || !app->session.run)
		return;
	run_cancel(app->session.run);
	app_say(app, ROLE_TEXT, "%s", told_of_end);
}

static void ask_off(struct app *app)
{
	static const char *const answers[] = {"n  No", "y  Yes, power it off"};
	struct text text = TEXT_INIT;

	text_str(&text, "This system was booted by ");
	run_print_owner(app->session.run, &text);
	text_str(&text, ", not by you. Power it off?");
	dialog_ask(app, "Power off", text.s, answers, 2, 0, on_off_answer, NULL);
	text_release(&text);
}

static void send_off(struct boot_view *b, struct app *app)
{
	if (!session_is_alive(&app->session)) {
		app_say(app, ROLE_TEXT, "It is off already.");
		return;
	}
	if (!run_is_own(app->session.run)) {
		ask_off(app);
		return;
	}
	b->off_asked = true;
	run_cancel(app->session.run);
	app_say(app, ROLE_TEXT, "%s", told_of_end);
}

static void again(struct app *app)
{
	view_build_start(app, true);
}

static void show_log(struct app *app)
{
	if (app->session.model.serial)
		pager_file(app, app->session.model.serial, NULL);
	else
		app_say(app, ROLE_TEXT, "There is no output yet.");
}

/* A key after Ctrl-]. While help is open the keys are its own, so they become the guest's only when it is gone: see boot_draw. */
static void prefix_key(struct boot_view *b, struct app *app, enum key_action action)
{
	static const char literal = PREFIX;

	b->prefixed = false;
	if (action == ACT_BACK)
		leave_typing(b, app);
	else if (action == ACT_OFF)
		send_off(b, app);
	else if (action == ACT_ZOOM)
		b->zoomed = !b->zoomed;
	else if (action == ACT_SIZE)
		tell_size(b, app);
	else if (action == ACT_LITERAL)
		session_send(&app->session, &literal, 1);
	if (action != ACT_HELP)
		update_keys(b, app);
	if (action == ACT_RETRY) {
		leave_typing(b, app);
		again(app);
	}
}

static void type(struct boot_view *b, struct app *app, int key)
{
	char byte = (char)key;

	text_clear(&app->message);
	if (key == PREFIX) {
		b->prefixed = true;
		update_keys(b, app);
	} else if (key >= 0 && key < 256) {
		session_send(&app->session, &byte, 1);
	}
}

static void boot_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct boot_view *b = (struct boot_view *)v;

	if (v->wants_bytes)
		type(b, app, key);
	else if (b->prefixed)
		prefix_key(b, app, action);
	else if (b->typing)
		type(b, app, key);
	else if (action == ACT_GUEST)
		start_typing(b, app);
	else if (action == ACT_ZOOM)
		b->zoomed = !b->zoomed;
	else if (action == ACT_LOG)
		show_log(app);
	else if (action == ACT_GRID)
		view_grid_start(app);
	else if (action == ACT_RETRY)
		again(app);
	else if (action == ACT_OFF)
		send_off(b, app);
	else if (action == ACT_EDIT)
		view_tree(app, NULL);
	else if (action == ACT_BACK)
		app_remove(app, v);
	else if (action == ACT_QUIT)
		app_quit(app);
}

static void answer_guest(struct boot_view *b, const struct app *app)
{
	/* During the checks the test's driver types; an answer of ours in between would corrupt its commands. */
	if (b->guest.answer.len && b->typing)
		session_send(&app->session, b->guest.answer.s, b->guest.answer.len);
	text_clear(&b->guest.answer);
}

/* Messages stay until the next key; this one is no longer true. */
static void unsay(struct app *app, const char *sentence)
{
	if (strcmp(app->message.s, sentence) == 0)
		text_clear(&app->message);
}

static void boot_news(struct view *v, struct app *app)
{
	struct boot_view *b = (struct boot_view *)v;
	const struct model *m = &app->session.model;

	if (m->finished && !m->ok && !b->guest.with_checks)
		guest_show_checks(&b->guest);
	if (m->serial) {
		app_watch(app, m->serial);
		guest_grow(&b->guest, m->serial);
		answer_guest(b, app);
	}
	if (!guest_is_there(app)) {
		if (b->typing)
			leave_typing(b, app);
		unsay(app, told_of_end);
	}
	if (m->finished && !b->end_seen) {
		b->end_seen = true;
		unsay(app, told_to_wait);
		if (!m->ok && !b->off_asked)
			view_failure(app);
	}
}

static void boot_close(struct view *v)
{
	guest_release(&((struct boot_view *)v)->guest);
}

void view_boot(struct app *app)
{
	static const struct view_ops ops = {boot_draw, boot_key, boot_news, boot_close};
	struct boot_view *b = view_new(sizeof *b, &ops, KEYS_BOOT);

	guest_init(&b->guest);
	b->end_seen = app->session.model.finished;
	app_push(app, &b->view);
	boot_news(&b->view, app);
}
