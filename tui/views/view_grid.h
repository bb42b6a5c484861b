/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running test grid: the table, and for the row in focus what was left out and what failed. */
#ifndef VIEW_GRID_H
#define VIEW_GRID_H

#include "screen/app.h"

void view_grid(struct app *app);

/* Ends the kept guest, if there is one, starts a grid of the last build and shows it. */
void view_grid_start(struct app *app);

#endif
