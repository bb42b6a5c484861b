/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The removable devices: choose one, confirm it by typing its name, and the last build's image is written to it. */
#ifndef VIEW_DEVICES_H
#define VIEW_DEVICES_H

#include "screen/app.h"

/* Says why if the open profile has nothing that can be written. */
void view_devices(struct app *app);

#endif
