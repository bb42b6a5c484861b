/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages by sections, groups of them, search, and what they cost; chosen ones go into the open profile. */
#ifndef VIEW_PACKAGES_H
#define VIEW_PACKAGES_H

#include "screen/app.h"

void view_packages(struct app *app);
/* At those that have these words. */
void view_packages_find(struct app *app, const char *words);

#endif
