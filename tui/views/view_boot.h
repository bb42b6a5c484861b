/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running test boot: the serial console, the checks, the verdict, and typing to the booted system. */
#ifndef VIEW_BOOT_H
#define VIEW_BOOT_H

#include "screen/app.h"

void view_boot(struct app *app);

#endif
