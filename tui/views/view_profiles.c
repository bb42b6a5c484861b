/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the list of profiles. */
#include "views/view_profiles.h"

#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "choice/profile.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/pager.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/list.h"
#include "shared/profile_files.h"
#include "views/build_start.h"

#include <stdio.h>
#include <string.h>

struct profiles_view {
	struct view view;
	struct profile_list profiles;
	struct list list;
	bool then_build; /* after opening */
};

static void load(struct profiles_view *p, struct app *app)
{
	struct error err = {0};

	profile_list_release(&p->profiles);
	p->profiles = (struct profile_list){0};
	if (!profile_list_load(&p->profiles, app->catalog, app->place, &err))
		app_say(app, ROLE_BAD, "%s", err.text);
	list_count(&p->list, p->profiles.of.n);
}

static void focus_on(struct profiles_view *p, const char *name, bool shipped)
{
	for (size_t i = 0; i < p->profiles.of.n; i++) {
		if (!strcmp(p->profiles.of.at[i].name, name) &&
			p->profiles.of.at[i].shipped == shipped)
			list_to(&p->list, i);
	}
}

static const struct profile_entry *focus(const struct profiles_view *p)
{
	return p->list.at < p->profiles.of.n ? &p->profiles.of.at[p->list.at] : NULL;
}

static bool is_open(const struct app *app, const struct profile_entry *e)
{
	return app->doc.now.path && !strcmp(app->doc.now.path, e->path);
}

static void draw_rows(struct profiles_view *p, struct app *app, struct rect r)
{
	list_show(&p->list, r.rows);
	for (int y = 0; y < r.rows && p->list.top + (size_t)y < p->profiles.of.n; y++) {
		size_t i = p->list.top + (size_t)y;
		const struct profile_entry *e = &p->profiles.of.at[i];
		const char *words = e->problem ? e->problem : e->summary ? e->summary : "";
		struct text clean = TEXT_INIT;

		printable(&clean, words, strlen(words));
		put_fmt(&app->term, r, y, 1, e->problem ? ROLE_BAD : ROLE_TEXT,
			"%s %s %-20s %-8s %s", i == p->list.at ? ">" : " ",
			is_open(app, e) ? "*" : " ", e->name, e->shipped ? "shipped" : "yours",
			clean.s);
		if (i == p->list.at)
			put_focus(&app->term, r, y);
		text_release(&clean);
	}
}

static void describe(const struct app *app, const struct profile_entry *e, struct text *out)
{
	struct profile p = {0};
	struct error err = {0};

	text_fmt(out, "File: %s%s\n", e->path,
		e->shipped ? " (read-only: it came with the program; c copies it)" : "");
	if (!profile_open(&p, app->catalog, e->path, &err)) {
		text_fmt(out, "Cannot be read: %s\n", err.text);
		return;
	}
	text_str(out, "Differs from the defaults in:");
	for (size_t i = 0; i < p.set.n; i++)
		text_fmt(out, " %s=%s", p.set.at[i].option->name,
			document_show_value(p.set.at[i].option, p.set.at[i].value));
	text_fmt(out, "\nWithout this screen: bootsmith build %s\n", e->name);
	profile_release(&p);
}

static void draw_detail(
	const struct profiles_view *p, struct app *app, const struct layout_panes *panes)
{
	const struct profile_entry *e = focus(p);
	struct text text = TEXT_INIT;

	put_rule(&app->term, panes->rule, e ? e->name : "");
	if (e && panes->detail.rows)
		describe(app, e, &text);
	put_wrapped(&app->term, panes->detail, 0, ROLE_TEXT, text.s);
	text_release(&text);
}

static void update_idle(struct profiles_view *p, const struct app *app)
{
	const struct profile_entry *e = focus(p);

	view_idle(&p->view, ACT_ENTER, !e);
	view_idle(&p->view, ACT_COPY, !e);
	view_idle(&p->view, ACT_RENAME, !e || e->shipped);
	view_idle(&p->view, ACT_DELETE, !e || e->shipped || is_open(app, e));
	view_idle(&p->view, ACT_DIFF, !e || (is_open(app, e) && !document_is_dirty(&app->doc)));
}

static void profiles_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct profiles_view *p = (struct profiles_view *)v;
	struct layout_panes panes = layout_split(l, 6);
	char where[64];

	if (l->mode == LAYOUT_WIDE)
		panes.list.cols = panes.rule.x;
	snprintf(where, sizeof where, "row %zu/%zu", p->profiles.of.n ? p->list.at + 1 : 0,
		p->profiles.of.n);
	update_idle(p, app);
	frame_draw(
		app, v, l, &(struct heading){"bootsmith  profiles", NULL, "* is open now", where});
	draw_detail(p, app, &panes);
	draw_rows(p, app, panes.list);
}

static void open_it(struct profiles_view *p, struct app *app)
{
	const struct profile_entry *e = focus(p);
	struct error err = {0};
	bool build = p->then_build;

	if (!document_open(&app->doc, e->path, &err)) {
		app_say(app, ROLE_BAD, "%s", err.text);
		return;
	}
	app_say(app, ROLE_GOOD, "%s is open.", app->doc.now.name);
	document_work_on(&app->doc);
	app_tell_other_session(app);
	app_home(app);
	if (build)
		view_build_start(app, false);
}

static void after_save(struct app *app, void *ctx)
{
	open_it(ctx, app);
}

static void on_unsaved(struct app *app, void *ctx, int choice)
{
	if (choice == 0) {
		dialog_save(app, after_save, ctx);
	} else if (choice == 1) {
		document_forget_recovery(app->place, app->doc.now.name);
		open_it(ctx, app);
	}
}

static void open_checked(struct profiles_view *p, struct app *app, bool then_build)
{
	static const char *const answers[] = {"s  Save them first", "d  Discard them", "c  Cancel"};
	struct text text = TEXT_INIT;

	p->then_build = then_build;
	if (!document_is_dirty(&app->doc)) {
		open_it(p, app);
		return;
	}
	text_fmt(&text, "Unsaved changes in %s:\n", app->doc.now.name);
	document_list_changes(&app->doc, &text);
	dialog_ask(app, "Open another profile", text.s, answers, 3, 0, on_unsaved, p);
	text_release(&text);
}

static bool on_new(struct app *app, void *ctx, const char *text, struct error *err)
{
	struct profiles_view *p = ctx;

	if (!profile_files_new(app->catalog, app->place, text, err))
		return false;
	load(p, app);
	focus_on(p, text, false);
	app_say(app, ROLE_GOOD, "%s is there, with all defaults. Enter opens it.", text);
	return true;
}

static bool on_copy(struct app *app, void *ctx, const char *text, struct error *err)
{
	struct profiles_view *p = ctx;

	if (!profile_files_copy(app->catalog, app->place, focus(p)->path, text, err))
		return false;
	load(p, app);
	focus_on(p, text, false);
	app_say(app, ROLE_GOOD, "Copied to %s.", text);
	return true;
}

static bool on_rename(struct app *app, void *ctx, const char *text, struct error *err)
{
	struct profiles_view *p = ctx;
	bool open = is_open(app, focus(p));

	if (open && document_is_dirty(&app->doc))
		return error_set(err, ERROR_USAGE, "It has unsaved changes. Save them first.");
	if (!profile_files_rename(app->place, focus(p)->path, text, err))
		return false;
	if (open && !document_open(&app->doc, text, err))
		return false;
	load(p, app);
	focus_on(p, text, false);
	app_say(app, ROLE_GOOD, "It is called %s now.", text);
	return true;
}

static void on_delete(struct app *app, void *ctx, int choice)
{
	struct profiles_view *p = ctx;
	struct error err = {0};

	if (choice != 1)
		return;
	if (!profile_files_delete(focus(p)->path, &err)) {
		app_say(app, ROLE_BAD, "%s", err.text);
		return;
	}
	app_say(app, ROLE_TEXT, "Deleted. It is kept as %s.old.", focus(p)->path);
	load(p, app);
}

static void ask_delete(struct profiles_view *p, struct app *app, const struct profile_entry *e)
{
	static const char *const answers[] = {"n  No, keep it", "y  Yes, delete it"};
	struct text text = TEXT_INIT;

	if (is_open(app, e)) {
		app_say(app, ROLE_WARN,
			"%s is open. Open another profile before you delete this one.", e->name);
		return;
	}
	text_fmt(&text, "Delete the profile %s?\n%s", e->name, e->path);
	dialog_ask(app, "Delete", text.s, answers, 2, 0, on_delete, p);
	text_release(&text);
}

static void show_diff(struct app *app, const struct profile_entry *e)
{
	struct profile p = {0};
	struct error err = {0};
	struct text text = TEXT_INIT;

	if (!profile_open(&p, app->catalog, e->path, &err)) {
		app_say(app, ROLE_BAD, "%s", err.text);
		return;
	}
	profile_files_diff(&app->doc.now, &p, &text);
	if (text.len) {
		struct text title = TEXT_INIT;

		text_fmt(&title, "%s -> %s", app->doc.now.name, e->name);
		pager_text(app, title.s, text.s, KEYS_HELP);
		text_release(&title);
	} else {
		app_say(app, ROLE_TEXT, "No choice differs.");
	}
	text_release(&text);
	profile_release(&p);
}

static void ask_copy(struct profiles_view *p, struct app *app, const struct profile_entry *e)
{
	struct text name = TEXT_INIT;

	text_fmt(&name, "%s-copy", e->name);
	dialog_prompt(app, "Copy profile", "Name of the copy:", name.s, PROMPT_TEXT, on_copy, p);
	text_release(&name);
}

/* Actions on the row in focus. */
static void entry_key(struct profiles_view *p, struct app *app, enum key_action action)
{
	const struct profile_entry *e = focus(p);

	if (!e)
		return;
	if (e->shipped && (action == ACT_RENAME || action == ACT_DELETE)) {
		app_say(app, ROLE_WARN, "%s came with the program and stays as it is. c copies it.",
			e->name);
		return;
	}
	if (action == ACT_ENTER || action == ACT_RIGHT || action == ACT_BUILD)
		open_checked(p, app, action == ACT_BUILD);
	else if (action == ACT_COPY)
		ask_copy(p, app, e);
	else if (action == ACT_RENAME)
		dialog_prompt(
			app, "Rename profile", "New name:", e->name, PROMPT_TEXT, on_rename, p);
	else if (action == ACT_DELETE)
		ask_delete(p, app, e);
	else if (action == ACT_DIFF)
		show_diff(app, e);
}

static void profiles_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct profiles_view *p = (struct profiles_view *)v;

	(void)key;
	if (list_moves(&p->list, action))
		return;
	if (action == ACT_BACK || action == ACT_LEFT)
		app_remove(app, v);
	else if (action == ACT_QUIT)
		app_quit(app);
	else if (action == ACT_NEW)
		dialog_prompt(
			app, "New profile", "Name of the new profile:", "", PROMPT_TEXT, on_new, p);
	else
		entry_key(p, app, action);
}

static void profiles_close(struct view *v)
{
	profile_list_release(&((struct profiles_view *)v)->profiles);
}

void view_profiles(struct app *app)
{
	static const struct view_ops ops = {profiles_draw, profiles_key, NULL, profiles_close};
	struct profiles_view *p = view_new(sizeof *p, &ops, KEYS_PROFILES);

	load(p, app);
	focus_on(p, app->doc.now.name, app->doc.now.shipped);
	app_push(app, &p->view);
}
