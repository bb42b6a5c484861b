/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which versions go together: share/pairings/NAME.pairing.
 *
 *   [tool gcc]                        a program of this machine that has a version, too
 *   ask     = cc -dumpfullversion     prints it: the first word that starts with a digit
 *
 *   [pair NAME]                       two that do not go together
 *   when    = GUARD                   over choices; may be absent
 *   left    = linux >= 7.0            a component or a tool, and up to two bounds (< <= > >= =) of its version
 *   right   = gcc < 8.1
 *   reason  = what goes wrong         completes "linux 7.2.8 and gcc 7.5 do not go together: ..."
 *   remedy  = what to choose instead
 *   source  = who says so
 *
 *   [cure NAME]                       two that only go together with a fix; `right` may be absent
 *   left    = busybox < 1.39          the component that gets the fix
 *   right   = linux >= 6.8
 *   file    = CONFIG_TC=n             any other key: words added to what its recipe gives that key (patch, configure, ...)
 *   reason, source, when              as above
 *
 *   [tried]                           combinations that were built, booted, and passed all checks
 *   passed  = linux=6.12.107 musl=1.2.5 linkage=static ...       may be repeated
 */
#ifndef PAIRING_H
#define PAIRING_H

#include "choice/profile.h"

struct pairings;

struct cure_gift {
	const char *key, *value;
};

struct cure_gifts {
	struct cure_gift *at;
	size_t n, cap;
};

struct cure {
	const char *name, *component; /* the component on the left */
	const char *left, *right;     /* as written; right: NULL if the version alone is to blame */
	struct cure_gifts gives;
	const char *reason, *source;
};

struct cures {
	const struct cure **at;
	size_t n, cap;
};

CHECKED bool pairings_load(struct pairings **out, const struct place *place, struct error *err);
void pairings_free(struct pairings *p); /* NULL is allowed */

/* The version chosen for a component, NULL if it is not part of the system. */
typedef const char *pairing_version(const void *ctx, const char *component);

/* The version of a [tool]. NULL: there is no such row; "": the program is missing, or says none. */
const char *pairings_tool(struct pairings *p, const char *name);

/* False with a sentence if two chosen versions, or one of them and a tool of this machine, do not go together: ERROR_PROFILE, or
 * ERROR_HOST if it is the tool. */
CHECKED bool pairings_check(struct pairings *p, const struct profile *profile,
	pairing_version *version, const void *ctx, struct error *err);

/* The cures these versions need, in file order. These and everything below live in `p`. */
struct cures pairings_cures(struct pairings *p, const struct profile *profile,
	pairing_version *version, const void *ctx);

/* The cures this version of a component may need, depending on the other choices. */
struct cures pairings_cures_of(struct pairings *p, const char *component, const char *version);

/* The tried combinations with that version of a component, as written. */
struct strings pairings_tried(struct pairings *p, const char *component, const char *version);

/* Choices before exact versions are known: a series represents itself. With an option, `value` is what it would become. */
struct pairing_choices {
	const struct profile *profile;
	const struct option *option; /* of type version; NULL: the choices as they are */
	const char *value;
};

/* Like pairings_check; with an option only pairs that involve its component. */
CHECKED bool pairings_allow(
	struct pairings *p, const struct pairing_choices *choices, struct error *err);

/* Was a combination tried that has these versions of all components and agrees with the choices in everything else it names? */
bool pairings_tried_with(struct pairings *p, const struct pairing_choices *choices);

#endif
