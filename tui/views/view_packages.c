/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the packages: a level of sections, one of a section's or of what was searched for. While the search text has the focus,
 * digits and blanks are text. */
#include "views/view_packages.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/input.h"
#include "screen/layout.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/list.h"
#include "shared/menu.h"
#include "shared/packages.h"
#include "views/build_start.h"
#include "views/menu_edit.h"

#include <stdio.h>
#include <string.h>

struct packages_view {
	struct view view;
	struct packages all;
	const char *section; /* NULL: the level of sections */
	bool found;	     /* the rows are those that have the words of `input` */
	struct input input;
	struct list sections, rows; /* of the two levels */
};

static struct list *list_of(struct packages_view *v)
{
	return v->section || v->found ? &v->rows : &v->sections;
}

static void fill(struct packages_view *v, const struct app *app)
{
	packages_refresh(&v->all, &app->doc.now);
	packages_fill(&v->all, v->section, v->found ? v->input.text.s : NULL);
	list_count(list_of(v), v->all.rows.n);
}

static const struct package_row *focus(struct packages_view *v)
{
	return list_of(v)->at < v->all.rows.n ? &v->all.rows.at[list_of(v)->at] : NULL;
}

/* ---- drawing ---- */

static const char *mark_of(const struct packages_view *v, const struct package_row *r)
{
	static const char *const marks[] = {[PACKAGE_OFF] = "[ ]",
		[PACKAGE_CHOSEN] = "[*]",
		[PACKAGE_ALONG] = "-*-",
		[PACKAGE_CANNOT] = " x "};

	if (r->kind == PACKAGE_GROUP)
		return r->chosen == r->n ? "[*]" : r->chosen ? "[-]" : "[ ]";
	return r->kind == PACKAGE_ONE ? marks[packages_state(&v->all, r->package, NULL)] : "   ";
}

static void print_label(const struct package_row *r, struct text *out)
{
	switch (r->kind) {
	case PACKAGE_SECTION:
		text_str(out, r->section);
		break;
	case PACKAGE_GROUP:
		text_fmt(out, "@%s", r->group->name);
		break;
	case PACKAGE_ONE:
		text_str(out, r->package->name);
		break;
	case PACKAGE_OPTION:
		text_fmt(out, "  %s", strrchr(r->option->name, '.') + 1);
		break;
	}
}

static void print_words(
	const struct packages_view *v, const struct package_row *r, struct text *out)
{
	switch (r->kind) {
	case PACKAGE_SECTION:
		text_fmt(out, "%zu package%s", r->n, r->n == 1 ? "" : "s");
		if (r->chosen)
			text_fmt(out, ", %zu chosen", r->chosen);
		break;
	case PACKAGE_GROUP:
		text_str(out, r->group->summary);
		break;
	case PACKAGE_ONE:
		if (packages_state(&v->all, r->package, out) != PACKAGE_CANNOT) {
			text_clear(out);
			text_str(out, r->package->summary);
		}
		break;
	case PACKAGE_OPTION:
		text_fmt(out, "= %s", profile_get(v->all.profile, r->option->name));
		break;
	}
}

/* "411 KiB   17s  tried" at the right edge; returns its width. */
static int draw_cells(struct packages_view *v, struct app *app, struct rect r, int y,
	enum role role, const struct package *k)
{
	struct text cells = TEXT_INIT;
	int width;

	packages_print_cells(&v->all, k, &cells);
	if (r.cols >= 60)
		text_fmt(&cells, " %-5s", packages_tried(&v->all, k) ? "tried" : "");
	width = (int)cells.len + 1;
	put(&app->term, r, y, r.cols - width, role, cells.s);
	text_release(&cells);
	return width + 1;
}

static void draw_row(struct packages_view *v, struct app *app, struct rect r, int y, size_t i)
{
	const struct package_row *row = &v->all.rows.at[i];
	bool here = i == list_of(v)->at, one = row->kind == PACKAGE_ONE;
	enum role role = one && packages_state(&v->all, row->package, NULL) == PACKAGE_CANNOT
				 ? ROLE_DIM
				 : ROLE_TEXT;
	struct text label = TEXT_INIT, words = TEXT_INIT;
	int name = r.cols < 60 ? 15 : 18, right = 0;

	print_label(row, &label);
	print_words(v, row, &words);
	put_fmt(&app->term, r, y, 1, role, "%s %s", here ? ">" : " ", mark_of(v, row));
	if (one && r.cols >= name + 24)
		right = draw_cells(v, app, r, y, role, row->package);
	else if (row->kind == PACKAGE_SECTION)
		right = 5;
	if (row->kind == PACKAGE_SECTION)
		put(&app->term, r, y, r.cols - 5, role, "--->");
	put(&app->term, (struct rect){r.y + y, r.x + 7, 1, name}, 0, 0, role, label.s);
	if (r.cols - 8 - name - right > 8)
		put(&app->term,
			(struct rect){r.y + y, r.x + 8 + name, 1, r.cols - 8 - name - right}, 0, 0,
			role, words.s);
	if (here)
		put_focus(&app->term, r, y);
	text_release(&label);
	text_release(&words);
}

static void draw_query(struct packages_view *v, struct app *app, struct rect r)
{
	int cursor, label = put(&app->term, r, 0, 1, ROLE_TITLE, "Search: ");
	struct rect field = {r.y, r.x + 1 + label, 1, r.cols - label - 2};
	size_t from = input_window(&v->input, field.cols, &cursor);

	put(&app->term, field, 0, 0, ROLE_TEXT, v->input.text.s + from);
	if (v->view.keys == KEYS_SEARCH)
		put_cursor(&app->term, field, 0, cursor, true);
}

static void draw_rows(struct packages_view *v, struct app *app, struct rect r)
{
	struct list *list = list_of(v);
	int y0 = app->term.cursor_y, x0 = app->term.cursor_x;

	list_show(list, r.rows);
	for (int y = 0; y < r.rows && list->top + (size_t)y < v->all.rows.n; y++)
		draw_row(v, app, r, y, list->top + (size_t)y);
	if (!v->all.rows.n)
		put_wrapped(&app->term, (struct rect){r.y, r.x + 1, r.rows, r.cols - 2}, 0,
			ROLE_WARN,
			v->found
				? "No package has all these words."
				: "There are no packages yet. Recipes of your own come from a folder: the option recipes names it.");
	/* While typing, the cursor stays in the text. */
	if (v->view.keys == KEYS_SEARCH) {
		app->term.cursor_y = y0;
		app->term.cursor_x = x0;
		app->term.cursor_shown = true;
	}
}

static void draw_detail(struct packages_view *v, struct app *app, const struct layout *l,
	const struct layout_panes *p)
{
	const struct package_row *r = focus(v);
	struct text words = TEXT_INIT, label = TEXT_INIT;

	if (r) {
		print_label(r, &label);
		packages_print_detail(&v->all, r, &words);
	}
	put_rule(&app->term, p->rule, label.s + strspn(label.s, " "));
	put_wrapped(&app->term, p->detail, 0, ROLE_TEXT, words.s);
	if (*document_conflict(&app->doc)) {
		app_hint(app, ROLE_BAD, "Conflict: %s", document_conflict(&app->doc));
	} else if (l->mode < LAYOUT_STACKED) {
		words.s[strcspn(words.s, "\n")] = '\0';
		app_hint(app, ROLE_DIM, "%s", words.s);
	} else {
		app_hint(app, ROLE_DIM, "[*] chosen  -*- comes along  x not with these choices");
	}
	text_release(&words);
	text_release(&label);
}

static void packages_draw(struct view *view, struct app *app, const struct layout *l)
{
	struct packages_view *v = (struct packages_view *)view;
	struct layout_panes p = layout_split(l, 9);
	struct text title = TEXT_INIT, path = TEXT_INIT, sum = TEXT_INIT;

	fill(v, app);
	frame_title(app, &title);
	text_str(&path, "Packages");
	if (v->section)
		text_fmt(&path, " > %s", v->section);
	packages_print_sum(&v->all, &sum);
	draw_detail(v, app, l, &p);
	view_idle(view, ACT_SPACE, !focus(v) || focus(v)->kind == PACKAGE_SECTION);
	view_idle(view, ACT_SAVE, !document_may_save(&app->doc));
	frame_draw(app, view, l,
		&(struct heading){l->path.rows ? title.s : path.s,
			v->found || !l->path.rows ? sum.s : NULL, v->found ? "" : path.s,
			v->found ? NULL : sum.s});
	if (v->found) {
		draw_query(v, app, l->path.rows ? l->path : layout_top(p.list, 1));
		p.list = l->path.rows ? p.list : layout_below(p.list, 1);
	}
	draw_rows(v, app, p.list);
	text_release(&title);
	text_release(&path);
	text_release(&sum);
}

/* ---- keys ---- */

/* A package that something else needs stays although it is not chosen any more. */
static void say_change(struct packages_view *v, struct app *app, const struct package_row *r,
	const struct strings *before)
{
	struct text words = TEXT_INIT, why = TEXT_INIT;
	bool stays = r->kind == PACKAGE_ONE &&
		     packages_state(&v->all, r->package, &why) == PACKAGE_ALONG;

	packages_print_change(before, &v->all.all, &words);
	if (stays)
		app_say(app, ROLE_TEXT, "%s stays: it %s. u undo", r->package->name, why.s);
	else if (!words.len)
		app_say(app, ROLE_TEXT, "Chosen for itself now. u undo");
	else
		app_say(app, ROLE_TEXT, "%s u undo", words.s);
	text_release(&words);
	text_release(&why);
}

/* What was there before outlives the list's own memory. */
static void keep(const struct strings *from, struct arena *a, struct strings *to)
{
	for (size_t i = 0; i < from->n; i++)
		vec_push_in(a, to, arena_str(a, from->at[i]));
}

static void choose(struct packages_view *v, struct app *app, const struct package_row *r)
{
	const struct option *o = package_option(app->doc.now.catalog);
	struct arena arena = {0};
	struct strings before = {0};
	struct text why = TEXT_INIT, what = TEXT_INIT;
	struct error err = {0};
	const char *value = NULL;

	keep(&v->all.all, &arena, &before);
	print_label(r, &what);
	if (!packages_turn(&v->all, r, &app->doc.now, &value, &why)) {
		app_say(app, ROLE_WARN, "%s: %s", what.s, why.s);
	} else if (!document_set(&app->doc, o->name, value, &err)) {
		app_say(app, ROLE_BAD, "%s", err.text);
	} else {
		fill(v, app);
		if (*document_conflict(&app->doc))
			app_say(app, ROLE_BAD, "Conflict: %s", document_conflict(&app->doc));
		else
			say_change(v, app, r, &before);
	}
	text_release(&what);
	text_release(&why);
	arena_release(&arena);
}

static bool is_on(const struct packages_view *v, const struct package_row *r)
{
	if (r->kind == PACKAGE_GROUP)
		return r->chosen == r->n;
	return packages_state(&v->all, r->package, NULL) == PACKAGE_CHOSEN;
}

static void row_key(struct packages_view *v, struct app *app, enum key_action action)
{
	const struct package_row *r = focus(v);
	struct menu_row option = {.kind = MENU_OPTION};

	if (!r)
		return;
	if (r->kind == PACKAGE_SECTION) {
		app_say(app, ROLE_TEXT, "Enter opens it.");
	} else if (r->kind == PACKAGE_OPTION) {
		option.option = r->option;
		if (action == ACT_SPACE)
			menu_space(app, &option);
		else
			menu_switch(app, &option, action == ACT_YES);
	} else if (action == ACT_SPACE || is_on(v, r) != (action == ACT_YES)) {
		struct package_row copy = *r;

		choose(v, app, &copy);
	}
}

static void open_row(struct packages_view *v, struct app *app)
{
	const struct package_row *r = focus(v);
	struct text label = TEXT_INIT, words = TEXT_INIT;

	if (!r)
		return;
	if (r->kind == PACKAGE_SECTION) {
		v->section = r->section;
		v->rows = (struct list){0};
		return;
	}
	if (r->kind == PACKAGE_OPTION) {
		row_key(v, app, ACT_SPACE);
		return;
	}
	print_label(r, &label);
	packages_print_detail(&v->all, r, &words);
	pager_text(app, label.s, words.s, KEYS_HELP);
	text_release(&label);
	text_release(&words);
}

static void back(struct packages_view *v, struct app *app)
{
	if (!v->section && !v->found) {
		app_remove(app, &v->view);
		return;
	}
	v->section = NULL;
	v->found = false;
	v->view.keys = KEYS_PACKAGES;
}

static void search(struct packages_view *v)
{
	v->section = NULL;
	if (!v->found)
		v->rows = (struct list){0};
	v->found = true;
	v->view.keys = KEYS_SEARCH;
}

/* What was measured depends on the choices. */
static void step_history(struct packages_view *v, struct app *app, bool undo)
{
	menu_history(app, undo);
	packages_release(&v->all);
	packages_open(&v->all, &app->doc.now, app->settings);
	if (!v->found && v->section) {
		fill(v, app);
		v->section = v->all.rows.n ? v->section : NULL;
	}
}

static void other_key(struct packages_view *v, struct app *app, enum key_action action)
{
	switch (action) {
	case ACT_ENTER:
	case ACT_RIGHT:
		open_row(v, app);
		break;
	case ACT_BACK:
	case ACT_LEFT:
		back(v, app);
		break;
	case ACT_SEARCH:
		search(v);
		break;
	case ACT_UNDO:
	case ACT_REDO:
		step_history(v, app, action == ACT_UNDO);
		break;
	case ACT_SAVE:
		if (document_may_save(&app->doc))
			dialog_save(app, NULL, NULL);
		else
			app_say(app, ROLE_TEXT, "Nothing to save: no changes.");
		break;
	case ACT_BUILD:
		view_build_start(app, false);
		break;
	case ACT_QUIT:
		app_quit(app);
		break;
	default:
		break;
	}
}

static void packages_key(struct view *view, struct app *app, enum key_action action, int key)
{
	struct packages_view *v = (struct packages_view *)view;

	fill(v, app);
	if (list_moves(list_of(v), action))
		return;
	if (view->keys == KEYS_SEARCH) {
		if (action == ACT_BACK)
			back(v, app);
		else if (action == ACT_ENTER || action == ACT_TAB)
			view->keys = KEYS_PACKAGES;
		else if (input_key(&v->input, key))
			list_move(&v->rows, LIST_FIRST);
	} else if (action == ACT_SPACE || action == ACT_YES || action == ACT_NO) {
		row_key(v, app, action);
	} else {
		other_key(v, app, action);
	}
}

static void packages_close(struct view *view)
{
	struct packages_view *v = (struct packages_view *)view;

	packages_release(&v->all);
	input_release(&v->input);
}

void view_packages(struct app *app)
{
	view_packages_find(app, NULL);
}

void view_packages_find(struct app *app, const char *words)
{
	static const struct view_ops ops = {packages_draw, packages_key, NULL, packages_close};
	struct packages_view *v = view_new(sizeof *v, &ops, KEYS_PACKAGES);

	v->input = (struct input)INPUT_INIT;
	v->found = words != NULL;
	if (words)
		input_set(&v->input, words);
	packages_open(&v->all, &app->doc.now, app->settings);
	if (v->all.problem.kind != ERROR_NONE)
		app_say(app, ROLE_BAD, "%s", v->all.problem.text);
	app_push(app, &v->view);
}
