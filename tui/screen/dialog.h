/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dialogs on top of a screen: a question with a few answers, a line of text, and saving under a name. Each returns at once; the
 * answer arrives through a callback. `ctx` must live as long as the view below the dialog.
 */
#ifndef DIALOG_H
#define DIALOG_H

#include "screen/app.h"

/* Answers are "y  Save and quit": the first letter is also a key. -1: Esc, which must do nothing. */
typedef void ask_answer(struct app *app, void *ctx, int choice);
void dialog_ask(struct app *app, const char *title, const char *text, const char *const *answers,
	size_t n, size_t preset, ask_answer *answer, void *ctx);

/* Shows a sentence too long for the message row in a dialog without a choice. */
void dialog_tell(struct app *app, const char *title, const char *text);

/* False keeps the field open and shows the error below it. */
typedef bool prompt_done(struct app *app, void *ctx, const char *text, struct error *err);
enum prompt_kind { PROMPT_TEXT, PROMPT_SECRET };
void dialog_prompt(struct app *app, const char *title, const char *hint, const char *initial,
	enum prompt_kind kind, prompt_done *done, void *ctx);

/* Saves the open profile, asking for a name if it needs one, then calls `then` (may be NULL). */
typedef void dialog_then(struct app *app, void *ctx);
void dialog_save(struct app *app, dialog_then *then, void *ctx);

/* Asks for a password twice and sets the option to its hash. */
void dialog_password(struct app *app, const struct option *o);

#endif
