/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first screen: everything one can do, with the most likely next step in focus. */
#ifndef VIEW_START_H
#define VIEW_START_H

#include "screen/app.h"

void view_start(struct app *app);

#endif
