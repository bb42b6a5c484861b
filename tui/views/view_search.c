/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the search screen. The text field keeps the focus, so that digits and blanks are text; Tab goes to the list. */
#include "views/view_search.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "screen/app.h"
#include "screen/input.h"
#include "screen/layout.h"
#include "screen/terminal.h"
#include "shared/list.h"
#include "shared/menu.h"
#include "shared/search.h"
#include "views/menu_edit.h"
#include "views/menu_row.h"
#include "views/view_packages.h"
#include "views/view_tree.h"
#include "views/view_why.h"

#include <stdio.h>
#include <string.h>

struct search_view {
	struct view view;
	struct input input;
	struct hits hits;
	const struct option_wish *wish; /* what was asked for and is not there; may be NULL */
	struct list list;
};

static void refresh_hits(struct search_view *s, const struct app *app)
{
	const struct option_table *t = &app->catalog->options;

	search_options(t, &app->doc.now, s->input.text.s, &s->hits);
	s->wish = search_wish(t, s->input.text.s, s->hits.n > 0);
	if (s->wish)
		search_add_near(t, s->wish, &s->hits);
	list_count(&s->list, s->hits.n);
}

static struct menu_row row_of(const struct search_view *s, size_t i)
{
	const struct option *o = s->hits.at[i].option;

	return (struct menu_row){.kind = MENU_OPTION, .group = o->menu, .option = o};
}

static const struct option *focus(const struct search_view *s)
{
	return s->list.at < s->hits.n ? s->hits.at[s->list.at].option : NULL;
}

static void draw_query(struct search_view *s, struct app *app, struct rect r)
{
	bool typing = s->view.keys == KEYS_SEARCH;
	int cursor, label = put(&app->term, r, 0, 1, ROLE_TITLE, "Search: ");
	struct rect field = {r.y, r.x + 1 + label, 1, r.cols - label - 2};
	size_t from = input_window(&s->input, field.cols, &cursor);

	put(&app->term, field, 0, 0, ROLE_TEXT, s->input.text.s + from);
	if (typing)
		put_cursor(&app->term, field, 0, cursor, true);
}

static void draw_none(const struct search_view *s, struct app *app, struct rect r)
{
	const struct option *near = search_nearest(&app->catalog->options, s->input.text.s);

	put(&app->term, r, 0, 1, ROLE_WARN, "Nothing has all these words.");
	if (near)
		put_fmt(&app->term, r, 1, 1, ROLE_TEXT, "Did you mean '%s' (%s)?", near->name,
			near->prompt);
}

/* What is not there stands above what comes nearest, of which a row stays in sight. */
static struct rect draw_wish(const struct search_view *s, struct app *app, struct rect r)
{
	struct rect text = {r.y, r.x + 1, r.rows - (s->hits.n > 0), r.cols - 1};
	int used = put_wrapped(&app->term, text, 0, ROLE_WARN, s->wish->help);

	return layout_below(
		r, used < r.rows - 1 ? used + (s->hits.n < (size_t)(r.rows - used)) : used);
}

static void draw_hits(struct search_view *s, struct app *app, struct rect r)
{
	bool typing = s->view.keys == KEYS_SEARCH;
	int y0 = app->term.cursor_y, x0 = app->term.cursor_x;
	struct rect rows = {r.y, r.x + 6, r.rows, r.cols - 6};

	list_show(&s->list, r.rows);
	for (int y = 0; y < r.rows && s->list.top + (size_t)y < s->hits.n; y++) {
		size_t i = s->list.top + (size_t)y;
		struct menu_row row = row_of(s, i);

		put_fmt(&app->term, r, y, 1, ROLE_DIM, "%s", s->hits.at[i].field);
		menu_row_draw(app, rows, y, &row, i == s->list.at);
	}
	/* While typing, the cursor stays in the text. */
	if (typing) {
		app->term.cursor_y = y0;
		app->term.cursor_x = x0;
		app->term.cursor_shown = true;
	}
}

static void draw_detail(const struct search_view *s, struct app *app, const struct layout_panes *p)
{
	struct text help = TEXT_INIT, label = TEXT_INIT;
	const struct option *o = focus(s);

	if (o) {
		struct menu_row row = row_of(s, s->list.at);

		text_fmt(&label, "%s > %s", o->menu, o->prompt);
		menu_print_help(&app->doc, &row, &help);
	}
	put_rule(&app->term, p->rule, label.s);
	put_wrapped(&app->term, p->detail, 0, ROLE_TEXT, help.s);
	text_release(&help);
	text_release(&label);
}

static void search_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct search_view *s = (struct search_view *)v;
	struct layout_panes p = layout_split(l, 8);
	struct rect query = l->path.rows ? l->path : layout_top(p.list, 1);
	struct menu_row row;
	char found[64];

	refresh_hits(s, app);
	app_hint(app, ROLE_DIM, "All words must match. Matches names, titles, help and values.");
	snprintf(found, sizeof found, "%zu of %zu options", s->hits.n,
		app->catalog->options.options.n);
	row = focus(s) ? row_of(s, s->list.at) : (struct menu_row){0};
	menu_idle(v, app, focus(s) ? &row : NULL);
	view_idle(v, ACT_ENTER, !s->hits.n);
	view_idle(v, ACT_TAB, !s->hits.n && v->keys == KEYS_SEARCH);
	frame_draw(app, v, l, &(struct heading){"bootsmith  search", found, NULL, NULL});
	draw_detail(s, app, &p);
	if (!l->path.rows)
		p.list = layout_below(p.list, 1);
	draw_query(s, app, query);
	if (s->wish)
		p.list = draw_wish(s, app, p.list);
	if (s->hits.n)
		draw_hits(s, app, p.list);
	else if (!s->wish)
		draw_none(s, app, p.list);
}

static void jump(struct search_view *s, struct app *app, size_t i)
{
	struct arena arena = {0};
	const struct option *o;
	const char *query;
	bool named;

	if (i >= s->hits.n)
		return;
	o = s->hits.at[i].option;
	query = arena_str(&arena, s->input.text.s);
	named = strcmp(s->hits.at[i].field, "value") == 0;
	app_remove(app, &s->view);
	view_tree_show(app, o);
	if (o->recipes && named)
		view_packages_find(app, query);
	arena_release(&arena);
}

/* If the list has the focus its keys work as in the tree. */
static void hits_key(struct search_view *s, struct app *app, enum key_action action, int key)
{
	struct menu_row row;

	if (action == ACT_DIGIT) {
		jump(s, app, s->list.top + (size_t)(key - '1'));
		return;
	}
	if (action == ACT_UNDO || action == ACT_REDO) {
		menu_history(app, action == ACT_UNDO);
		return;
	}
	if (!focus(s))
		return;
	row = row_of(s, s->list.at);
	if (action == ACT_SPACE)
		menu_space(app, &row);
	else if (action == ACT_YES || action == ACT_NO)
		menu_switch(app, &row, action == ACT_YES);
	else if (action == ACT_WHY)
		view_why(app, row.option, NULL);
	else if (action == ACT_QUIT)
		app_quit(app);
}

static void search_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct search_view *s = (struct search_view *)v;

	refresh_hits(s, app);
	if (list_moves(&s->list, action))
		return;
	if (action == ACT_ENTER)
		jump(s, app, s->list.at);
	else if (action == ACT_BACK)
		app_remove(app, v);
	else if (action == ACT_TAB || (action == ACT_LEFT && v->keys == KEYS_HITS))
		v->keys = v->keys == KEYS_SEARCH ? KEYS_HITS : KEYS_SEARCH;
	else if (v->keys == KEYS_HITS)
		hits_key(s, app, action, key);
	else if (input_key(&s->input, key))
		list_move(&s->list, LIST_FIRST);
}

static void search_close(struct view *v)
{
	struct search_view *s = (struct search_view *)v;

	input_release(&s->input);
	vec_release(&s->hits);
}

void view_search(struct app *app)
{
	static const struct view_ops ops = {search_draw, search_key, NULL, search_close};
	struct search_view *s = view_new(sizeof *s, &ops, KEYS_SEARCH);

	s->input = (struct input)INPUT_INIT;
	app_push(app, &s->view);
}
