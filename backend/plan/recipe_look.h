/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two files that look over recipes share, see recipe_check.h. Everything lives in the arena. */
#ifndef RECIPE_LOOK_H
#define RECIPE_LOOK_H

#include "base/guard.h"
#include "base/vec.h"
#include "choice/recipe.h"
#include "plan/recipe_check.h"
#include "source/source.h"

struct recipe_line {
	const char *key, *value;
	struct guard guard;
	int line;
};

struct looker {
	struct recipe_check *check;
	const struct catalog *catalog;
	struct sources *sources; /* NULL: nobody is asked */
	struct strings keys;	 /* of the table */
	struct strings names;	 /* of all recipes */
	struct arena *arena;
	/* of the recipe that is looked at */
	const struct recipe *recipe;
	const struct style *style;
	VEC(struct recipe_line) lines;
	struct strings uses; /* {names} that its values mention */
};

/* Tells every fault of one recipe. False if its file cannot be read. */
CHECKED bool recipe_look(struct looker *k, const struct recipe *r, struct error *err);

/* "; did you mean 'NAME'?", "" if nothing is near. */
const char *recipe_nearest(const struct looker *k, const struct strings *names, const char *word);

#endif
