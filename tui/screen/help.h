/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help screen of a screen: its keys, from the table of keys, and what its marks mean. */
#ifndef VIEW_HELP_H
#define VIEW_HELP_H

#include "screen/app.h"

void view_help(struct app *app, enum keys_view keys);

#endif
