/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screen as one call, which opens the terminal, runs until the person leaves and restores the terminal. What must remain
 * readable (how a build or boot ended, and where its log is) is printed on the normal screen afterwards.
 */
#ifndef SCREEN_MAIN_H
#define SCREEN_MAIN_H

#include "shared/screen_start.h"

screen_fn screen_main;

#endif
