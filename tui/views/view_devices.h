/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The removable devices: one is chosen, confirmed by its typed name, and what was built last is written to it. */
#ifndef VIEW_DEVICES_H
#define VIEW_DEVICES_H

#include "screen/app.h"

/* Says why when the open profile has nothing that can be written. */
void view_devices(struct app *app);

#endif
