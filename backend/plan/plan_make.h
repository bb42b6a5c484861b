/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make a plan share. Everything lives in the plan's arena. */
#ifndef PLAN_MAKE_H
#define PLAN_MAKE_H

#include "base/expand.h"
#include "choice/recipe.h"
#include "choice/service.h"
#include "plan/plan.h"

#include <time.h>

/* The components chosen so far, each with the last step that publishes its unit. */
struct component {
	const struct recipe *recipe;
	const struct style *style;
	const struct source_choice *source;
	struct strings needs; /* recipes, for these choices */
	struct unit *unit, *source_tree;
	struct step *fetch, *unpack, *last;
};

struct maker {
	struct plan *plan;
	const struct profile *profile;
	const struct settings *settings;
	const struct plan_options *options;
	const struct place *place;
	struct arena *arena;
	const char *tools; /* what the compiler and its helpers are, as canonical lines */
	const char *epoch; /* SOURCE_DATE_EPOCH of the environment; NULL: not given */
	VEC(struct component *) components;
	VEC(struct recipe_value) arch; /* {arch.KEY} */
	VEC(struct service) services;
};

/*
 * Names in data, seen from one component, from an image or from none of them (component NULL). Who gives a name is a row of a
 * table, and so is when what it stands for is known: until then the name is marked (expand.h).
 */
enum plan_known {
	KNOWN_NOW,    /* choices and versions */
	KNOWN_BY_KEY, /* the folders of a unit: its key is made of the words that name them, so they stand for themselves there */
	KNOWN_IN_STEP, /* what is in an archive */
};

struct scope {
	const struct maker *maker;
	const struct component *component;
	enum plan_known known;
	bool dated;    /* its words become a step's: they may bear a date */
	bool finished; /* seen from a component that needs this one: all that it has is its stage */
	int depth;     /* of values that name values */
};

struct name_giver {
	enum plan_known known;
	expand_lookup *
		give; /* not NULL when it gives this name, even before the value is known; ctx is a struct scope * */
	expand_lookup *in_key; /* what stands for a marked name in the key; NULL: itself */
};

/* A table ends with a row that gives nothing. */
const char *plan_give(
	const struct name_giver *table, struct scope *s, const char *name, bool *is_list);
const char *plan_give_in_key(const struct name_giver *table, struct scope *s, const char *name);

expand_lookup plan_names; /* ctx is a struct scope * */
expand_lookup plan_names_in_key;

/* A value that names values, expanded in turn; NULL when that cannot be done. */
const char *plan_names_within(struct scope *s, const char *raw, expand_lookup *lookup);

/* {services}, the names of all, and {services.NAME.KEY} of one: summary, run, before, log. NULL for any other name. */
expand_lookup plan_service_value; /* ctx is a struct scope * */

/* {NAME.stage}: the finished stage of one of the components that are needed. NULL for any other name. */
const char *plan_needed_stage(const struct maker *m, const struct strings *needs, const char *name);

#define PLAN_PATCH "patch" /* the value that is for the source tree, all others are for the style */

/* Before anything is downloaded: do these versions go together, and with the compiler? Finds the cures that they need. */
CHECKED bool plan_check_pairs(struct maker *m, struct error *err);

/* Notes in a unit of the component which cures changed it: those of its source tree (`patches`), or those of its build. */
void plan_note_cures(struct maker *m, const struct component *c, struct unit *u, bool patches);

/* A value of share/arch/ARCH.arch, NULL when it has none of that key. */
const char *plan_arch_value(const struct maker *m, const char *key);

/*
 * What results bear as their date. SOURCE_DATE_EPOCH decides where it is given; else it is, for a component, its own source's,
 * and for an image the newest source's. As that is found in the archive, it is known only in the step (worker_dates.c).
 */
/* What an image's key has for it, and the archives that its step has to have for it. */
void plan_print_dated(const struct maker *m, struct text *out);
void plan_needs_dates(const struct maker *m, struct step *s);
/* The same for the first step of a component. */
void plan_needs_date(const struct maker *m, const struct component *c, struct step *s);

CHECKED bool plan_read_epoch(struct maker *m, struct error *err);
CHECKED bool plan_read_arch(struct maker *m, struct error *err);
CHECKED bool plan_add_component(
	struct maker *m, const struct recipe *r, const struct strings *needs, struct error *err);
CHECKED bool plan_add_source(struct maker *m, struct component *c, struct error *err);
CHECKED bool plan_add_services(struct maker *m, struct error *err);
CHECKED bool plan_add_results(struct maker *m, struct error *err);

/* The images that the profile asks for, and those that come along with them. */
struct plan_image {
	struct unit *unit;
	struct step *step;
	const char *file; /* in the unit's result, and what it is called in the results folder */
	bool asked;	  /* for the results; else it only lies in another one */
};
struct plan_images {
	struct plan_image *at;
	size_t n, cap;
};
CHECKED bool plan_add_images(struct maker *m, struct plan_images *images, struct error *err);

/* "FROM -> TO FROM -> TO" of a recipe's rootfs, early and output lines. */
typedef bool plan_pair(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err);
CHECKED bool plan_each_pair(struct maker *m, const struct component *c, const char *key,
	plan_pair *sink, void *ctx, struct error *err);

const struct component *plan_component(const struct maker *m, const char *name);

/* The environment of the host's tools, with a home of the unit's own. */
void plan_environment(struct maker *m, struct step *s, const struct unit *u);

/* The values of a recipe or style key for this profile, then those of cures, words joined by blanks; NULL when none has the
 * key. */
const char *plan_value(const struct maker *m, const struct component *c, const char *key);

/* A guard asks choices and, as `version` and `series`, what was chosen for the component. */
bool plan_holds(const struct maker *m, const struct component *c, const struct guard *g);

/* The recipes that a recipe needs for these choices. */
CHECKED bool plan_recipe_needs(
	const struct maker *m, const struct recipe *r, struct strings *out, struct error *err);

/* The trees that an image can hold, and the recipe key that says what a component brings into each; programs that run need
 * their libraries. */
enum { PLAN_TREES = 5 };
struct plan_tree {
	const char *name, *key;
	bool runs;
};
extern const struct plan_tree plan_trees[PLAN_TREES];

/* Merges one of them, by its place in the table, into an empty tree. */
CHECKED bool plan_collect_tree(struct maker *m, size_t which, struct tree *t, struct error *err);

/* Tells the tree which folders have the libraries of its programs. */
CHECKED bool plan_add_libraries(struct maker *m, struct tree *t, struct error *err);

/* Whether steps have to run: from what is in the cache. Sets cached, why and the forecast. */
CHECKED bool plan_look(struct maker *m, struct error *err);

/* What compiles: the tools listed in share/host/toolchain, each by the hash of its file. */
CHECKED bool toolchain_print(const struct place *place, struct text *out, struct error *err);

/* The path of one of the compiler's own files, in the arena; NULL when it has no file of that name. */
CHECKED bool toolchain_file(const struct place *place, const struct strings *flags,
	const char *name, struct arena *a, const char **path, struct error *err);

#endif
