/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known messages: what a line of a build's log or of a guest means and what helps (share/diagnosis/NAME.table). Lines are shown
 * to it as they come, from strangers and without end; it remembers the first line of each row. In a table, in any order of keys:
 *
 *   [message no-init]               its id, as in a verdict; several rows may have one
 *   text    = No working init found     a piece of the line, taken literally; repeated: one of them ...
 *   match   = error (-2|-8)             ... and/or a POSIX extended expression; its groups are {1} to {9}
 *   event   = silent                    instead of both: not a line but something the table's reader noticed by itself
 *   from    = emulator                  only lines of that origin; default: those of none (a log, the guest)
 *   rank    = 90                        the highest wins, among equals the first line, in a line the first row; default 50
 *   about   = network dns               explains only the failure of these checks; default: whatever goes wrong
 *   cause, remedy                       sentences, needed; {1}, and {free}: the space left beside a build's log
 *   host    = yes                       this machine is at fault
 *   fatal   = yes                       the guest is lost from here on: no need to wait for the time limit
 *   spoils  = yes                       even when all checks pass the verdict is fail
 *   retry   = yes                       the environment's fault: the boot is tried once more
 *
 *   [error compiler]     text, match, rank    a line that says that something failed, not why
 *   [milestone kernel]   text, match          how far a boot came
 *   [prompt login]       text, match, send    what waits for a person on the serial line, and what a person would type
 *
 * One pass over a line finds the texts of all rows; only then expressions are tried. So a text has three bytes or more, and an
 * expression without `text` (but a prompt's) holds such a piece in each of its alternatives.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "base/place.h"
#include <regex.h>

enum { KNOWN_LINE = 4096 }; /* so much of a line is looked at */
enum { KNOWN_RANK = 50 };   /* of a row that states none */

enum known_kind { KNOWN_MESSAGE, KNOWN_ERROR, KNOWN_MILESTONE, KNOWN_PROMPT };

struct known_row {
	enum known_kind kind;
	const char *id, *match, *event, *from, *cause, *remedy, *send;
	long rank;
	struct strings about;
	bool host, fatal, spoils, retry;
	const char *line; /* the first that it fits since known_reset; NULL: none did */

	const char *file; /* where the row stands */
	int number;
	size_t texts,
		marked; /* how many it has; the last line (counted in known.lines) that holds one */
	bool compiled;
	regex_t regex;
};

struct known_text {
	const char *s;
	size_t len, next; /* in its bucket, counted from 1 */
	struct known_row *row;
};

struct known {
	struct arena arena, said; /* the rows; the lines that they remember */
	VEC(struct known_row *) rows;
	VEC(struct known_row *) seen; /* since known_reset, in the order of their lines */
	VEC(struct known_text) texts;
	size_t buckets[4096]; /* by a text's first three bytes: one of texts, counted from 1 */
	size_t lines;
	char copy[KNOWN_LINE + 1]; /* of the last one, for expressions */
};

/* share/diagnosis/NAME.table; in a table that is broken or missing nothing is known. To be released in either case. */
CHECKED bool known_load(
	struct known *k, const struct place *p, const char *name, struct error *err);
void known_release(struct known *k);
void known_reset(struct known *k); /* forgets the lines */

/* One line from there (NULL: none). The rows that it is the first line of are then the last ones in `seen`. */
void known_line(struct known *k, const char *from, const char *line, size_t len);

/* What explains most among messages and errors seen; `check` names the check that failed, NULL: none did. */
const struct known_row *known_best(const struct known *k, const char *check);

/* The first row of a kind that a line fits, whether seen or not. */
const struct known_row *known_find(struct known *k, enum known_kind kind, const char *line);

/* The row's sentences, never NULL. `free` is what {free} stands for; NULL: nobody knows. */
void known_tell(const struct known_row *row, const char *free, struct arena *a, const char **cause,
	const char **remedy);

#endif
