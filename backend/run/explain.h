/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a step failed, for a person: the first real error line of its log, and what a table of known causes
 * (share/diagnosis/build.table) has to say about it. What is not in the table is called unknown; nothing is guessed.
 *
 *   [cause NAME]             has    = literal text        a line counts when it holds one of the texts (repeatable) ...
 *                            match  = expression      ... and, where given, matches this (POSIX extended); {1}..{9}: its groups
 *                            cause, remedy = sentences; {1} and {free} (space left beside the log) may be used
 *                            decisive = yes                 wins over error lines before it
 *                            host = yes                     the machine is at fault (exit status 7)
 *   [error NAME]             has, match                     a line that says that something failed, without a known cause
 *                            weak = yes                     only where the log has nothing better
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "base/place.h"

struct failed_step {
	const char *log;      /* path of the step's log */
	const char *sentence; /* the step's own last words, NULL when it said nothing */
	bool builtin; /* the sentence is the program's own and exact: the log is not searched */
	/* The line at which the failed action begins in the log: what went well before it may have spoken of errors too.
	 * NULL: all is searched. */
	const char *began;
};

struct explanation {
	const char *line, *cause, *remedy; /* never NULL; in the arena */
	bool known;
	bool host;
};

CHECKED bool explain(struct explanation *x, const struct failed_step *f, const struct place *p,
	struct arena *a, struct error *err);

#endif
