/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of profiles: open, new, copy, rename, delete, compare. Shipped ones are read-only. */
#ifndef VIEW_PROFILES_H
#define VIEW_PROFILES_H

#include "screen/app.h"

void view_profiles(struct app *app);

#endif
