/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The option tree: every option of the open profile, generated from the option table. */
#ifndef VIEW_TREE_H
#define VIEW_TREE_H

#include "screen/app.h"
#include "shared/menu.h"

void view_tree(struct app *app,
	const struct option *at); /* `at`: begin at this option; NULL: at the groups */

/* Shows an option in the tree that is below in the stack, or in a new one. */
void view_tree_show(struct app *app, const struct option *o);

/* Sets one choice and says so on the message row, with what does not go together any more. */
void menu_set(struct app *app, const struct option *o, const char *value);

/* Asks for a value that is typed. */
void menu_type(struct app *app, const struct option *o);

/* Sets the next value, as Space does, or says why not. */
void menu_space(struct app *app, const struct menu_row *r);

#endif
