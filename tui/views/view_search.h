/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incremental search over names, titles, help and values of all options. */
#ifndef VIEW_SEARCH_H
#define VIEW_SEARCH_H

#include "screen/app.h"

void view_search(struct app *app);

#endif
