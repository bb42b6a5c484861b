/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting what the open profile asks for. One rule for every way to build: the choices are built as they are shown, and only
 * saving writes the profile's file.
 */
#ifndef BUILD_START_H
#define BUILD_START_H

#include "screen/app.h"

/* Builds the open profile as it is now, unsaved choices and all, without writing its file, and shows it; with boot_next a test
 * boot follows when it succeeds. When a build of it goes on with other choices, asks whether to wait for it or to end it. */
void view_build_start(struct app *app, bool boot_next);

/* Begins the build that waits, if there is one and nothing goes on any more. */
void view_build_next(struct app *app);

/* Boots what was built last and shows it. */
void view_boot_start(struct app *app);

#endif
