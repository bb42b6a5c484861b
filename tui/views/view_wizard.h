/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guided setup: one question at a time, then a review from which the system is built and booted. */
#ifndef VIEW_WIZARD_H
#define VIEW_WIZARD_H

#include "screen/app.h"

void view_wizard(struct app *app);

#endif
