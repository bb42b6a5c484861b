/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The option tree: every option of the open profile, generated from the option table. */
#ifndef VIEW_TREE_H
#define VIEW_TREE_H

#include "screen/app.h"

void view_tree(struct app *app,
	const struct option *at); /* `at`: start at this option; NULL: at the groups */

/* Shows an option in the tree below in the stack, or in a new one. */
void view_tree_show(struct app *app, const struct option *o);

#endif
