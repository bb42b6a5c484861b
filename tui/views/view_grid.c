/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the test grid. Rows keep their places: only their contents grow. */
#include "views/view_grid.h"

#include "base/text.h"
#include "run/run.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/grid.h"
#include "shared/list.h"
#include "shared/session.h"
#include "views/build_start.h"
#include "views/view_build.h"

#include <string.h>

struct grid_view {
	struct view view;
	struct list list; /* index into the rows of the table */
};

static enum role role_of(enum grid_state state)
{
	switch (state) {
	case GRID_PASS:
		return ROLE_GOOD;
	case GRID_FAIL:
	case GRID_TIMEOUT:
		return ROLE_BAD;
	case GRID_LEFT_OUT:
		return ROLE_DIM;
	default:
		return ROLE_TEXT;
	}
}

static void draw_table(struct grid_view *v, struct app *app, struct rect r)
{
	const struct grid *g = &app->session.model.grid;
	struct rect rows = layout_below(r, 1);
	struct text line = TEXT_INIT;
	enum grid_state worst;

	list_count(&v->list, grid_rows(g));
	list_show(&v->list, rows.rows);
	if (grid_print_line(g, 0, r.cols - 2, app->term.utf8, &line, &worst))
		put(&app->term, r, 0, 1, ROLE_TITLE, line.s);
	for (int y = 0; y < rows.rows && v->list.top + (size_t)y < v->list.n; y++) {
		size_t row = v->list.top + (size_t)y;

		text_clear(&line);
		grid_print_line(g, row + 1, r.cols - 2, app->term.utf8, &line, &worst);
		put_wrapped(&app->term, (struct rect){rows.y + y, rows.x + 1, 1, rows.cols - 2}, 0,
			role_of(worst), line.s);
		if (row == v->list.at)
			put_focus(&app->term, rows, y);
	}
	if (!v->list.n)
		put(&app->term, rows, 0, 1, ROLE_TEXT, "Starting the machine ...");
	text_release(&line);
}

static int draw_cell(struct app *app, struct rect r, int y, const struct grid_cell *c)
{
	struct text line = TEXT_INIT;

	grid_print_name(c, &line);
	if (c->why)
		text_fmt(&line, ": %s", c->why);
	else if (c->state == GRID_PASS)
		text_fmt(&line, ": passed, ready after %.1f s", c->seconds);
	else if (c->state >= GRID_FAIL)
		text_fmt(&line, ": %s  %s", c->cause ? c->cause : "failed",
			c->remedy ? c->remedy : "");
	else
		text_str(&line, c->state == GRID_RUN ? ": running" : ": not started yet");
	y = put_wrapped(&app->term, (struct rect){r.y, r.x + 1, r.rows, r.cols - 2}, y,
		role_of(c->state), line.s);
	text_release(&line);
	return y;
}

static void draw_row(const struct grid_view *v, struct app *app, struct rect r)
{
	const struct grid *g = &app->session.model.grid;
	int y = 0;

	for (size_t i = 0; i < g->cells.n && y < r.rows; i++)
		if (grid_row_of(g, i) == v->list.at)
			y = draw_cell(app, r, y, &g->cells.at[i]);
}

/* For the row in focus: a failed boot before a passed one. */
static const struct grid_cell *cell_with_log(const struct grid_view *v, const struct app *app)
{
	const struct grid *g = &app->session.model.grid;
	const struct grid_cell *best = NULL;

	for (size_t i = 0; i < g->cells.n; i++) {
		const struct grid_cell *c = &g->cells.at[i];

		if (grid_row_of(g, i) == v->list.at && c->log && (!best || c->state > best->state))
			best = c;
	}
	return best;
}

static bool is_over(const struct app *app)
{
	return !session_is_alive(&app->session) || app->session.model.finished;
}

static void grid_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct grid_view *b = (struct grid_view *)v;
	const struct grid *g = &app->session.model.grid;
	struct layout_panes p = layout_split(l, 5);
	struct text title = TEXT_INIT, sum = TEXT_INIT;

	text_fmt(&title, "bootsmith  test grid %s",
		app->session.run ? run_profile(app->session.run) : "");
	grid_print_sum(g, &sum);
	if (!l->path.rows)
		app_hint(app, ROLE_TEXT, "%s", sum.s);
	/* only a very wide screen has room for it beside the table */
	if (l->mode == LAYOUT_WIDE && p.list.cols < 80) {
		p.list = layout_top(l->body, l->body.rows - 6);
		p.rule = (struct rect){l->body.y + p.list.rows, l->body.x, 1, l->body.cols};
		p.detail = layout_below(l->body, p.list.rows + 1);
	}
	view_idle(v, ACT_ENTER, !cell_with_log(b, app));
	view_idle(v, ACT_CANCEL, is_over(app));
	frame_draw(app, v, l, &(struct heading){title.s, NULL, sum.s, NULL});
	put_rule(&app->term, p.rule, "this row");
	draw_row(b, app, p.detail);
	draw_table(b, app, p.list);
	text_release(&title);
	text_release(&sum);
}

static void show_log(const struct grid_view *v, struct app *app)
{
	const struct grid_cell *best = cell_with_log(v, app);

	if (best)
		pager_file(app, best->log, NULL);
	else
		app_say(app, ROLE_TEXT, "Nothing of this row has been started yet.");
}

static void end_it(struct app *app)
{
	if (is_over(app)) {
		app_say(app, ROLE_TEXT, "The grid is over.");
		return;
	}
	run_cancel(app->session.run);
	app_say(app, ROLE_WARN, "Ending the grid.");
}

static void grid_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct grid_view *b = (struct grid_view *)v;

	(void)key;
	if (list_moves(&b->list, action))
		return;
	if (action == ACT_ENTER || action == ACT_LOG)
		show_log(b, app);
	else if (action == ACT_RETRY)
		view_grid_start(app);
	else if (action == ACT_CANCEL)
		end_it(app);
	else if (action == ACT_BOOT)
		view_boot_start(app);
	else if (action == ACT_BACK || action == ACT_LEFT)
		app_remove(app, v);
	else if (action == ACT_QUIT)
		app_quit(app);
}

void view_grid(struct app *app)
{
	static const struct view_ops ops = {grid_draw, grid_key, NULL, NULL};
	struct grid_view *v = view_new(sizeof *v, &ops, KEYS_GRID);

	app_push(app, &v->view);
}

void view_grid_start(struct app *app)
{
	struct error err = {0};

	/* A guest kept for typing would be in the way. */
	if (session_is_alive(&app->session))
		session_close(&app->session);
	if (!session_grid(&app->session, &app->doc.now, app->settings, &err)) {
		dialog_tell(app, "The grid cannot start", err.text);
		return;
	}
	session_pump(&app->session);
	view_run(app);
}
