/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known messages: what a line of a build's log or of a guest means and what helps (share/diagnosis/NAME.table). Lines are fed in
 * as they arrive; they are untrusted and their number is unbounded. For each row the first matching line is remembered. In a
 * table, in any order of keys:
 *
 *   [message no-init]               its id, as in a verdict; several rows may have one
 *   text    = No working init found     a literal part of the line; repeated: one of them ...
 *   match   = error (-2|-8)             ... and/or a POSIX extended expression; its groups are {1} to {9}
 *   event   = silent                    instead of both: not a line but something the program itself noticed
 *   from    = emulator                  only lines from there; default: those of no origin (a log, the guest)
 *   when    = console!=ttyS0*           only where these facts are so (guard.h)
 *   rank    = 90                        the highest wins, then the first line, then the first row; default 50
 *   about   = network dns               explains only failures of these checks; default: any failure
 *   cause, remedy                       sentences, required; {1}, {free}: free space where the build's log is, and all facts
 *   host    = yes                       this machine is at fault
 *   fatal   = yes                       the guest cannot recover: no need to wait for the time limit
 *   spoils  = yes                       the verdict is fail even if all checks pass
 *   retry   = yes                       the environment's fault: the boot is retried once
 *
 *   [error compiler]     text, match, rank    a line that says that something failed, not why
 *   [aside where]        text, match, log     a line that sounds like an error and is none: no other row sees it
 *   log     = {1}/config.log            the file in which configure wrote down why it gives up; without / in front, in the step's
 *                                       folder
 *   part    = Running compile:          ... of it, what follows the last line with this text; default: as configure writes it
 *   program = {1}                       [message] the program that is missing: it may be there and only hidden from the step
 *   [milestone kernel]   text, match          how far a boot came
 *   [prompt login]       text, match, send    what waits for a person on the serial line, and what a person would type
 *
 * One pass over a line finds the texts of all rows; only then expressions are tried. So a text has three bytes or more, and an
 * expression without `text` (but a prompt's) holds such a piece in each of its alternatives.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "base/guard.h"
#include "base/place.h"
#include <regex.h>

enum { KNOWN_LINE = 4096 }; /* only this much of a line is searched */
enum { KNOWN_RANK = 50 };   /* of a row that does not state one */

enum known_kind { KNOWN_MESSAGE, KNOWN_ERROR, KNOWN_MILESTONE, KNOWN_PROMPT, KNOWN_ASIDE };

struct known_row {
	enum known_kind kind;
	const char *id, *match, *event, *from, *cause, *remedy, *send, *log, *part, *program;
	long rank;
	struct strings about;
	struct guard when;
	bool host, fatal, spoils, retry;
	const char *line; /* the first line that matched since known_reset; NULL: none */

	const char *file; /* where the row is defined */
	int number;
	size_t texts,
		marked; /* how many texts it has; the last line (counted in known.lines) that contains one */
	bool compiled;
	regex_t regex;
};

struct known_text {
	const char *s;
	size_t len, next; /* position in its bucket, from 1 */
	struct known_row *row;
};

/* What `when` and the sentences may speak of. A value may change later, a name that a sentence has is there from the start. */
struct known_facts {
	guard_lookup *get; /* NULL: there are none, and no row with `when` counts */
	const void *ctx;
};

struct known {
	struct arena arena, said; /* the rows; the lines they remember */
	struct known_facts facts;
	VEC(struct known_row *) rows;
	VEC(struct known_row *) seen; /* since known_reset, in the order of their lines */
	VEC(struct known_text) texts;
	size_t buckets[4096]; /* by a text's first three bytes: an index into texts, from 1 */
	size_t lines;
	char copy[KNOWN_LINE + 1]; /* a copy of the last one, for expressions */
};

/* Reads share/diagnosis/NAME.table; a table that is broken or missing knows nothing. Must be released in either case. */
CHECKED bool known_load(struct known *k, const struct place *p, const char *name,
	struct known_facts facts, struct error *err);
void known_release(struct known *k);
void known_reset(struct known *k); /* forgets the lines */

/* Searches one line of that origin (NULL: none). Rows that match for the first time are appended to `seen`. */
void known_line(struct known *k, const char *from, const char *line, size_t len);

/* The best explanation among the messages and errors seen; `check` names the failed check, NULL: none failed. */
const struct known_row *known_best(const struct known *k, const char *check);

/* The first row of a kind that matches a line, whether seen before or not. */
const struct known_row *known_find(struct known *k, enum known_kind kind, const char *line);

/* The row for what the program itself noticed, with `check` as above; NULL: there is none. */
const struct known_row *known_event(const struct known *k, const char *event, const char *check);

/* The row's sentences, never NULL. `free` is the value of {free}; NULL: unknown. */
void known_tell(const struct known *k, const struct known_row *row, const char *free,
	struct arena *a, const char **cause, const char **remedy);

/* The file that the row's `log` names, "" if it names none. */
const char *known_log(const struct known *k, const struct known_row *row, struct arena *a);
/* In the same way, the program that the row says is missing. */
const char *known_program(const struct known *k, const struct known_row *row, struct arena *a);

#endif
