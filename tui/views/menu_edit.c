/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes options from a row: next value, typed value, password, and the message about it. */
#include "views/menu_edit.h"

#include "base/arena.h"
#include "base/text.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "choice/ssh_key.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "shared/document.h"
#include "shared/menu.h"

#include <string.h>

void menu_set(struct app *app, const struct option *o, const char *value)
{
	struct error err = {0};

	if (!document_set(&app->doc, o->name, value, &err))
		app_say(app, ROLE_BAD, "%s", err.text);
	else if (*document_conflict(&app->doc))
		app_say(app, ROLE_BAD, "Conflict: %s", document_conflict(&app->doc));
	else
		app_say(app, ROLE_TEXT, "%s: %s. u undo", o->prompt,
			document_show_value(o, profile_get(&app->doc.now, o->name)));
}

static bool on_value(struct app *app, void *ctx, const char *text, struct error *err)
{
	const struct option *o = app->pending.option;
	const char *value = *text ? text : NULL;
	struct arena arena = {0};
	bool ok;

	if (value && o->type == OPTION_KEY)
		value = ssh_key_from_file(value, &arena, err);
	ok = value || !*text;
	if (ok && value && (o->type == OPTION_PATH || o->type == OPTION_PATHS))
		ok = profile_typed_paths(&app->doc.now, o, &value, &arena, err);
	ok = ok && document_set(&app->doc, o->name, value, err);
	if (ok)
		menu_set(app, o, value);
	if (ok && app->pending.then)
		app->pending.then(app, ctx);
	arena_release(&arena);
	return ok;
}

static void print_limits(const struct option *o, struct text *out)
{
	menu_print_flat(o->help, out);
	text_char(out, '\n');
	if (o->type == OPTION_NUMBER)
		text_fmt(out, "A number from %ld to %ld", o->low, o->high);
	if (o->type == OPTION_KEY)
		text_str(out, "The line itself, or the path of the file: ~/.ssh/id_ed25519.pub\n");
	if (o->values.n)
		text_str(out, o->type == OPTION_NUMBER ? ", or one of:" : "Known values:");
	for (size_t i = 0; i < o->values.n; i++)
		text_fmt(out, " %s", o->values.at[i].name);
	text_fmt(out, "%sEmpty: the default (%s).",
		o->values.n || o->type == OPTION_NUMBER ? "\n" : "",
		*o->fallback ? o->fallback : "nothing");
}

void menu_type(struct app *app, const struct option *o)
{
	menu_type_then(app, o, NULL, NULL);
}

void menu_type_then(struct app *app, const struct option *o,
	void (*then)(struct app *app, void *ctx), void *ctx)
{
	struct text hint = TEXT_INIT;

	if (o->type == OPTION_HASH && !o->named) {
		dialog_password(app, o);
		return;
	}
	app->pending.option = o;
	app->pending.then = then;
	print_limits(o, &hint);
	dialog_prompt(app, o->prompt, hint.s, profile_get(&app->doc.now, o->name), PROMPT_TEXT,
		on_value, ctx);
	text_release(&hint);
}

static void say_why(struct app *app, const struct menu_row *r, const char *why)
{
	app_say(app, ROLE_WARN, "%s%s%s", r->option ? r->option->name : "", r->option ? ": " : "",
		why);
}

void menu_idle(struct view *v, const struct app *app, const struct menu_row *r)
{
	struct text value = TEXT_INIT, why = TEXT_INIT;

	view_idle(v, ACT_SPACE, !r || !menu_next_value(&app->doc, r, &value, &why));
	view_idle(v, ACT_WHY, !r || !r->option);
	text_release(&value);
	text_release(&why);
}

void menu_space(struct app *app, const struct menu_row *r)
{
	struct text value = TEXT_INIT, why = TEXT_INIT;

	if (menu_next_value(&app->doc, r, &value, &why))
		menu_set(app, r->option, value.s);
	else
		say_why(app, r, why.s);
	text_release(&value);
	text_release(&why);
}

void menu_switch(struct app *app, const struct menu_row *r, bool on)
{
	struct text value = TEXT_INIT, why = TEXT_INIT;

	if (menu_switch_value(&app->doc, r, on, &value, &why))
		menu_set(app, r->option, value.s);
	else
		say_why(app, r, why.s);
	text_release(&value);
	text_release(&why);
}

const struct option *menu_history(struct app *app, bool back)
{
	const struct change *c = back ? document_undo(&app->doc) : document_redo(&app->doc);
	const struct option *o = c ? option_find(&app->catalog->options, c->name) : NULL;

	if (!o)
		app_say(app, ROLE_TEXT, back ? "Nothing to undo." : "Nothing to redo.");
	else
		app_say(app, ROLE_TEXT, "%s %s: %s", back ? "Undone." : "Redone.", o->prompt,
			document_show_value(o, profile_get(&app->doc.now, o->name)));
	return o;
}
