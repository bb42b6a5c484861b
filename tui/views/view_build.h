/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running build: steps with their state and progress, the log of one of them, and what comes after it ends. */
#ifndef VIEW_BUILD_H
#define VIEW_BUILD_H

#include "screen/app.h"

/* Builds the open profile and shows it; with boot_next a test boot follows if it succeeds. */
void view_build_start(struct app *app, bool boot_next);

/* Boots the last build and shows it. */
void view_boot_start(struct app *app);

/* Shows the session's run, whatever it is. */
void view_run(struct app *app);

#endif
