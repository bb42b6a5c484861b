/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shows why something is unavailable. A need is a term of a condition; an unmet term is met by setting the one option it names,
 * so each fix is exactly one change, tried first on a copy of the profile.
 */
#include "views/view_why.h"

#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "screen/app.h"
#include "screen/terminal.h"
#include "shared/list.h"
#include "shared/menu.h"
#include "views/menu_edit.h"

#include <stdlib.h>
#include <string.h>

struct fix {
	const struct option *option;
	const char *value;
};

struct why_view {
	struct view view;
	const struct option *option;
	const struct option_value *value;
	struct text text;
	VEC(struct fix) fixes;
	struct list list;
};

static void print_term(const struct guard_term *t, struct text *out)
{
	text_fmt(out, "%s%s", t->name, t->negated ? " not " : " = ");
	for (size_t i = 0; i < t->values.n; i++)
		text_fmt(out, "%s%s", i ? " or " : "", t->values.at[i]);
}

/* Does setting this one option make the row available? */
static bool helps(const struct why_view *w, const struct app *app, const struct fix *fix)
{
	struct profile copy;
	struct error err = {0};
	struct text unused = TEXT_INIT;
	bool ok;

	profile_copy(&copy, &app->doc.now, app->doc.now.name);
	ok = profile_set(&copy, fix->option->name, fix->value, &err) &&
	     profile_option_available(&copy, w->option, &unused) &&
	     (!w->value || profile_value_available(&copy, w->option, w->value, &unused));
	profile_release(&copy);
	text_release(&unused);
	return ok;
}

static void add_fixes(struct why_view *w, const struct app *app, const struct option *o)
{
	for (size_t i = 0; o && i < o->values.n; i++) {
		struct fix fix = {o, o->values.at[i].name};
		struct text unused = TEXT_INIT;

		if (w->fixes.n < 8 && !menu_has_value(&app->doc.now, o, fix.value) &&
			menu_value_available(&app->doc, o, &o->values.at[i], &unused) &&
			helps(w, app, &fix))
			vec_push(&w->fixes, fix);
		text_release(&unused);
	}
}

static void explain_needs(struct why_view *w, const struct app *app)
{
	const struct guard *g = &w->option->when;

	if (!g->n)
		text_fmt(&w->text, "%s (%s) needs nothing: it can always be chosen.\n",
			w->option->prompt, w->option->name);
	for (size_t i = 0; i < g->n; i++) {
		const struct guard_term *t = &g->at[i];
		bool met = guard_term_holds(t, profile_lookup, &app->doc.now);
		const char *now = profile_get(&app->doc.now, t->name);

		text_fmt(&w->text, i ? "      and  " : "%s needs  ", w->option->name);
		print_term(t, &w->text);
		if (met)
			text_str(&w->text, "   met\n");
		else
			text_fmt(&w->text, "   NOT met: %s is %s\n", t->name,
				now ? now : "not known");
		if (!met)
			add_fixes(w, app, option_find(&app->catalog->options, t->name));
	}
}

static void explain_value(struct why_view *w, const struct app *app, const struct option_value *v)
{
	struct text why = TEXT_INIT;

	if (!menu_value_available(&app->doc, w->option, v, &why)) {
		text_fmt(&w->text, "  %s cannot be chosen: %s\n", v->name, why.s);
		for (size_t i = 0; w->value && i < v->refuse.n; i++)
			add_fixes(
				w, app, option_find(&app->catalog->options, v->refuse.at[i].name));
	} else if (w->value) {
		text_fmt(&w->text, "  %s can be chosen.\n", v->name);
	}
	text_release(&why);
}

static void explain(struct why_view *w, const struct app *app)
{
	explain_needs(w, app);
	for (size_t i = 0; i < w->option->values.n; i++) {
		if (!w->value || w->value == &w->option->values.at[i])
			explain_value(w, app, &w->option->values.at[i]);
	}
	if (w->fixes.n)
		text_str(&w->text, "\nTo make it available:\n");
	list_count(&w->list, w->fixes.n + 1);
}

static void draw_choice(const struct why_view *w, struct app *app, struct rect r, int y, size_t i)
{
	const char *mark = i == w->list.at ? ">" : " ";

	if (i == w->fixes.n)
		put_fmt(&app->term, r, y, 1, ROLE_TEXT, "%s %zu  Leave it as it is", mark, i + 1);
	else
		put_fmt(&app->term, r, y, 1, ROLE_TEXT, "%s %zu  Set %s: %s -> %s", mark, i + 1,
			w->fixes.at[i].option->name,
			profile_get(&app->doc.now, w->fixes.at[i].option->name),
			w->fixes.at[i].value);
	if (i == w->list.at)
		put_focus(&app->term, r, y);
}

static void why_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct why_view *w = (struct why_view *)v;
	int choices = (int)w->list.n < l->body.rows ? (int)w->list.n : l->body.rows;
	struct rect text = {l->body.y, 1, l->body.rows - choices, l->body.cols - 2}, rows;
	struct text path = TEXT_INIT;
	int y;

	text_fmt(&path, "Why is %s as it is?", w->option->prompt);
	frame_draw(app, v, l, &(struct heading){"bootsmith  why", NULL, path.s, NULL});
	y = put_wrapped(&app->term, text, 0, ROLE_TEXT, w->text.s);
	rows = (struct rect){text.y + y, 0, l->body.rows - y, l->body.cols};
	list_show(&w->list, rows.rows);
	for (y = 0; y < rows.rows && w->list.top + (size_t)y < w->list.n; y++)
		draw_choice(w, app, rows, y, w->list.top + (size_t)y);
	text_release(&path);
}

static void apply(struct why_view *w, struct app *app, size_t i)
{
	app_remove(app, &w->view);
	if (i < w->fixes.n)
		menu_set(app, w->fixes.at[i].option, w->fixes.at[i].value);
}

static void why_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct why_view *w = (struct why_view *)v;

	if (list_moves(&w->list, action))
		return;
	if (action == ACT_ENTER)
		apply(w, app, w->list.at);
	else if (action == ACT_DIGIT && (size_t)(key - '1') < w->list.n)
		apply(w, app, (size_t)(key - '1'));
	else if (action == ACT_BACK || action == ACT_LEFT)
		app_remove(app, v);
	else if (action == ACT_QUIT)
		app_quit(app);
}

static void why_close(struct view *v)
{
	struct why_view *w = (struct why_view *)v;

	text_release(&w->text);
	vec_release(&w->fixes);
}

void view_why(struct app *app, const struct option *o, const struct option_value *value)
{
	static const struct view_ops ops = {why_draw, why_key, NULL, why_close};
	struct why_view *w = view_new(sizeof *w, &ops, KEYS_WHY);

	w->option = o;
	w->value = value;
	w->text = (struct text)TEXT_INIT;
	explain(w, app);
	app_push(app, &w->view);
}
