/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which versions go together: share/pairings/NAME.pairing.
 *
 *   [tool gcc]                        a program of this machine that has a version, too
 *   ask     = cc -dumpfullversion     prints it: the first word that begins with a digit
 *
 *   [pair NAME]                       two that do not go together
 *   when    = GUARD                   over choices; may be absent
 *   left    = linux >= 7.0            a component or a tool, and up to two bounds (< <= > >= =) of its version
 *   right   = gcc < 8.1
 *   reason  = what goes wrong         completes "linux 7.2.8 and gcc 7.5 do not go together: ..."
 *   remedy  = what to choose instead
 *   source  = who says so
 *
 *   [tried]                           combinations that were built, booted, and passed all checks
 *   passed  = linux=6.12.107 musl=1.2.5 linkage=static ...       may be repeated
 */
#ifndef PAIRING_H
#define PAIRING_H

#include "profile.h"

struct pairings;

CHECKED bool pairings_load(struct pairings **out, const struct place *place, struct error *err);
void pairings_free(struct pairings *p); /* NULL is fine */

/* The version that was chosen for a component, NULL when it is no part of the system. */
typedef const char *pairing_version(const void *ctx, const char *component);

/* False with the sentence when two that were chosen, or one of them and a tool of this machine, do not go together:
 * ERROR_PROFILE, or ERROR_HOST when a tool is the one that does not fit. */
CHECKED bool pairings_check(struct pairings *p, const struct profile *profile,
	pairing_version *version, const void *ctx, struct error *err);

/* The tried combinations with that version of a component, each as written. Belongs to `p`. */
struct strings pairings_tried(struct pairings *p, const char *component, const char *version);

#endif
