/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drawing one row of options; the tree and the search results share it. */
#ifndef TREE_ROW_H
#define TREE_ROW_H

#include "app.h"
#include "tree.h"

void tree_row_draw(struct app *app, struct rect r, int y, const struct tree_row *row, bool focus);

#endif
