/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs once over the finished system, before images are written, because it looks at what several packages bring:
 * share/triggers/NAME.trigger.
 *
 *   summary = WORDS
 *   when    = GUARD            only for such choices
 *   below   = PATTERNS         sets it off: there are files like this (patterns of tree/tree.h)
 *   reads   = PATTERNS         what else it looks at
 *   makes   = PATTERNS         what of its results goes into the system; the same bytes as before count as nothing
 *   tool    = NAME             the program of this machine that it needs
 *   each    = /lib/modules     its lines are run for each folder in there: {folder} is its path here, {name} its name
 *   run     = WORDS            a program and its words, in their order; {root} is a folder with what it reads. It runs in the
 *                              sandbox of build steps
 *
 * A recipe (or its style) says `triggers = yes` when any of them may have to do with what it brings, or the names of those.
 */
#ifndef TRIGGER_H
#define TRIGGER_H

#include "choice/catalog.h"

struct trigger {
	const char *name, *file, *summary, *tool, *each;
	struct guard when;
	struct strings below, reads, makes;
	struct strings run; /* lines */
};

struct triggers {
	struct trigger *at;
	size_t n, cap;
};

/* All, sorted by name; everything lives in the arena. */
CHECKED bool triggers_load(
	struct triggers *t, const struct catalog *c, struct arena *a, struct error *err);

#endif
