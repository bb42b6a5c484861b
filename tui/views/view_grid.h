/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test grid as it goes: the table, and of the row in focus what was left out and what failed. */
#ifndef VIEW_GRID_H
#define VIEW_GRID_H

#include "screen/app.h"

void view_grid(struct app *app);

/* Ends the guest that is kept, if there is one, starts a grid of what was built last and shows it. */
void view_grid_start(struct app *app);

#endif
