/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of loading the catalogue, each in the file of its noun. */
#ifndef CATALOG_LOAD_H
#define CATALOG_LOAD_H

#include "choice/catalog.h"

/* Comes first: options take values and traits from the formats. */
CHECKED bool format_load_all(struct catalog *c, struct error *err);
CHECKED bool option_load_all(struct catalog *c, struct error *err);
/* Fills in the aliases of an option from a table in the data folders. */
CHECKED bool option_read_aliases(
	struct option *o, struct catalog *c, const char *table, struct error *err);
/* The same from the names of the files in a folder of theirs; `where` is FOLDER SUFFIX. */
CHECKED bool option_find_names(
	struct option *o, struct catalog *c, const struct strings *where, struct error *err);
/* The same from the recipes, once these are there. */
void option_name_recipes(struct catalog *c);
CHECKED bool recipe_load_all(struct catalog *c, struct error *err);
/* One more, of the file NAME/recipe. */
CHECKED bool recipe_load(
	struct catalog *c, const char *relative, const char *path, struct error *err);
/* Once all are there. */
void recipe_sort(struct catalog *c);
/* The recipes that are packages, and the options these have; `c` may come from another one that has them already. */
CHECKED bool package_load_all(struct catalog *c, struct error *err);
CHECKED bool package_load_groups(struct catalog *c, struct error *err);
CHECKED bool style_load_all(struct catalog *c, struct error *err);

#endif
