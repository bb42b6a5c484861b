/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a first recipe from the facts of a source package that the origin `debian` has: fetched, verified and unpacked like
 * every other source. What only a person can know is in it as a question, "# ?", which `recipe check` refuses.
 */
#ifndef RECIPE_DRAFT_H
#define RECIPE_DRAFT_H

#include "choice/catalog.h"
#include "choice/settings.h"
#include "source/source.h"

struct recipe_draft {
	const struct catalog *catalog;
	const struct settings *settings;
	const char *name, *from; /* the recipe's, and the source package's */
	const char *output;	 /* folder of recipes: OUTPUT/NAME/recipe is written */
	source_note *note;
	void *note_ctx;
};

/* ERROR_USAGE if there is such a recipe. `file` is what was written, `questions` how many are open in it; both in the arena. */
CHECKED bool recipe_draft(const struct recipe_draft *d, struct arena *a, const char **file,
	size_t *questions, struct error *err);

#endif
