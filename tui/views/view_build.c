/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the build. Rows keep their places: only the numbers in them change. */
#include "views/view_build.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "run/run.h"
#include "run/stick.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/list.h"
#include "shared/log_lines.h"
#include "shared/model.h"
#include "shared/profile_files.h"
#include "shared/session.h"
#include "shared/width.h"
#include "shared/words.h"
#include "views/build_start.h"
#include "views/view_boot.h"
#include "views/view_devices.h"
#include "views/view_failure.h"
#include "views/view_grid.h"

#include <stdio.h>
#include <string.h>

struct build_view {
	struct view view;
	struct list list; /* index into `order` */
	struct model_order order;
	bool follow; /* the focus is on the busiest step */
	struct log_lines tail;
	struct text tail_path;
	bool end_seen;
	bool may_boot; /* what this profile makes */
};

static const struct model_step *step_at(const struct build_view *b, const struct app *app, size_t i)
{
	return i < b->order.n ? &app->session.model.steps.at[b->order.at[i]] : NULL;
}

static void follow_busiest(struct build_view *b, const struct app *app)
{
	const struct model_step *busiest = model_busiest(&app->session.model);

	for (size_t i = 0; i < b->order.n; i++) {
		if (step_at(b, app, i) == busiest)
			list_to(&b->list, i);
	}
	if (!busiest)
		list_to(&b->list, 0);
}

static void update_tail(struct build_view *b, struct app *app)
{
	const struct model_step *s = step_at(b, app, b->list.at);
	const char *path = s && s->log ? s->log : "";

	if (strcmp(path, b->tail_path.s)) {
		log_lines_clear(&b->tail);
		text_clear(&b->tail_path);
		text_str(&b->tail_path, path);
	}
	if (*path)
		log_lines_grow(&b->tail, path);
	app_watch(app, *path && s->state == STEP_RUN ? path : NULL);
}

static void refresh_state(struct build_view *b, struct app *app)
{
	model_sort(&app->session.model, &b->order);
	list_count(&b->list, b->order.n);
	if (b->follow)
		follow_busiest(b, app);
	update_tail(b, app);
}

static enum role role_of(enum model_state state)
{
	switch (state) {
	case STEP_OK:
		return ROLE_GOOD;
	case STEP_FAILED:
		return ROLE_BAD;
	case STEP_CANCELLED:
	case STEP_SKIPPED:
		return ROLE_WARN;
	case STEP_CACHED:
	case STEP_WAIT:
		return ROLE_DIM;
	default:
		return ROLE_TEXT;
	}
}

static void print_time(const struct app *app, const struct model_step *s, struct text *out)
{
	if (s->state == STEP_RUN)
		words_short(out, session_elapsed(&app->session) - s->began);
	else if (s->state == STEP_OK || s->state == STEP_FAILED)
		words_short(out, s->seconds);
}

static void draw_progress(struct app *app, struct rect r, int y, const struct model_step *s)
{
	struct text words = TEXT_INIT, time = TEXT_INIT;
	int at = 10 + 22 + 1 + 12 + 1, bar = r.cols - at > 44 ? 14 : 0;

	print_time(app, s, &time);
	put_right(&app->term, (struct rect){r.y, r.x, r.rows, r.cols - 1}, y, ROLE_TEXT, time.s);
	if (s->state == STEP_RUN)
		model_print_progress(s, &words);
	if (r.cols - at < 24)
		at = r.cols - 24 > 11 + width_of(s->id) ? r.cols - 24 : 11 + width_of(s->id);
	if (bar && s->state == STEP_RUN && s->total)
		put_bar(&app->term, r, y, at, bar, model_share(s));
	put(&app->term, (struct rect){r.y, r.x, r.rows, r.cols - 8}, y, at + (bar ? bar + 1 : 0),
		ROLE_TEXT, words.s);
	text_release(&words);
	text_release(&time);
}

static void draw_step(struct app *app, struct rect r, int y, const struct model_step *s, bool focus)
{
	struct rect name = {r.y + y, r.x + 10, 1, r.cols > 60 ? 22 : r.cols - 18};
	struct rect title = {r.y + y, r.x + 33, 1, r.cols > 70 ? 12 : 0};

	put_fmt(&app->term, r, y, 1, role_of(s->state), "%s %-6s", focus ? ">" : " ",
		model_state_word(s->state));
	put(&app->term, name, 0, 0, ROLE_TEXT, s->id);
	put(&app->term, title, 0, 0, ROLE_DIM, s->title);
	draw_progress(app, r, y, s);
	if (focus)
		put_focus(&app->term, r, y);
}

static void draw_steps(struct build_view *b, struct app *app, struct rect r)
{
	/* Following keeps the top of the list visible: that is where the running steps are. */
	if (b->follow)
		b->list.top = 0;
	list_show(&b->list, r.rows);
	for (int y = 0; y < r.rows && b->list.top + (size_t)y < b->order.n; y++) {
		size_t i = b->list.top + (size_t)y;

		draw_step(app, r, y, step_at(b, app, i), i == b->list.at);
	}
	if (!b->order.n)
		put(&app->term, r, 0, 1, ROLE_TEXT, "Choosing versions and making the plan ...");
}

static void draw_tail(struct build_view *b, struct app *app, const struct layout_panes *p)
{
	const struct model_step *s = step_at(b, app, b->list.at);
	struct rect r = p->detail;
	size_t first = b->tail.n > (size_t)r.rows ? b->tail.n - (size_t)r.rows : 0;
	char label[300] = "log";

	if (s)
		snprintf(label, sizeof label, "%s: last lines of its log", s->id);
	put_rule(&app->term, p->rule, label);
	for (int y = 0; y < r.rows && first + (size_t)y < b->tail.n; y++)
		put(&app->term, r, y, 1, ROLE_TEXT, b->tail.at[first + (size_t)y]);
}

static void print_left(const struct app *app, const char *before, struct text *out)
{
	double least, most;

	if (!model_left(&app->session.model, session_elapsed(&app->session), &least, &most))
		return;
	text_str(out, before);
	words_about(out, least, most);
	text_str(out, " left");
}

static void draw_counts(struct app *app, struct rect r)
{
	const struct model *m = &app->session.model;
	size_t done = m->steps.n - model_count(m, STEP_WAIT) - model_count(m, STEP_RUN);
	struct text words = TEXT_INIT;
	int bar = r.cols >= 100 ? 40 : r.cols >= 60 ? 20 : 0;

	if (!r.rows || !m->steps.n)
		return;
	put_bar(&app->term, r, 0, 1, bar, model_part(m));
	text_fmt(&words, "%zu of %zu steps", done, m->steps.n);
	print_left(app, ", ", &words);
	text_char(&words, ':');
	for (int i = 0; i < STEP_STATES; i++) {
		if (model_count(m, i))
			text_fmt(&words, "  %s %zu", model_state_word(i), model_count(m, i));
	}
	put(&app->term, r, 0, bar + 2, ROLE_TEXT, words.s);
	text_release(&words);
}

static void print_title(const struct app *app, struct text *out)
{
	const struct session *s = &app->session;
	const char *state = s->is_write ? "writing" : "building";

	if (s->is_write && s->model.finished)
		state = s->model.ok ? "written" : "WRITING FAILED:";
	else if (s->model.finished)
		state = s->model.ok			 ? "built"
			: model_was_cancelled(&s->model) ? "BUILD CANCELLED:"
							 : "BUILD FAILED:";
	text_fmt(out, "bootsmith  %s %s", state, s->run ? run_profile(s->run) : "");
	session_print_owner(s, out);
	if (s->unsaved)
		text_fmt(out, " *unsaved: %zu", s->unsaved);
}

/* A small window has no row for counts. */
static void offer_note(struct app *app, bool small)
{
	const struct model *m = &app->session.model;
	struct text left = TEXT_INIT;

	if (small)
		print_left(app, "", &left);
	if (left.len)
		app_hint(app, ROLE_DIM, "%s", left.s);
	else if (m->notes.n && !m->finished)
		app_hint(app, ROLE_DIM, "%s", m->notes.at[m->notes.n - 1]);
	text_release(&left);
}

static bool can_be_written(const struct app *app)
{
	struct arena a = ARENA_INIT;
	const char *format;
	struct error err;
	bool can = stick_format(&app->doc.now, NULL, &a, &format, &err);

	arena_release(&a);
	return can;
}

static void update_idle(struct build_view *b, const struct app *app)
{
	const struct session *s = &app->session;
	const struct model *m = &s->model;
	const struct model_step *step = step_at(b, app, b->list.at);
	bool failed = m->finished && !m->ok;

	view_idle(&b->view, ACT_ENTER, !step || !step->log);
	view_idle(&b->view, ACT_FOLLOW, m->finished || b->follow);
	view_idle(&b->view, ACT_NOTES, !m->notes.n && !m->artifacts.n);
	view_idle(&b->view, ACT_CANCEL, m->finished || !session_is_alive(s));
	view_idle(&b->view, ACT_BOOT, failed || (!s->boot_next && !b->may_boot));
	view_idle(&b->view, ACT_WRITE,
		!m->finished || (!s->is_write && (failed || !can_be_written(app))));
}

static void build_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct build_view *b = (struct build_view *)v;
	struct layout_panes p = layout_split(l, l->body.rows / 2 - 1);
	struct text title = TEXT_INIT, elapsed = TEXT_INIT;

	refresh_state(b, app);
	update_idle(b, app);
	offer_note(app, !l->path.rows);
	print_title(app, &title);
	words_short(&elapsed, session_elapsed(&app->session));
	frame_draw(app, v, l, &(struct heading){title.s, elapsed.s, NULL, NULL});
	draw_counts(app, l->path);
	draw_tail(b, app, &p);
	draw_steps(b, app, p.list);
	text_release(&title);
	text_release(&elapsed);
}

/* What can be done with it now, and why not what people expect. */
static void tell_done(struct app *app)
{
	const struct model *m = &app->session.model;
	const char *made = m->artifacts.n ? m->artifacts.at[0] : "";
	const char *stick = can_be_written(app) ? " w writes it to a stick." : "";
	struct error no;

	if (session_may_boot(&app->doc.now, &no))
		app_say(app, ROLE_GOOD, "Done%s%s. b boots it.%s", *made ? ": " : "", made, stick);
	else
		app_say(app, ROLE_GOOD, "Done%s%s.%s No test boot: %s", *made ? ": " : "", made,
			stick, no.text);
}

static void on_end(struct build_view *b, struct app *app)
{
	const struct session *s = &app->session;
	bool boot = s->boot_next;

	b->end_seen = true;
	if (s->model.ok && boot) {
		app_remove(app, &b->view);
		view_boot_start(app);
	} else if (s->model.ok && s->is_write) {
		app_say(app, ROLE_GOOD, "%s",
			s->model.notes.n ? s->model.notes.at[s->model.notes.n - 1] : "Written.");
	} else if (s->model.ok) {
		tell_done(app);
	} else {
		app_say(app, ROLE_TEXT, "%s", ""); /* earlier messages about its end are obsolete */
		view_failure(app);
	}
}

static void build_news(struct view *v, struct app *app)
{
	struct build_view *b = (struct build_view *)v;

	if (app->session.problem.kind)
		app_say(app, ROLE_BAD, "%s", app->session.problem.text);
	if (app->session.model.finished && !b->end_seen)
		on_end(b, app);
}

static void on_cancel(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice != 1 || !app->session.run)
		return;
	run_cancel(app->session.run);
	app_say(app, ROLE_WARN,
		app->session.is_write ? "Ending the writing."
				      : "Ending the build. What is finished stays in the cache.");
}

static void ask_cancel(struct app *app)
{
	static const char *const answers[] = {"n  No, go on", "y  Yes, end it"};

	if (session_is_alive(&app->session) && !app->session.model.finished)
		dialog_ask(app, "Cancel",
			app->session.is_write
				? "End the writing? "
				  "The device then holds half an image, which starts nothing."
				: "End this build? "
				  "Finished steps stay in the cache, and a later build goes on from there.",
			answers, 2, 0, on_cancel, NULL);
	else
		app_say(app, ROLE_TEXT, "The %s is over.", session_noun(&app->session));
}

static void show_notes(struct app *app)
{
	const struct model *m = &app->session.model;
	struct text text = TEXT_INIT;

	for (size_t i = 0; i < m->notes.n; i++)
		text_fmt(&text, "%s\n", m->notes.at[i]);
	for (size_t i = 0; i < m->artifacts.n; i++)
		text_fmt(&text, "made %s\n", m->artifacts.at[i]);
	if (text.len)
		pager_text(app, "notes of the build", text.s, KEYS_HELP);
	else
		app_say(app, ROLE_TEXT, "There are no notes yet.");
	text_release(&text);
}

static void show_log(const struct build_view *b, struct app *app)
{
	const struct model_step *s = step_at(b, app, b->list.at);

	if (s && s->log)
		pager_file(app, s->log, NULL);
	else
		app_say(app, ROLE_TEXT, "This step has no log%s.",
			s && s->state == STEP_CACHED ? ": it was built before" : " yet");
}

static void boot_later(struct app *app)
{
	struct session *s = &app->session;

	if (s->model.finished) {
		app_say(app, ROLE_TEXT, "There is nothing to boot: the build failed.");
		return;
	}
	app_say(app, ROLE_TEXT,
		s->boot_next ? "It boots when the build is done."
			     : "It will boot when the build is done.");
	s->boot_next = true;
}

static void boot(struct app *app)
{
	struct error err = {0};

	if (!app->session.boot_next && !session_may_boot(&app->doc.now, &err)) {
		dialog_tell(app, "No test boot can follow", err.text);
		return;
	}
	if (!app->session.model.finished || !app->session.model.ok) {
		boot_later(app);
		return;
	}
	app_pop(app);
	view_boot_start(app);
}

static void write_stick(struct app *app)
{
	const struct model *m = &app->session.model;

	if (m->finished && (m->ok || app->session.is_write))
		view_devices(app);
	else
		app_say(app, ROLE_TEXT,
			m->finished ? "There is nothing to write: the build failed."
				    : "Write a stick when this is done.");
}

static void build_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct build_view *b = (struct build_view *)v;

	(void)key;
	if (list_moves(&b->list, action)) {
		b->follow = false;
		return;
	}
	if (action == ACT_ENTER)
		show_log(b, app);
	else if (action == ACT_FOLLOW)
		b->follow = true;
	else if (action == ACT_NOTES)
		show_notes(app);
	else if (action == ACT_CANCEL)
		ask_cancel(app);
	else if (action == ACT_BOOT)
		boot(app);
	else if (action == ACT_WRITE)
		write_stick(app);
	else if (action == ACT_EDIT && app->session.model.failures.n)
		view_failure(app);
	else if (action == ACT_BACK || action == ACT_LEFT)
		app_remove(app, v);
	else if (action == ACT_QUIT)
		app_quit(app);
}

static void build_close(struct view *v)
{
	struct build_view *b = (struct build_view *)v;

	vec_release(&b->order);
	log_lines_release(&b->tail);
	text_release(&b->tail_path);
}

static const struct view_ops ops = {build_draw, build_key, build_news, build_close};

static void show_build(struct app *app)
{
	struct error no;
	struct build_view *b = view_new(sizeof *b, &ops, KEYS_BUILD);

	b->may_boot = session_may_boot(&app->doc.now, &no);
	b->tail_path = (struct text)TEXT_INIT;
	log_lines_init(&b->tail);
	b->follow = true;
	b->end_seen = app->session.model.finished;
	app_push(app, &b->view);
}

/* Only one view of a run at a time: closes the last one's. */
static void close_runs(struct app *app)
{
	for (size_t i = app->views.n; i-- > 1;) {
		if (app->views.at[i]->keys & (KEYS_BUILD | KEYS_BOOT | KEYS_GRID | KEYS_GUEST |
						     KEYS_FAILURE | KEYS_DEVICES))
			app_remove(app, app->views.at[i]);
	}
}

void view_run(struct app *app)
{
	const struct model *m = &app->session.model;

	close_runs(app);
	text_clear(&app->message);
	app->session.shown = true;
	if (run_kind(app->session.run) == RUN_GRID)
		view_grid(app);
	else if (app->session.is_boot)
		view_boot(app);
	else
		show_build(app);
	if (m->finished && !m->ok && !m->grid.cells.n)
		view_failure(app);
}
