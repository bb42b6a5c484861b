/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks over recipes without building anything: words that nobody reads, names that nobody has, what is missing, and questions
 * that are still open: a comment line that begins with "# ?" is one, and is to be answered by taking it out.
 */
#ifndef RECIPE_CHECK_H
#define RECIPE_CHECK_H

#include "choice/catalog.h"
#include "choice/settings.h"

struct recipe_fault {
	const char *file;
	int line;	  /* 0: the whole file */
	bool grave;	  /* else only a hint */
	const char *text; /* a sentence, with what to do */
};
typedef void recipe_fault_fn(void *ctx, const struct recipe_fault *fault);

struct recipe_check {
	const struct catalog *catalog;
	const struct settings
		*settings; /* of the origins that are asked for versions; NULL: nobody is asked */
	recipe_fault_fn *say;
	void *ctx;
	size_t recipes; /* so many were looked at */
};

/* `words`: names of recipes, paths of recipes, or folders of them (FOLDER/NAME/recipe); none: all. False if they cannot be
 * read, or are unknown. */
CHECKED bool recipe_check(struct recipe_check *k, const struct strings *words, struct error *err);

/* Is it an SPDX licence expression? If not, says why, with the nearest that is. `place` has the table. */
CHECKED bool licence_check(const struct place *place, const char *expression, struct error *err);

#endif
