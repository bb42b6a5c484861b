/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen as one call, which opens the terminal, runs until the person leaves and gives the terminal back. What has to
 * remain readable (how a build or boot ended, and where its log is) is printed afterwards on the normal screen.
 */
#ifndef SCREEN_MAIN_H
#define SCREEN_MAIN_H

#include "shared/screen_start.h"

screen_fn screen_main;

#endif
