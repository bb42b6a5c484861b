/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make a plan share. Everything lives in the plan's arena. */
#ifndef PLAN_MAKE_H
#define PLAN_MAKE_H

#include "base/expand.h"
#include "choice/accounts.h"
#include "choice/recipe.h"
#include "choice/service.h"
#include "plan/plan.h"

#include <time.h>

/* What a component is compiled with (plan_sysroot.c). */
struct sysroot {
	bool borrows;	      /* this machine's C library */
	struct strings parts; /* names of components whose stages are in it */
	struct unit *unit;    /* NULL: the one part, if there is any, is the sysroot */
	struct step *step;
};

/* share/host/sysroot */
struct borrowed {
	const char *folder, *header, *library, *loader, *specs, *cc_flags;
	const char *id; /* canonical text; NULL: not read yet */
};

/* A licence text of a component's source, and where it lies in the stage. */
struct licence {
	const char *path, *where, *kept;
};

/* The components chosen so far, each with the last step that publishes its unit. */
struct component {
	const struct recipe *recipe;
	const struct style *style;
	const struct source_choice *source;
	const struct member *member;
	struct strings
		closure; /* names of all that it needs for the system, and what that needs; what is needed comes first */
	VEC(const struct source_choice *) parts; /* further archives */
	const struct source_choice *debian; /* the one of them with Debian's patches; NULL: none */
	const char *patches; /* of the source tree: "debian:1.2-3 fix.patch", "" for none */
	struct sysroot sysroot;
	const char *asks; /* words of a configuration that others ask of it, see plan_find_asks */
	VEC(struct licence) licences;
	struct unit *unit, *source_tree;
	struct step *fetch, *unpack, *last; /* fetch is NULL of a source without an archive */
};

/* What is known of a recipe under these choices; one for each of the catalogue, by its index. */
struct member {
	bool takes_part, is_on_path;
	bool cannot_be_had;	     /* its source, or that of something that it needs */
	bool for_itself;	     /* not only because another one is built with it */
	bool has_libc;		     /* it is linked with the chosen C library */
	struct strings needs, tools; /* names */
	struct component *component; /* NULL: not planned yet */
};

struct maker {
	struct plan *plan;
	const struct profile *profile;
	const struct settings *settings;
	const struct plan_options *options;
	const struct place *place;
	struct arena *arena;
	const char *tools; /* the identity of the compiler and its helpers, as canonical lines */
	const char *epoch; /* SOURCE_DATE_EPOCH from the environment; NULL: not set */
	struct borrowed borrowed;
	struct member *members;
	VEC(const struct recipe *) order; /* of those that take part */
	VEC(struct component *) components;
	VEC(struct recipe_value) arch; /* {arch.KEY} */
	VEC(struct service) services;
	struct strings replaced; /* built files that the overlay put others over */
	struct accounts accounts;
	struct step *triggers; /* runs over the system before its images are written; NULL: none */
};

/*
 * Names in data, as seen from a component, from an image or from neither (component NULL). A row of a table says who provides a
 * name, and when its value is known: until then the name is marked (expand.h).
 */
enum plan_known {
	KNOWN_NOW,    /* choices and versions */
	KNOWN_BY_KEY, /* the folders of a unit: words that name them make its key, so there the names represent themselves */
	KNOWN_IN_STEP, /* what is in an archive */
};

struct scope {
	const struct maker *maker;
	const struct component *component;
	const struct component
		*user; /* that needs the component, whose sysroot is meant; NULL: itself */
	enum plan_known known;
	bool dated;    /* its words end up in a step: they may contain a date */
	bool finished; /* seen from a component that needs this one: only its stage is visible */
	int depth;     /* of values that name values */
};

struct name_giver {
	enum plan_known known;
	expand_lookup *
		give; /* not NULL if it provides this name, even before the value is known; ctx is a struct scope * */
	expand_lookup *in_key; /* the value of a marked name in the key; NULL: the name itself */
};

/* A table ends with a row without functions. */
const char *plan_give(
	const struct name_giver *table, struct scope *s, const char *name, bool *is_list);
const char *plan_give_in_key(const struct name_giver *table, struct scope *s, const char *name);

expand_lookup plan_names; /* ctx is a struct scope * */
expand_lookup plan_names_in_key;

/* A value that names values, expanded recursively; NULL if that fails. */
const char *plan_names_within(struct scope *s, const char *raw, expand_lookup *lookup);

/* {services}, the names of all, and {services.NAME.KEY} of one: summary, run, before, log. NULL for any other name. */
expand_lookup plan_service_value; /* ctx is a struct scope * */

/* {accounts.passwd}, .group, .shadow, .shells: lines for the chosen users. {user.LIST}: their names, and
 * {user.LIST.NAME.KEY}: uid, home, inner (below /home), keys. NULL for any other name. */
expand_lookup plan_account_value; /* ctx is a struct scope * */

/* {TOOL.major}: the first number of the version of a [tool] of share/pairings. NULL for any other name, or if not known. */
expand_lookup plan_tool_value; /* ctx is a struct scope * */

/* Reads the accounts again, with the users and groups that the recipes that take part declare. */
CHECKED bool plan_declared_accounts(struct maker *m, struct error *err);

/* What a recipe says of its files (recipe.h); NULL with an error. all_modes: the tree has all files whose modes it states. */
const struct tree_rules *plan_rules(
	struct maker *m, const struct component *c, bool all_modes, struct error *err);

/* `licence-files` of a recipe: reads them, keeps them in the stage, and makes one text of all for the results: its path, NULL for
 * none, and the step that makes it. */
CHECKED bool plan_read_licences(struct maker *m, struct component *c, struct error *err);
void plan_keep_licences(struct maker *m, const struct component *c);
const char *plan_licence_words(
	struct maker *m, const struct component *c); /* their paths in the source */
const char *plan_join_licences(struct maker *m, struct step **s, struct text *inputs);

/* What runs over the finished system: a unit whose results are added to the tree. */
CHECKED bool plan_add_triggers(struct maker *m, struct tree *t, struct error *err);

/* {NAME.stage}: the finished stage of one of these components. NULL for any other name. */
const char *plan_needed_stage(const struct maker *m, const struct strings *names, const char *name);

/* {NAME.src}: the source of something that the component needs. NULL for any other name. */
expand_lookup plan_needed_source; /* ctx is a struct scope * */

/* {loaded}: modules to load at each start: those of the choice `modules`, and of `load` in recipes. NULL for any other name. */
expand_lookup plan_loaded_modules; /* ctx is a struct scope * */

#define PLAN_PATCH "patch" /* this value is for the source tree, all others for the style */

/* Before anything is downloaded: do these versions go together, and with the compiler? Finds the cures they need. */
CHECKED bool plan_check_pairs(struct maker *m, struct error *err);

/* Finds the recipes that take part: fills `members` and `order`. */
CHECKED bool plan_close(struct maker *m, struct error *err);

/* Finds what the sysroot of a component consists of, and plans it if it is not a stage. */
CHECKED bool plan_add_sysroot(struct maker *m, struct component *c, struct error *err);
/* The folder, marked; "" for programs of this machine that need nothing; NULL: it has none. */
const char *plan_sysroot(const struct maker *m, const struct component *c);
/* For the component's key: what is not said there by its own needs. */
void plan_print_sysroot(const struct maker *m, const struct component *c, struct text *out);

/* Records in a unit of the component which cures changed it: those of its source tree (`patches`), or those of its build. */
void plan_note_cures(struct maker *m, const struct component *c, struct unit *u, bool patches);

/* Before anything is asked of the network: files and folders that the person names are there and are what the option says. */
CHECKED bool plan_check_paths(struct maker *m, struct error *err);

/* Reports what can be known about a person's configurations before building, from the words of a step that verifies them: an
 * error if impossible, else a note. */
CHECKED bool plan_tell_configuration(const struct maker *m, const struct component *c,
	const struct strings *words, struct error *err);

/* Of those that take part: do any exclude each other? */
CHECKED bool plan_check_conflicts(const struct maker *m, struct error *err);

/* What others ask of a component's configuration, where its recipe names their key (`answers = kernel`): fills c->asks. */
CHECKED bool plan_find_asks(const struct maker *m, struct component *c, struct error *err);

/* A value from share/arch/ARCH.arch, NULL if there is no such key. */
const char *plan_arch_value(const struct maker *m, const char *key);

/*
 * The date that results contain: SOURCE_DATE_EPOCH if set; else for a component its own source's date, for an image the newest
 * source's. As it is found in the archive, only the step knows it (worker_dates.c).
 */
/* How the date enters an image's key, and the archives that its step must have for it. */
void plan_print_dated(const struct maker *m, struct text *out);
void plan_needs_dates(const struct maker *m, struct step *s);
/* The same for the first step of a component. */
void plan_needs_date(const struct maker *m, const struct component *c, struct step *s);

/* Do the choices about patches make sense? Before anything is asked of the network. */
CHECKED bool plan_check_patches(struct maker *m, struct error *err);
/* Whether the recipe's source is to have Debian's patches, where there are some. */
CHECKED bool plan_wants_debian(
	const struct maker *m, const struct recipe *r, bool *wanted, struct error *err);
/* Patches that are files: those of recipe and cures, of the folder `patches` beside the recipe, of the profile. In this order
 * they enter the tree's key and become words of its action. */
CHECKED bool plan_add_patches(struct maker *m, const struct component *c, struct strings *args,
	struct text *inputs, struct error *err);

CHECKED bool plan_read_epoch(struct maker *m, struct error *err);
CHECKED bool plan_read_arch(struct maker *m, struct error *err);
CHECKED bool plan_add_component(struct maker *m, const struct recipe *r, struct error *err);
/* The source of a recipe that has no archive: adds it to plan->own. */
CHECKED bool plan_add_own(
	struct maker *m, const struct recipe *r, const char *version, struct error *err);
CHECKED bool plan_add_source(struct maker *m, struct component *c, struct error *err);
CHECKED bool plan_add_services(struct maker *m, struct error *err);
CHECKED bool plan_add_results(struct maker *m, struct error *err);

/* The images that the profile asks for, and those that accompany them. */
struct plan_image {
	struct unit *unit;
	struct step *step;
	const char *file; /* in the unit's result, and its name in the results folder */
	bool asked;	  /* goes into the results; else it is only part of another image */
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

/* The values of a recipe or style key for this profile, then those of cures, words joined by blanks; NULL if none has the key. */
const char *plan_value(const struct maker *m, const struct component *c, const char *key);

/* A guard tests choices and, as `version` and `series`, what was chosen for the component, as `host` the recipe's fact,
 * and values of the recipe or its style whose own guards ask for choices alone. */
bool plan_holds(const struct maker *m, const struct component *c, const struct guard *g);

/* The trees an image can hold, and the recipe key for what a component adds to each; trees with programs need their libraries. */
enum { PLAN_TREES = 6 };
struct plan_tree {
	const char *name, *key;
	bool runs;
};
extern const struct plan_tree plan_trees[PLAN_TREES];

/* Has the component something for it? */
bool plan_fills_tree(const struct maker *m, const struct component *c, size_t which);

/* Merges one of them, by its index in the table, into an empty tree. */
CHECKED bool plan_collect_tree(struct maker *m, size_t which, struct tree *t, struct error *err);

/* Tells the tree which folders have its programs' libraries. */
CHECKED bool plan_add_libraries(struct maker *m, struct tree *t, struct error *err);

/* Whether steps must run, from what is in the cache. Sets cached, why and the forecast. */
CHECKED bool plan_look(struct maker *m, struct error *err);

#endif
