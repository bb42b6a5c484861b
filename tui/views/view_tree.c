/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the option tree: up to three levels, each with its own position in the list. */
#include "views/view_tree.h"

#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/list.h"
#include "shared/menu.h"
#include "views/build_start.h"
#include "views/menu_edit.h"
#include "views/menu_row.h"
#include "views/view_packages.h"
#include "views/view_profiles.h"
#include "views/view_search.h"
#include "views/view_why.h"

#include <stdio.h>
#include <string.h>

#define DEPTH 3

struct menu_view {
	struct view view;
	struct menu_level levels[DEPTH];
	size_t depth; /* the level shown */
	struct menu_rows rows;
	bool hide_unavailable;
	bool hide_pane;
};

static struct menu_level *level(struct menu_view *t)
{
	return &t->levels[t->depth];
}

static void fill(struct menu_view *t, const struct app *app)
{
	menu_fill(&app->doc, level(t), !t->hide_unavailable, &t->rows);
	list_count(&level(t)->list, t->rows.n);
}

static const struct menu_row *focus(const struct menu_view *t)
{
	const struct menu_level *at = &t->levels[t->depth];

	return at->list.at < t->rows.n ? &t->rows.at[at->list.at] : NULL;
}

static void print_path(const struct menu_view *t, struct text *out)
{
	text_str(out, "Options");
	if (t->depth > 0)
		text_fmt(out, " > %s", t->levels[1].group);
	if (t->depth > 1)
		text_fmt(out, " > %s", t->levels[2].option->prompt);
}

static void draw_rows(struct menu_view *t, struct app *app, struct rect r)
{
	struct list *list = &level(t)->list;

	list_show(list, r.rows);
	for (int y = 0; y < r.rows && list->top + (size_t)y < t->rows.n; y++) {
		size_t i = list->top + (size_t)y;

		menu_row_draw(app, r, y, &t->rows.at[i], i == list->at);
	}
	if (!t->rows.n)
		put(&app->term, r, 0, 3, ROLE_DIM,
			"Nothing here can be chosen now. a shows all options.");
}

/* On a small screen the message row is the only place for help. */
static void offer_help(const struct menu_view *t, struct app *app, const struct layout *l)
{
	struct text help = TEXT_INIT;

	if (!focus(t))
		return;
	if (*document_conflict(&app->doc)) {
		app_hint(app, ROLE_BAD, "Conflict: %s", document_conflict(&app->doc));
	} else if (l->mode < LAYOUT_STACKED) {
		menu_print_help(&app->doc, focus(t), &help);
		help.s[strcspn(help.s, "\n")] = '\0';
		app_hint(app, ROLE_DIM, "%s", help.s);
		text_release(&help);
	}
}

static void draw_help(const struct menu_view *t, struct app *app, const struct layout_panes *p)
{
	const struct menu_row *r = focus(t);
	struct text help = TEXT_INIT, label = TEXT_INIT;

	if (r) {
		menu_print_label(r, &label);
		if (menu_tried(&app->doc, r))
			text_str(&help,
				"Tried: built with these other versions, booted, and all checks passed.\n");
		menu_print_help(&app->doc, r, &help);
	}
	put_rule(&app->term, p->rule, label.s);
	put_wrapped(&app->term, p->detail, 0, ROLE_TEXT, help.s);
	text_release(&help);
	text_release(&label);
}

static void menu_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct menu_view *t = (struct menu_view *)v;
	struct layout_panes p = layout_split(l, 8);
	struct text title = TEXT_INIT, path = TEXT_INIT;
	char where[64];

	if (t->hide_pane)
		p = (struct layout_panes){.list = l->body};
	fill(t, app);
	offer_help(t, app, l);
	frame_title(app, &title);
	print_path(t, &path);
	snprintf(where, sizeof where, "row %zu/%zu", t->rows.n ? level(t)->list.at + 1 : 0,
		t->rows.n);
	menu_idle(v, app, focus(t));
	view_idle(v, ACT_SAVE, !document_may_save(&app->doc));
	frame_draw(
		app, v, l, &(struct heading){l->path.rows ? title.s : path.s, NULL, path.s, where});
	draw_help(t, app, &p);
	draw_rows(t, app, p.list);
	text_release(&title);
	text_release(&path);
}

static void descend(struct menu_view *t, const struct app *app, struct menu_level to)
{
	const struct option *o = to.option;

	if (t->depth + 1 >= DEPTH)
		return;
	t->levels[++t->depth] = to;
	fill(t, app);
	/* A list of values opens at the current one. */
	for (size_t i = 0; o && i < t->rows.n; i++) {
		if (t->rows.at[i].value &&
			menu_has_value(&app->doc.now, o, t->rows.at[i].value->name)) {
			list_to(&level(t)->list, i);
			break;
		}
	}
}

static void open_option(struct menu_view *t, struct app *app, const struct menu_row *r)
{
	if (!menu_available(&app->doc, r, NULL))
		menu_space(app, r);
	else if (r->option->recipes)
		view_packages(app);
	else if (menu_opens(r))
		descend(t, app, (struct menu_level){.group = r->group, .option = r->option});
	else if (menu_is_switch(r->option))
		menu_space(app, r);
	else
		menu_type(app, r->option);
}

static void open_row(struct menu_view *t, struct app *app)
{
	const struct menu_row *r = focus(t);
	bool leave;

	if (!r)
		return;
	switch (r->kind) {
	case MENU_GROUP:
		descend(t, app, (struct menu_level){.group = r->group});
		break;
	case MENU_OPTION:
		open_option(t, app, r);
		break;
	case MENU_VALUE:
		leave = r->option->type != OPTION_LIST && menu_available(&app->doc, r, NULL);
		menu_space(app, r);
		t->depth -= leave;
		break;
	case MENU_OTHER:
		menu_type(app, r->option);
		break;
	}
}

static void ascend(struct menu_view *t, struct app *app, enum key_action action)
{
	if (t->depth)
		t->depth--;
	else if (action == ACT_BACK)
		app_remove(app, &t->view);
	else
		app_say(app, ROLE_TEXT,
			"This is the top. Esc goes back to the start screen, ? is help.");
}

static void show_changes(struct app *app)
{
	struct text text = TEXT_INIT;

	if (!document_is_dirty(&app->doc)) {
		app_say(app, ROLE_TEXT, "No unsaved changes.");
		return;
	}
	document_list_changes(&app->doc, &text);
	pager_text(app, "unsaved changes", text.s, KEYS_HELP);
	text_release(&text);
}

static void save(struct app *app)
{
	if (document_may_save(&app->doc))
		dialog_save(app, NULL, NULL);
	else
		app_say(app, ROLE_TEXT, "Nothing to save: no changes.");
}

static void next_changed(struct menu_view *t, const struct app *app, int step)
{
	struct list *list = &level(t)->list;

	for (size_t k = 1; k <= t->rows.n; k++) {
		size_t i = (list->at + (step > 0 ? k : t->rows.n * 2 - k)) % t->rows.n;

		if (menu_changed(&app->doc, &t->rows.at[i])) {
			list_to(list, i);
			return;
		}
	}
}

static void option_key(struct menu_view *t, struct app *app, enum key_action action)
{
	const struct menu_row *r = focus(t);

	if (!r || (!r->option && (action == ACT_RESET || action == ACT_WHY)))
		return;
	if (action == ACT_SPACE)
		menu_space(app, r);
	else if (action == ACT_YES || action == ACT_NO)
		menu_switch(app, r, action == ACT_YES);
	else if (action == ACT_RESET)
		menu_set(app, r->option, NULL);
	else
		view_why(app, r->option, r->value);
}

static void other_key(struct menu_view *t, struct app *app, enum key_action action)
{
	const struct option *changed;

	switch (action) {
	case ACT_SEARCH:
		view_search(app);
		break;
	case ACT_ALL:
		t->hide_unavailable = !t->hide_unavailable;
		app_say(app, ROLE_TEXT,
			t->hide_unavailable ? "Only what can be chosen now is shown."
					    : "All options are shown.");
		break;
	case ACT_PANE:
		t->hide_pane = !t->hide_pane;
		break;
	case ACT_UNDO:
	case ACT_REDO:
		changed = menu_history(app, action == ACT_UNDO);
		if (changed)
			view_tree_show(app, changed);
		break;
	case ACT_CHANGES:
		show_changes(app);
		break;
	case ACT_SAVE:
		save(app);
		break;
	case ACT_BUILD:
		view_build_start(app, false);
		break;
	case ACT_PROFILES:
		view_profiles(app);
		break;
	case ACT_NEXT:
	case ACT_PREVIOUS:
		next_changed(t, app, action == ACT_NEXT ? 1 : -1);
		break;
	case ACT_QUIT:
		app_quit(app);
		break;
	default:
		break;
	}
}

static void menu_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct menu_view *t = (struct menu_view *)v;

	(void)key;
	fill(t, app);
	if (list_moves(&level(t)->list, action))
		return;
	if (action == ACT_ENTER || action == ACT_RIGHT)
		open_row(t, app);
	else if (action == ACT_LEFT || action == ACT_BACK)
		ascend(t, app, action);
	else if (action == ACT_SPACE || action == ACT_YES || action == ACT_NO ||
		 action == ACT_RESET || action == ACT_WHY)
		option_key(t, app, action);
	else
		other_key(t, app, action);
}

static void menu_close(struct view *v)
{
	vec_release(&((struct menu_view *)v)->rows);
}

static const struct view_ops ops = {menu_draw, menu_key, NULL, menu_close};

static void go_to(struct menu_view *t, const struct app *app, const struct option *o)
{
	struct menu_rows groups = {0};
	size_t at;

	t->depth = 0;
	menu_fill(&app->doc, &t->levels[0], true, &groups);
	list_count(&t->levels[0].list, groups.n);
	for (size_t i = 0; i < groups.n; i++) {
		if (!strcmp(groups.at[i].group, o->menu))
			list_to(&t->levels[0].list, i);
	}
	vec_release(&groups);
	descend(t, app, (struct menu_level){.group = o->menu});
	if (!menu_find(&t->rows, o, &at)) {
		t->hide_unavailable = false;
		fill(t, app);
	}
	if (menu_find(&t->rows, o, &at))
		list_to(&level(t)->list, at);
}

void view_tree(struct app *app, const struct option *at)
{
	struct menu_view *t = view_new(sizeof *t, &ops, KEYS_TREE);

	if (at)
		go_to(t, app, at);
	app_push(app, &t->view);
}

void view_tree_show(struct app *app, const struct option *o)
{
	for (size_t i = app->views.n; i-- > 0;) {
		if (app->views.at[i]->ops != &ops)
			continue;
		app_pop_to(app, app->views.at[i]);
		go_to((struct menu_view *)app->views.at[i], app, o);
		return;
	}
	view_tree(app, o);
}
