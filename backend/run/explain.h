/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a step failed, for a person: the first real error line of its log, and what a table of known causes
 * (share/diagnosis/build.table, base/known.h) says about it. Any other cause is unknown; nothing is guessed.
 *
 * A failed configure says that something does not work, and why in its own log (config.log; Meson and CMake have theirs), below
 * the step's folder. A cause that is found there is the better one, and the line is "what configure says (config.log: what it
 * found)".
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "base/place.h"
#include "proc/jail_enter.h"

struct failed_step {
	const char *log;      /* path of the step's log */
	const char *sentence; /* the step's own last words, NULL if it said nothing */
	bool builtin; /* the sentence is the program's own and exact: the log is not searched */
	/* The line where the failed action starts in the log: what succeeded before may have mentioned errors too. NULL: search
	 * everything. */
	const char *began;
	const struct jail *jail; /* the sandbox in which its programs ran; NULL: none */
	const char *search;	 /* their PATH */
	const char *work;	 /* the step's folder; NULL: it has none */
	bool package; /* of a recipe that is compiled in a sysroot: nothing of this machine is linked with it */
};

struct explanation {
	const char *line, *cause, *remedy; /* never NULL; in the arena */
	const char *id;			   /* of the row in the table; NULL: the cause is unknown */
	bool known;
	bool host;
};

CHECKED bool explain(struct explanation *x, const struct failed_step *f, const struct place *p,
	struct arena *a, struct error *err);

#endif
