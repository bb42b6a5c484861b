/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recipe states the facts of one component (share/recipes/NAME/recipe); a style (share/styles/NAME.style) holds the commands of
 * its build system. Both are data: no C file names a component. Owned by the catalogue's arena.
 *
 *   summary = ...            one line              source   = linux        name of its source; default: the recipe's name
 *   version = {kernel}       usually an option     style    = kconfig
 *   when    = GUARD          part of the system only if this holds
 *   needs   = names          recipes whose stages it uses; may be guarded, like the values below
 *   debian  = linux linux-{series}                 Debian source packages that carry it
 *   licence = GPL-2.0-only   file = x              files beside the recipe that take part in the key
 *   rootfs  = DIR -> /       folder of the stage that goes into the root file system
 *   early   = DIR -> /       the same for the tree that finds a root file system on a disk
 *   fills   = /bin /sbin     folders of the system in which it certainly has files: an overlay must leave them folders
 *   output  = FILE -> NAME   file of the stage that goes into the results
 *   patch   = FILE           applied to the tree
 *   libraries = DIR -> /lib  folder of the stage with shared libraries, and where programs look for them
 *   cc-flags  = words        compiler flags for everything that needs this; {stage} is the finished stage
 *   also    = words          what people search for and mean it
 *   anything else            a value that the style's lines may name; guards and repetition add words
 *
 * A guard may test choices and, as `version` and `series`, the component's own: patch[version=1.2.5] = fix.patch
 */
#ifndef RECIPE_H
#define RECIPE_H

#include "choice/catalog.h"

/* One line of a recipe, for a style to use. */
struct recipe_value {
	const char *key;
	struct guard guard;
	const char *value;
	int line;
};

struct recipe {
	const char *name, *file, *folder; /* folder: the recipe's, for its fragments and patches */
	const char *summary, *source, *version, *style, *licence, *url, *also;
	struct strings debian;
	struct guard when;
	VEC(struct recipe_value) values; /* all other keys, in file order, including `needs` */
};

/* One line of a style's [step NAME]: verb and unexpanded words, or a setting of the step. */
struct style_line {
	const char *key;
	struct guard guard;
	const char *value;
	int line;
};

struct style_step {
	const char *name, *title;
	VEC(struct style_line) lines;
};

struct style {
	const char *name, *file;
	VEC(struct style_step) steps;
	VEC(struct style_line)
	defaults; /* lines before the first step: defaults for values a recipe leaves out */
};

const struct recipe *recipe_find(const struct catalog *c, const char *name);
const struct style *style_find(const struct catalog *c, const char *name);

#endif
