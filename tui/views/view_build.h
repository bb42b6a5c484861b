/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running build: steps with their state and progress, the log of one of them, and what comes after it ends. */
#ifndef VIEW_BUILD_H
#define VIEW_BUILD_H

#include "screen/app.h"

/* Shows the run of the session, whatever it is. */
void view_run(struct app *app);

#endif
