/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an option or value can or cannot be chosen, need by need, and the changes that would make it available. */
#ifndef VIEW_WHY_H
#define VIEW_WHY_H

#include "screen/app.h"

void view_why(struct app *app, const struct option *o,
	const struct option_value *value); /* value may be NULL */

#endif
