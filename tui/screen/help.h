/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help for a screen: its keys, from the table of keys, and what its marks mean. */
#ifndef HELP_H
#define HELP_H

#include "screen/app.h"

void help_open(struct app *app, enum keys_view keys);

#endif
