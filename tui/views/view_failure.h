/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The card that says why a build or boot failed, and what can be done about it. */
#ifndef VIEW_FAILURE_H
#define VIEW_FAILURE_H

#include "screen/app.h"

void view_failure(struct app *app);

#endif
