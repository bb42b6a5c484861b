/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws one row of options; the tree and the search results share it. */
#ifndef MENU_ROW_H
#define MENU_ROW_H

#include "screen/app.h"
#include "shared/menu.h"

void menu_row_draw(struct app *app, struct rect r, int y, const struct menu_row *row, bool focus);

#endif
