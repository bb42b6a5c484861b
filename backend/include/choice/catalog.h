/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that was read from the data folders: image formats, options, rules, recipes, styles. Loaded once, read-only afterwards.
 * Front ends use `options`; the rest is the backend's (format.h, recipe.h there).
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "base/place.h"
#include "choice/option.h"

struct format;
struct recipe;
struct style;

struct catalog {
	struct arena arena;
	const struct place *place;
	VEC(struct format *) formats; /* first the values of the choice `image`, in their order */
	struct traits traits;	      /* that guards may ask for */
	struct option_table options;
	VEC(struct recipe *) recipes; /* sorted by name */
	VEC(struct style *) styles;   /* sorted by name */
};

CHECKED bool catalog_load(struct catalog *c, const struct place *place, struct error *err);
void catalog_release(struct catalog *c);

#endif
