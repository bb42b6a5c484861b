/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help for a screen: its keys, from the table of keys, what its marks mean, and what it had to cut. */
#ifndef HELP_H
#define HELP_H

#include "screen/app.h"

void help_open(struct app *app, enum keys_view keys);

/* All that the last frame had no room for. */
void help_whole(struct app *app);

#endif
