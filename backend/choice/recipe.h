/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recipe states the facts of one component (share/recipes/NAME/recipe); a style (share/styles/NAME.style) holds the commands of
 * its build system. Both are data: no C file names a component. Owned by the catalogue's arena.
 *
 *   summary = ...            one line              source   = linux        name of its source; default: the recipe's name
 *   version = {kernel}       usually an option     style    = kconfig
 *   section = Network        it is a package: in a system only if `packages` names it, or something needs it
 *   when    = GUARD          part of the system by itself if this holds; of repeated lines one must hold. Neither section nor
 *                            when: always
 *   host    = yes            compiled for this machine, for building others; nothing of it gets into the system
 *   needs   = names          recipes whose stages it uses, and theirs in turn; may be guarded, like the values below
 *   tools   = names          recipes with host = yes whose programs it needs to be built: first in its PATH
 *   run-time = names         recipes that must be in the system with it, though it is built without them
 *   libc    = yes            needs the recipe that is named as the choice `libc` is; a style may say so
 *   kernel  = CONFIG_X=y     lines that it asks of the configuration of the recipe with `answers = kernel`, where that is in the
 *                            system; m if a module is enough, "CONFIG_A=y | CONFIG_B=y" for the first that is known
 *   busybox = CONFIG_X=y     the same for `answers = busybox`
 *   cannot[GUARD] = reason   with such choices it cannot be had
 *   given[GUARD] = reason    with such choices whoever needs it has that already, and does without it
 *   load    = names          kernel modules of it that are loaded at each start
 *   sysroot = yes            its stage is laid out like a root file system, for the sysroots of those that need it
 *   debian  = linux linux-{series}                 Debian source packages that carry it
 *   archive = binary         it is data that exists as a finished package: `debian` names that one, NAME or NAME:ARCHITECTURE
 *   archive = none           its source is the folder `source` beside the recipe, and `version` is the number of that
 *   elf     = PATTERN WORDS  a finished package has files of machine code like this, and what for; else they are refused
 *   licence = GPL-2.0-only   file = x              files beside the recipe that take part in the key
 *   rootfs  = DIR -> /       folder of the stage that goes into the root file system
 *   system  = DIR -> /       the same only if the recipe is in the system for its own sake, not because others need it
 *   early   = DIR -> /       the same for the tree that finds a root file system on a disk
 *   fills   = /bin /sbin     folders of the system in which it certainly has files: an overlay must leave them folders
 *   output  = FILE -> NAME   file of the stage that goes into the results
 *   patch   = FILE           applied to the tree, then those of the folder `patches` beside the recipe
 *   patches = debian | none  whether the series of Debian's source package is applied before; debian if nothing is said
 *   libraries = DIR -> /lib  folder of the stage with shared libraries, and where programs look for them
 *   cc-flags  = words        compiler flags for everything that needs this; {stage} is the finished stage
 *   also    = words          what people search for and mean it
 *   provides = words         what else it is good as, to be found by it: sshd. A need of that name is met by the one that is
 *                            chosen, else by the first in the order of files
 *   conflicts = words        recipes, or what others provide, that cannot be in a system with it
 *   try     = COMMAND        what the test boot's shell runs to see that it works (default: the command of the recipe's name is
 *                            there; empty: it has none); NAME.check beside the recipe says more
 *   option.NAME = words      a choice of its own, RECIPE.NAME in profiles and guards; the first word is the default
 *   help.NAME = sentence     ... what that choice is
 *   mode    = /usr/bin/su 4755 [UID GID]   mode and owner (numbers or names) of a file that it brings; a path that ends in '/' is
 *                            a folder, and is made. A set-id bit that a stage has and no such line names is an error
 *   user    = sshd 74 /var/empty [SHELL [GROUP,GROUP]]    a user, and a group of the same name and number (accounts.h)
 *   group   = render 105
 *   yields  = yes            what anybody else brings is taken instead of its own file of that path; or the folders of PATH, in
 *                            their order: then also a program of the same name in another of them, to which its own path leads
 *   licence-files = COPYING  licence texts of the source: in the results, and in the system with the option `licences`
 *   triggers = yes           what runs over the finished system may have to do with what it brings; or only these (trigger.h)
 *   part.NAME = usr/x        further paths of that part (choice/parts.h); part.system: what stays in spite of its path
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

enum recipe_archive { RECIPE_SOURCE, RECIPE_BINARY, RECIPE_OWN };

struct guards {
	struct guard *at;
	size_t n, cap;
};

struct recipe {
	const char *name, *file, *folder; /* folder: the recipe's, for its fragments and patches */
	const char *summary, *source, *version, *style, *licence, *url, *also, *section, *provides;
	struct strings debian;
	const char *archive_word; /* NULL: nothing is said */
	enum recipe_archive archive;
	struct guards when;
	bool host;
	size_t index;			 /* in the catalogue */
	VEC(struct recipe_value) values; /* all other keys, in file order, including `needs` */
};

/* One line of a style's [step NAME]: verb and unexpanded words, or a setting of the step. Lines that styles share are in a
 * NAME.part beside them: include = NAME.part */
struct style_line {
	const char *key;
	struct guard guard;
	const char *value;
	const char *file;
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
/* Is the name among the words of its `provides`? */
bool recipe_provides(const struct recipe *r, const char *name);
/* Is it in a system of its own accord? */
bool recipe_wants(const struct recipe *r, guard_lookup *lookup, const void *ctx);
/* Do those that need it have what they need of it, without it? */
bool recipe_is_given(const struct recipe *r, guard_lookup *lookup, const void *ctx);
const struct style *style_find(const struct catalog *c, const char *name);

#endif
