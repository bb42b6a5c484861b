/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes options from a row, and reports it on the message row. The tree and the search results share it. */
#ifndef MENU_EDIT_H
#define MENU_EDIT_H

#include "screen/app.h"
#include "shared/menu.h"

/* Sets one choice and reports it on the message row, with anything that no longer goes together. */
void menu_set(struct app *app, const struct option *o, const char *value);

/* Asks for a typed value. */
void menu_type(struct app *app, const struct option *o);
/* The same, and calls `then` (NULL: nothing) when the value was taken. */
void menu_type_then(struct app *app, const struct option *o,
	void (*then)(struct app *app, void *ctx), void *ctx);

/* What of Space and w would only be refused at a row (NULL: there is none): the row of keys does not offer it. */
void menu_idle(struct view *v, const struct app *app, const struct menu_row *r);

/* Sets the next value, as Space does, or says why not. */
void menu_space(struct app *app, const struct menu_row *r);

/* Turns a row on or off, as y and n do, or says why not. */
void menu_switch(struct app *app, const struct menu_row *r, bool on);

/* Undoes the last change, or does it again, and says which; NULL: there is none. */
const struct option *menu_history(struct app *app, bool back);

#endif
