/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packages: what people can add to a system. Each is a recipe with a `section`, the heading under which it is listed; those that
 * are pieces of the system itself have none and are not offered. Groups (share/groups/NAME.group) are names for several packages,
 * written @NAME. Everything belongs to the catalogue.
 *
 * A profile may name a folder of recipes of its own (the option whose `content` is "recipes"): packages of such a profile are
 * those of its catalogue, profile->catalog, which is another one than that of the data folders.
 */
#ifndef PACKAGE_H
#define PACKAGE_H

#include "choice/catalog.h"
#include "choice/profile.h"

struct package {
	const char *name, *section, *summary;
	const char *also, *provides; /* words that people search for, "" for none */
	const char *licence, *url;   /* "" when the recipe does not say */
	const char *component;	     /* whose versions it has */
	const struct recipe *recipe;
	VEC(const struct option *) options; /* its own: "curl.ssl" */
};

struct package_group {
	const char *name, *summary; /* without the '@' */
	struct strings packages;
	const char *file;
};

/* NULL if there is none. */
const struct package *package_find(const struct catalog *c, const char *name);
/* With or without the '@'. */
const struct package_group *package_group_find(const struct catalog *c, const char *name);

/* Is it a package, a group with its '@', or a recipe that a choice may ask for? If not, says what comes nearest. */
CHECKED bool package_known(
	const struct catalog *c, const struct option *o, const char *word, struct error *err);

/* The words with each group replaced by its packages; none twice. In the arena. */
const char *package_expand(const struct catalog *c, const char *words, struct arena *a);

/* Recipes that it needs with these choices, to be compiled (`needs`) or to run (`run-time`), packages or not, without what those
 * need. */
void package_needs(
	const struct profile *p, const struct package *k, struct arena *a, struct strings *out);

/* Of `names`: the packages, then every package that comes with them, none twice, needed ones behind those that need them. */
void package_closure(
	const struct profile *p, const struct strings *names, struct arena *a, struct strings *out);

/* Every package that is chosen, by the option that asks for recipes. */
void package_chosen(const struct profile *p, struct arena *a, struct strings *out);
/* The option itself. */
const struct option *package_option(const struct catalog *c);

/* The line of the recipe that holds with these choices ("try"); NULL: none. */
const char *package_value(const struct profile *p, const struct package *k, const char *key);

/* The catalogue with the recipes of `folder` (each FOLDER/NAME/recipe), which win over others of their name. It lives as long as
 * `c`. */
CHECKED bool catalog_with(
	const struct catalog **out, const struct catalog *c, const char *folder, struct error *err);

#endif
