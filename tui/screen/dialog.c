/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dialogs: a question with answers, and a line of text. */
#include "screen/dialog.h"

#include "base/printable.h"
#include "base/text.h"
#include "screen/app.h"
#include "screen/input.h"
#include "screen/layout.h"
#include "screen/terminal.h"
#include "shared/keys.h"
#include "shared/list.h"
#include "shared/width.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct ask_view {
	struct view view;
	char *title, *text;
	const char *const *answers;
	struct list list;
	ask_answer *answer;
	void *ctx;
};

/* The part of the screen a dialog may use; a small screen gives everything above the keys. */
static struct rect dialog_box(const struct layout *l, int rows, int cols)
{
	struct rect outer = {0, 0, l->keys.y, l->keys.cols};

	if (l->mode >= LAYOUT_STACKED)
		outer = l->body;
	return layout_center(outer, rows + 2, cols);
}

static void draw_keys(struct app *app, const struct view *v, const struct layout *l)
{
	struct text hints = TEXT_INIT;
	struct rect r = l->keys;

	for (int x = 0; x < r.cols; x++)
		put(&app->term, r, 0, x, ROLE_TEXT, " ");
	keys_hints(v->keys, v->idle, r.cols, &hints);
	put(&app->term, r, 0, 0, ROLE_TEXT, hints.s);
	text_release(&hints);
}

static struct rect draw_box(
	struct app *app, const struct view *v, const struct layout *l, int rows, const char *title)
{
	struct rect box = dialog_box(l, rows, 64);

	put_box(&app->term, box, title);
	draw_keys(app, v, l);
	return (struct rect){box.y + 1, box.x + 2, box.rows - 2, box.cols - 4};
}

/* The answers always get their rows; a long text is cut. */
static void ask_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct ask_view *a = (struct ask_view *)v;
	int cols = l->keys.cols < 64 ? l->keys.cols - 4 : 60;
	int text = width_lines(a->text, cols), answers = (int)a->list.n;
	struct rect r = draw_box(app, v, l, text + answers + 1, a->title);
	int room = r.rows - answers - (r.rows > text + answers);

	put_wrapped(&app->term, layout_top(r, room > 0 ? room : 0), 0, ROLE_TEXT, a->text);
	r = layout_below(r, r.rows > answers ? r.rows - answers : 0);
	list_show(&a->list, r.rows);
	for (int y = 0; y < r.rows && a->list.top + (size_t)y < a->list.n; y++) {
		size_t i = a->list.top + (size_t)y;

		put_fmt(&app->term, r, y, 0, ROLE_TEXT, " %s %s", i == a->list.at ? ">" : " ",
			a->answers[i]);
		if (i == a->list.at)
			put_focus(&app->term, r, y);
	}
}

static void ask_finish(struct ask_view *a, struct app *app, int choice)
{
	app_remove(app, &a->view);
	a->answer(app, a->ctx, choice);
}

static void ask_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct ask_view *a = (struct ask_view *)v;

	for (size_t i = 0; i < a->list.n && key < 0x80; i++) {
		if (key > ' ' && a->answers[i][0] == tolower(key)) {
			ask_finish(a, app, (int)i);
			return;
		}
	}
	if (action == ACT_ENTER)
		ask_finish(a, app, (int)a->list.at);
	else if (action == ACT_BACK || action == ACT_LEFT)
		ask_finish(a, app, -1);
	else if (action == ACT_DIGIT && (size_t)(key - '1') < a->list.n)
		ask_finish(a, app, key - '1');
	else
		list_moves(&a->list, action);
}

static void ask_close(struct view *v)
{
	struct ask_view *a = (struct ask_view *)v;

	free(a->title);
	free(a->text);
}

void dialog_ask(struct app *app, const char *title, const char *text, const char *const *answers,
	size_t n, size_t preset, ask_answer *answer, void *ctx)
{
	static const struct view_ops ops = {ask_draw, ask_key, NULL, ask_close};
	struct ask_view *a = view_new(sizeof *a, &ops, KEYS_ASK);

	a->view.overlay = true;
	a->title = xstrdup(title);
	a->text = xstrdup(text);
	a->answers = answers;
	a->list = (struct list){.n = n, .at = preset};
	a->answer = answer;
	a->ctx = ctx;
	app_push(app, &a->view);
}

struct prompt_view {
	struct view view;
	char *title, *hint;
	enum prompt_kind kind;
	struct input input;
	struct error problem;
	prompt_done *done;
	void *ctx;
};

static void draw_secret(struct app *app, struct rect r, const struct input *in)
{
	int n = 0;

	for (size_t i = 0; i < in->text.len; i++)
		n += ((unsigned char)in->text.s[i] & 0xc0) != 0x80;
	n = n < r.cols - 1 ? n : r.cols - 1;
	for (int x = 0; x < n; x++)
		put(&app->term, r, 0, x, ROLE_TEXT, "*");
	put_cursor(&app->term, r, 0, n, true);
}

static void draw_input(struct app *app, struct rect r, const struct input *in)
{
	int cursor;
	size_t from = input_window(in, r.cols, &cursor);

	put(&app->term, r, 0, 0, in->marked ? ROLE_FOCUS : ROLE_TEXT, in->text.s + from);
	put_cursor(&app->term, r, 0, cursor, true);
}

static void prompt_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct prompt_view *p = (struct prompt_view *)v;
	int cols = l->keys.cols < 64 ? l->keys.cols - 4 : 60;
	int hint = width_lines(p->hint, cols), problem = width_lines(p->problem.text, cols);
	struct rect r = draw_box(app, v, l, hint + problem + 3, p->title), field;
	/* On a small screen the field and the error stay, the hint goes. */
	int y = put_wrapped(&app->term,
		layout_top(r, r.rows - 1 - problem > 0 ? r.rows - 1 - problem : 0), 0, ROLE_TEXT,
		p->hint);

	y += y + 1 + problem < r.rows;
	field = (struct rect){r.y + y, r.x + 2, 1, r.cols - 2};
	put(&app->term, r, y, 0, ROLE_TITLE, ">");
	if (p->kind == PROMPT_SECRET)
		draw_secret(app, field, &p->input);
	else
		draw_input(app, field, &p->input);
	put_wrapped(&app->term, layout_below(r, y + 1), 0, ROLE_BAD, p->problem.text);
}

static void prompt_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct prompt_view *p = (struct prompt_view *)v;

	if (action == ACT_BACK) {
		app_remove(app, v);
	} else if (action == ACT_ENTER) {
		p->problem = (struct error){0};
		if (p->done(app, p->ctx, p->input.text.s, &p->problem))
			app_remove(app, v);
	} else {
		input_key(&p->input, key);
	}
}

static void prompt_close(struct view *v)
{
	struct prompt_view *p = (struct prompt_view *)v;

	free(p->title);
	free(p->hint);
	input_release(&p->input);
}

void dialog_prompt(struct app *app, const char *title, const char *hint, const char *initial,
	enum prompt_kind kind, prompt_done *done, void *ctx)
{
	static const struct view_ops ops = {prompt_draw, prompt_key, NULL, prompt_close};
	struct prompt_view *p = view_new(sizeof *p, &ops, KEYS_FIELD);

	p->view.overlay = true;
	p->title = xstrdup(title);
	p->hint = xstrdup(hint);
	p->kind = kind;
	p->input = (struct input)INPUT_INIT;
	input_set(&p->input, initial);
	p->done = done;
	p->ctx = ctx;
	app_push(app, &p->view);
}

static void on_read(struct app *app, void *ctx, int choice)
{
	(void)app;
	(void)ctx;
	(void)choice;
}

void dialog_tell(struct app *app, const char *title, const char *text)
{
	static const char *const answers[] = {"c  Close"};
	struct text clean = TEXT_INIT;

	printable_lines(&clean, text, strlen(text));
	dialog_ask(app, title, clean.s, answers, 1, 0, on_read, NULL);
	text_release(&clean);
}
