/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shows the guided setup. Answers go straight into the open profile, so that Esc never loses one and undo and recovery work as
 * everywhere; nothing is saved before the review.
 */
#include "views/view_wizard.h"

#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "run/run.h"
#include "choice/package.h"
#include "screen/app.h"
#include "screen/asked.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/list.h"
#include "shared/menu.h"
#include "shared/session.h"
#include "shared/wizard.h"
#include "shared/words.h"
#include "views/build_start.h"
#include "views/menu_edit.h"
#include "views/menu_row.h"
#include "views/view_packages.h"
#include "views/view_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of the review above the answers; the packages stand below these. */
enum { DO_BUILD, DO_SAVE, DO_NAME, DO_OPTIONS, DO_COUNT };

struct wizard_view {
	struct view view;
	struct questions questions;
	size_t page;	       /* a question, or questions.n: the review */
	struct menu_rows rows; /* of the question */
	struct list list;
	struct text name; /* the name the person gave it; "" until then */
	bool back_to_review;
	struct text foreseen; /* the choices that the forecast is for */
	char *before;	      /* the profile that was open; NULL: it has no file */
};

static const struct option *question(const struct wizard_view *w)
{
	return w->page < w->questions.n ? w->questions.at[w->page] : NULL;
}

static void fill(struct wizard_view *w, const struct app *app)
{
	struct menu_level level = {.option = question(w)};

	wizard_questions(&app->doc, &w->questions);
	if (w->page > w->questions.n)
		w->page = w->questions.n;
	level.option = question(w);
	w->rows.n = 0;
	if (level.option)
		menu_fill(&app->doc, &level, true, &w->rows);
	list_count(&w->list, level.option ? w->rows.n : DO_COUNT + w->questions.n + 1);
}

static bool is_chosen(const struct app *app, const struct menu_row *r)
{
	const char *now = profile_get(&app->doc.now, r->option->name);

	if (r->value)
		return menu_has_value(&app->doc.now, r->option, r->value->name);
	return !menu_find_value(r->option, now ? now : "");
}

static void go_to(struct wizard_view *w, const struct app *app, size_t page)
{
	w->page = page;
	fill(w, app);
	w->view.keys = question(w) ? KEYS_WIZARD : KEYS_REVIEW;
	w->list = (struct list){.n = w->list.n};
	for (size_t i = 0; i < w->rows.n; i++) {
		if (is_chosen(app, &w->rows.at[i])) {
			list_to(&w->list, i);
			break;
		}
	}
}

static void print_steps(const struct wizard_view *w, struct text *out)
{
	size_t n = w->questions.n, end;

	/* Questions of one group, one behind the other, are one step. */
	for (size_t i = 0; i < n; i = end) {
		const char *menu = w->questions.at[i]->menu;

		for (end = i + 1; end < n && !strcmp(w->questions.at[end]->menu, menu);)
			end++;
		text_fmt(out, "[%s] %s  ", end <= w->page ? "x" : i <= w->page ? ">" : " ", menu);
	}
	text_fmt(out, "[%s] Review", question(w) ? " " : ">");
}

static void print_name(const struct wizard_view *w, const struct app *app, struct text *out)
{
	text_str(out, w->name.len ? w->name.s : app->doc.now.name);
}

static bool is_saved(const struct wizard_view *w, const struct app *app)
{
	return app->doc.now.path && !document_is_dirty(&app->doc) &&
	       (!w->name.len || !strcmp(w->name.s, app->doc.now.name));
}

static void draw_values(struct wizard_view *w, struct app *app, struct rect r)
{
	list_show(&w->list, r.rows);
	for (int y = 0; y < r.rows && w->list.top + (size_t)y < w->rows.n; y++) {
		size_t i = w->list.top + (size_t)y;

		menu_row_draw(app, r, y, &w->rows.at[i], i == w->list.at);
	}
}

static void draw_question(struct wizard_view *w, struct app *app, const struct layout *l)
{
	const struct option *o = question(w);
	struct rect r = l->body;
	bool roomy = l->mode >= LAYOUT_STACKED;
	struct text help = TEXT_INIT;

	if (r.rows > (int)w->rows.n) {
		put(&app->term, r, roomy, 1, ROLE_TITLE, o->question);
		r = layout_below(r, roomy ? 3 : 1);
	}
	draw_values(w, app, layout_top(r, (int)w->rows.n));
	if (!roomy) {
		const struct option_value *v =
			w->list.at < w->rows.n ? w->rows.at[w->list.at].value : NULL;

		app_hint(app, ROLE_DIM, "%s", v && v->help ? v->help : "");
		return;
	}
	r = layout_below(r, (int)w->rows.n + 1);
	put(&app->term, r, 0, 1, ROLE_TITLE, "Help for this question");
	r = (struct rect){r.y + 1, 3, r.rows - 1, r.cols < 100 ? r.cols - 4 : 96};
	menu_print_flat(o->help, &help);
	put_wrapped(&app->term, r, 0, ROLE_TEXT, help.s);
	text_release(&help);
}

/* What a row below the first ones of the review shows. */
static const struct option *answer_at(
	const struct wizard_view *w, const struct app *app, size_t row)
{
	return row - DO_COUNT < w->questions.n ? w->questions.at[row - DO_COUNT]
					       : package_option(app->catalog);
}

static void print_row(
	const struct wizard_view *w, const struct app *app, size_t i, struct text *out)
{
	struct text name = TEXT_INIT;
	const struct option *o;
	struct error no;

	switch (i) {
	case DO_BUILD:
		text_str(out, is_saved(w, app) ? "Build" : "Save, build");
		text_str(out, session_may_boot(&app->doc.now, &no)
				      ? " and boot it"
				      : " it; no test boot can follow");
		break;
	case DO_SAVE:
		text_str(out, "Save only");
		break;
	case DO_NAME:
		print_name(w, app, &name);
		text_fmt(out, "%-28s%s", "Name of the profile", name.s);
		text_release(&name);
		break;
	case DO_OPTIONS:
		text_str(out, "Look at all options");
		break;
	default:
		o = answer_at(w, app, i);
		text_fmt(out, "%-28s%s", o->prompt,
			document_show_value(o, document_chosen(&app->doc.now, o)));
	}
}

static int draw_rows(struct wizard_view *w, struct app *app, struct rect r)
{
	int y;

	list_show(&w->list, r.rows);
	for (y = 0; y < r.rows && w->list.top + (size_t)y < w->list.n; y++) {
		size_t i = w->list.top + (size_t)y;
		struct text row = TEXT_INIT;

		print_row(w, app, i, &row);
		put_fmt(&app->term, r, y, 1, ROLE_TEXT, "%s %s", i == w->list.at ? ">" : " ",
			row.s);
		if (i == w->list.at)
			put_focus(&app->term, r, y);
		text_release(&row);
	}
	return y;
}

/* ---- what the build will take ---- */

static void foresee(const struct app *app, struct text *out)
{
	struct run_costs f;
	struct error err = {0};

	if (!run_foresee(&f, &app->doc.now, app->settings, NULL, &err)) {
		text_str(out, "How long it takes is not known: ");
		printable(out, err.text, strlen(err.text));
		return;
	}
	text_str(out, "Building takes ");
	if (f.most > 0)
		words_about(out, f.least, f.most);
	else
		text_str(out, f.unknown ? "an unknown time" : "no time to speak of");
	if (f.download_bytes) {
		text_str(out, ", downloads ");
		words_bytes(out, f.download_bytes);
	}
	if (f.disk_bytes) {
		text_str(out, ", needs ");
		words_bytes(out, f.disk_bytes);
		text_str(out, " of disk");
	}
}

/* Asks anew when the choices are others than those of the last answer. */
static const char *forecast(struct wizard_view *w, struct app *app)
{
	struct text now = TEXT_INIT;

	profile_print(&app->doc.now, &now);
	if (strcmp(now.s, w->foreseen.s) != 0) {
		text_clear(&w->foreseen);
		text_str(&w->foreseen, now.s);
		asked_start(&app->forecast, app, foresee);
	}
	text_release(&now);
	return app->forecast.fd >= 0	? "How long it takes is being worked out ..."
	       : app->forecast.said.len ? app->forecast.said.s
					: "How long it takes is not known";
}

static void draw_review(struct wizard_view *w, struct app *app, const struct layout *l)
{
	struct text command = TEXT_INIT, name = TEXT_INIT, place = TEXT_INIT;
	struct rect r = l->body;
	bool roomy = l->mode >= LAYOUT_STACKED;
	const char *time = forecast(w, app);

	if (roomy) {
		put(&app->term, r, 1, 1, ROLE_TITLE,
			"This is what will be built. Enter on an answer changes it.");
		r = layout_below(r, 3);
	}
	r = layout_below(r, draw_rows(w, app, r) + 1);
	print_name(w, app, &name);
	text_fmt(&place, "%s %s/%s.profile", is_saved(w, app) ? "Saved as" : "To be saved as",
		app->place->profiles, name.s);
	if (!roomy)
		app_hint(app, ROLE_DIM, "%s", w->list.at == DO_BUILD ? time : place.s);
	wizard_command(&app->doc, name.s, &command);
	if (roomy && *document_conflict(&app->doc)) {
		int y = put_wrapped(&app->term, (struct rect){r.y, 1, r.rows, r.cols - 2}, 0,
			ROLE_BAD, document_conflict(&app->doc));

		r = layout_below(r, y + 1);
	}
	if (roomy) {
		int y = put_wrapped(&app->term, (struct rect){r.y, 1, r.rows, r.cols - 2}, 0,
			ROLE_TEXT, place.s);

		r = layout_below(r, y);
		y = put_wrapped(
			&app->term, (struct rect){r.y, 1, r.rows, r.cols - 2}, 0, ROLE_TEXT, time);
		r = layout_below(r, y + 1);
		put(&app->term, r, 0, 1, ROLE_TITLE, "The same without this screen");
		put_wrapped(&app->term, (struct rect){r.y + 1, 3, r.rows - 1, r.cols - 4}, 0,
			ROLE_TEXT, command.s);
	}
	text_release(&command);
	text_release(&name);
	text_release(&place);
}

static void wizard_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct wizard_view *w = (struct wizard_view *)v;
	struct text steps = TEXT_INIT;
	char step[64];

	fill(w, app);
	print_steps(w, &steps);
	snprintf(step, sizeof step, "step %zu of %zu", w->page + 1, w->questions.n + 1);
	if (question(w))
		draw_question(w, app, l);
	else
		draw_review(w, app, l);
	frame_draw(app, v, l, &(struct heading){"bootsmith  guided setup", step, steps.s, NULL});
	text_release(&steps);
}

static void forward(struct wizard_view *w, const struct app *app)
{
	go_to(w, app, w->back_to_review ? w->questions.n : w->page + 1);
	w->back_to_review = false;
}

/* Nothing was chosen, or nothing of it is wanted: what was open before is open again. */
static void give_back(struct wizard_view *w, struct app *app)
{
	struct error err = {0};

	if (!app->doc.now.path && w->before && !document_open(&app->doc, w->before, &err))
		app_say(app, ROLE_BAD, "%s", err.text);
	app_remove(app, &w->view);
}

static void on_leave(struct app *app, void *ctx, int choice)
{
	struct wizard_view *w = ctx;

	if (choice < 0 || choice == 2)
		return;
	if (choice == 0) {
		app_say(app, ROLE_TEXT, "%s is open, not saved.", app->doc.now.name);
		app_remove(app, &w->view);
		return;
	}
	document_forget_recovery(app->place, app->doc.now.name);
	give_back(w, app);
}

static void ask_leave(struct wizard_view *w, struct app *app)
{
	static const char *const answers[] = {
		"k  Keep the answers, not saved yet", "d  Discard them", "c  Cancel"};
	struct text text = TEXT_INIT;

	text_fmt(&text, "Answered for %s:\n", app->doc.now.name);
	document_list_changes(&app->doc, &text);
	dialog_ask(app, "Leave the guided setup", text.s, answers, 3, 0, on_leave, w);
	text_release(&text);
}

static void backward(struct wizard_view *w, struct app *app)
{
	if (w->back_to_review)
		forward(w, app);
	else if (w->page)
		go_to(w, app, w->page - 1);
	else if (document_is_dirty(&app->doc))
		ask_leave(w, app);
	else
		give_back(w, app);
}

/* What can only be typed was typed: that was the answer. */
static void on_typed(struct app *app, void *ctx)
{
	forward(ctx, app);
}

static void answer(struct wizard_view *w, struct app *app, bool go_on)
{
	const struct menu_row *r = &w->rows.at[w->list.at];
	bool chosen = is_chosen(app, r);

	if (!r->value && (!chosen || w->rows.n == 1)) {
		menu_type_then(app, r->option, go_on ? on_typed : NULL, w);
		return;
	}
	if (!chosen || (r->option->type == OPTION_LIST && !go_on)) {
		if (menu_available(&app->doc, r, NULL))
			menu_space(app, r);
		else
			go_on = false, menu_space(app, r);
	} else if (!r->value && !go_on) {
		menu_type(app, r->option);
	}
	if (go_on)
		forward(w, app);
}

static bool on_name(struct app *app, void *ctx, const char *text, struct error *err)
{
	struct wizard_view *w = ctx;

	if (!profile_name_ok(text))
		return error_set(err, ERROR_USAGE,
			"A name is letters, digits and . _ + -, a letter or digit first, at most 64.");
	if (!document_name_is_free(&app->doc, text))
		return error_set(err, ERROR_USAGE,
			"You already have a profile named %s. Choose another name.", text);
	text_clear(&w->name);
	text_str(&w->name, text);
	return true;
}

/* Saves where there is something to save; false when that failed, with the reason on the message row. */
static bool save(struct wizard_view *w, struct app *app)
{
	struct text name = TEXT_INIT;
	struct error err = {0};
	bool ok;

	print_name(w, app, &name);
	ok = is_saved(w, app) || document_save(&app->doc, name.s, &err);
	if (!ok)
		app_say(app, ROLE_BAD, "%s", err.text);
	text_release(&name);
	return ok;
}

static void review_enter(struct wizard_view *w, struct app *app)
{
	struct text name = TEXT_INIT;
	struct error no;

	switch (w->list.at) {
	case DO_BUILD:
		if (save(w, app))
			view_build_start(app, session_may_boot(&app->doc.now, &no));
		break;
	case DO_SAVE:
		if (save(w, app))
			app_say(app, ROLE_GOOD, "Saved as %s.", app->doc.now.path);
		break;
	case DO_NAME:
		print_name(w, app, &name);
		dialog_prompt(app, "Name of the profile",
			"Your profiles are kept in your configuration folder.", name.s, PROMPT_TEXT,
			on_name, w);
		break;
	case DO_OPTIONS:
		view_tree(app, NULL);
		break;
	default:
		if (w->list.at - DO_COUNT == w->questions.n) {
			view_packages(app);
			break;
		}
		go_to(w, app, w->list.at - DO_COUNT);
		w->back_to_review = true;
	}
	text_release(&name);
}

static void review_key(struct wizard_view *w, struct app *app, enum key_action action)
{
	if (action == ACT_ENTER || action == ACT_RIGHT)
		review_enter(w, app);
	else if (action == ACT_SAVE && save(w, app))
		app_say(app, ROLE_GOOD, "Saved as %s.", app->doc.now.path);
	else if (action == ACT_EDIT)
		view_tree(app, NULL);
}

static void wizard_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct wizard_view *w = (struct wizard_view *)v;

	(void)key;
	fill(w, app);
	if (list_moves(&w->list, action))
		return;
	if (action == ACT_BACK || action == ACT_LEFT)
		backward(w, app);
	else if (action == ACT_QUIT)
		app_quit(app);
	else if (!question(w))
		review_key(w, app, action);
	else if (action == ACT_ENTER || action == ACT_SPACE)
		answer(w, app, action == ACT_ENTER);
	else if (action == ACT_RIGHT)
		forward(w, app);
	else if (action == ACT_SKIP)
		go_to(w, app, w->questions.n);
}

static void wizard_close(struct view *v)
{
	struct wizard_view *w = (struct wizard_view *)v;

	vec_release(&w->rows);
	text_release(&w->name);
	text_release(&w->foreseen);
	free(w->before);
}

static void open_new(struct app *app)
{
	static const struct view_ops ops = {wizard_draw, wizard_key, NULL, wizard_close};
	struct wizard_view *w = view_new(sizeof *w, &ops, KEYS_WIZARD);

	w->name = w->foreseen = (struct text)TEXT_INIT;
	w->before = app->doc.now.path ? xstrdup(app->doc.now.path) : NULL;
	document_from(&app->doc, FIRST_PROFILE, "my-system");
	go_to(w, app, 0);
	app_push(app, &w->view);
}

static void after_save(struct app *app, void *ctx)
{
	(void)ctx;
	open_new(app);
}

static void on_unsaved(struct app *app, void *ctx, int choice)
{
	(void)ctx;
	if (choice == 0) {
		dialog_save(app, after_save, NULL);
	} else if (choice == 1) {
		document_forget_recovery(app->place, app->doc.now.name);
		open_new(app);
	}
}

void view_wizard(struct app *app)
{
	static const char *const answers[] = {"s  Save them first", "d  Discard them", "c  Cancel"};
	struct text text = TEXT_INIT;

	if (!document_is_dirty(&app->doc)) {
		open_new(app);
		return;
	}
	text_fmt(&text, "Unsaved changes in %s:\n", app->doc.now.name);
	document_list_changes(&app->doc, &text);
	dialog_ask(app, "New system", text.s, answers, 3, 0, on_unsaved, NULL);
	text_release(&text);
}
