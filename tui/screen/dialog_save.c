/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dialogs for saving under a name, and for passwords (dialog.h). */
#include "screen/dialog.h"

#include "base/error.h"
#include "base/text.h"
#include "screen/app.h"
#include "shared/document.h"

#include <crypt.h>
#include <string.h>

static void finish(struct app *app)
{
	app_say(app, ROLE_GOOD, "Saved as %s.", app->doc.now.path);
	if (app->pending.then)
		app->pending.then(app, app->pending.ctx);
}

static bool on_name(struct app *app, void *ctx, const char *text, struct error *err)
{
	(void)ctx;
	if (!document_save(&app->doc, text, err))
		return false;
	finish(app);
	return true;
}

static void ask_name(struct app *app)
{
	struct text name = TEXT_INIT;

	document_free_name(&app->doc, &name);
	dialog_prompt(app, "Save as own profile",
		app->doc.now.shipped ? "This profile came with the program and stays as it is. "
				       "Your changes are saved in a copy named:"
				     : "Name of the new profile:",
		name.s, PROMPT_TEXT, on_name, NULL);
	text_release(&name);
}

static void save_in_place(struct app *app)
{
	struct error err = {0};

	if (document_save(&app->doc, NULL, &err))
		finish(app);
	else
		app_say(app, ROLE_BAD, "Not saved: %s", err.text);
}

static void on_changed_answer(struct app *app, void *ctx, int choice)
{
	struct error err = {0};

	(void)ctx;
	if (choice == 0) {
		ask_name(app);
	} else if (choice == 1) {
		app->doc.overwrite = true;
		save_in_place(app);
	} else if (choice == 2) {
		document_forget_recovery(app->place, app->doc.now.name);
		if (document_open(&app->doc, app->doc.now.path, &err))
			app_say(app, ROLE_GOOD, "Read again: %s.", app->doc.now.path);
		else
			app_say(app, ROLE_BAD, "%s", err.text);
	}
}

static void ask_changed(struct app *app, const char *difference)
{
	static const char *const answers[] = {"n  Save mine under another name",
		"o  Overwrite it; it is kept as .old", "r  Read it again; mine is dropped",
		"c  Cancel"};
	struct text text = TEXT_INIT;

	text_fmt(&text,
		"The file of %s was changed by another program since it was read. New in it:\n%s",
		app->doc.now.name, difference);
	dialog_ask(app, "Save", text.s, answers, 4, 0, on_changed_answer, NULL);
	text_release(&text);
}

void dialog_save(struct app *app, dialog_then *then, void *ctx)
{
	struct text difference = TEXT_INIT;

	app->pending.then = then;
	app->pending.ctx = ctx;
	if (!document_can_save_in_place(&app->doc))
		ask_name(app);
	else if (document_file_changed(&app->doc, &difference))
		ask_changed(app, difference.s);
	else
		save_in_place(app);
	text_release(&difference);
}

/* Only the hash of the first entry is kept until the second one comes. */
static bool on_second(struct app *app, void *ctx, const char *text, struct error *err)
{
	const char *again = crypt(text, app->pending.hash.s);

	(void)ctx;
	if (!again || strcmp(again, app->pending.hash.s))
		return error_set(err, ERROR_USAGE,
			"That is not the same password. Type it again, or Esc to start over.");
	if (!document_set(&app->doc, app->pending.option->name, again, err))
		return false;
	app_say(app, ROLE_GOOD, "%s is set. Only its hash is kept.", app->pending.option->prompt);
	return true;
}

static bool on_first(struct app *app, void *ctx, const char *text, struct error *err)
{
	const char *salt, *hash;

	(void)ctx;
	if (!*text)
		return error_set(err, ERROR_USAGE, "Type a password, or leave with Esc.");
	/* SHA-512: every BusyBox can check it, whichever C library it is linked with */
	salt = crypt_gensalt("$6$", 0, NULL, 0);
	hash = salt ? crypt(text, salt) : NULL;
	if (!hash || *hash == '*')
		return error_set(err, ERROR_INTERNAL,
			"This machine's crypt library cannot make a password hash.");
	text_clear(&app->pending.hash);
	text_str(&app->pending.hash, hash);
	dialog_prompt(app, app->pending.option->prompt, "Type the same password again.", "",
		PROMPT_SECRET, on_second, NULL);
	return true;
}

void dialog_password(struct app *app, const struct option *o)
{
	app->pending.option = o;
	dialog_prompt(app, o->prompt,
		"Type the password. Only a hash of it is stored in the profile.", "", PROMPT_SECRET,
		on_first, NULL);
}
