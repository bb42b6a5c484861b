/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything read from the data folders: image formats, options, rules, recipes, styles. Loaded once, then read-only. Front ends
 * use `options`; the rest is for the backend (format.h, recipe.h).
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "base/place.h"
#include "choice/option.h"

struct format;
struct recipe;
struct style;
struct package;
struct package_group;
struct catalog_more;

struct catalog {
	struct arena arena;
	const struct place *place;
	VEC(struct format *) formats; /* first the values of the choice `image`, in their order */
	struct traits traits;	      /* that guards may name */
	struct option_table options;
	VEC(struct recipe *) recipes; /* in the order of their folders */
	VEC(struct recipe *) recipes_by_name;
	VEC(struct style *) styles;	    /* sorted by name */
	VEC(struct package *) packages;	    /* sorted by name; package.h */
	VEC(struct package_group *) groups; /* sorted by name */
	struct catalog_more *more;	    /* those with folders that profiles name ... */
	const struct catalog *base;	    /* ... and what such a one comes from; NULL: nothing */
};

CHECKED bool catalog_load(struct catalog *c, const struct place *place, struct error *err);
void catalog_release(struct catalog *c);

#endif
