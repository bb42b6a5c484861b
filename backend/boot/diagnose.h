/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known messages of guests and of the emulator: share/diagnosis/boot.table. Lines are shown to it as they come; it remembers
 * the one that explains most. What is written down there:
 *
 *   [message no-init]               id, as in the verdict
 *   text    = No working init found     a piece of the line, taken literally ...
 *   match   = error (-2|-8)             ... and/or an extended regular expression
 *   event   = silent                    instead of both: not a line but something the boot noticed (enum diagnosis_event)
 *   from    = emulator                  lines of the emulator's own output; default: the guest
 *   rank    = 50                        the highest rank wins, among equals the first seen: causes outrank consequences
 *   fatal   = yes                       the guest is lost from here on: no need to wait for the time limit
 *   spoils  = yes                       even when all checks pass the verdict is fail
 *   about   = network dns               explains only the failure of these checks; default: whatever goes wrong
 *   retry   = yes                       the environment's fault: the boot is tried once more
 *   cause, remedy                       sentences
 *
 *   [milestone kernel]   text / match   how far the boot came
 *   [prompt login]       text / match, send    what waits for a person on the serial line, and what a person would type
 */
#ifndef DIAGNOSE_H
#define DIAGNOSE_H

#include "base/place.h"
#include <regex.h>

enum diagnosis_event {
	DIAGNOSIS_NONE,
	DIAGNOSIS_SILENT, /* not one byte on the serial line: until the time was up, under KVM, until a restart */
	DIAGNOSIS_SILENT_KVM,
	DIAGNOSIS_SILENT_RESET,
	DIAGNOSIS_STUCK,     /* the kernel spoke, init never did */
	DIAGNOSIS_NO_SHELL,  /* init runs, no shell answers */
	DIAGNOSIS_SLOW,	     /* the shell answered, the checks did not come to an end in time */
	DIAGNOSIS_RESET,     /* the guest restarted itself */
	DIAGNOSIS_OFF,	     /* the guest ended before it was asked to */
	DIAGNOSIS_STAYED,    /* it was asked to power off and did not */
	DIAGNOSIS_EMULATOR,  /* the emulator ended with an error */
	DIAGNOSIS_CANCELLED, /* a person ended the boot */
	DIAGNOSIS_CHECK,     /* a check failed and nothing better is known */
};

struct diagnosis_row {
	const char *kind, *id, *text, *match, *event_name, *from, *cause, *remedy, *send;
	long rank;
	bool fatal, spoils, retry;
	enum diagnosis_event event;
	bool has_regex;
	regex_t regex;
	struct strings about;
	size_t order; /* it was the n-th message seen; 0: not seen */
	char *line;   /* the first line that was it */
};

struct diagnosis_table {
	struct arena arena;
	VEC(struct diagnosis_row *) rows;
	regex_t any; /* all that a guest's line can be, in one: a flood of other lines costs one search each */
	bool has_any;
	size_t seen; /* messages so far */
	bool fatal;  /* one of them was the guest's end */
};

CHECKED bool diagnose_load(struct diagnosis_table *t, const struct place *p, struct error *err);
CHECKED bool diagnose_read(
	struct diagnosis_table *t, const char *path, struct error *err); /* adds one file */
void diagnose_release(struct diagnosis_table *t);
void diagnose_reset(struct diagnosis_table *t); /* forgets the lines of an earlier attempt */

/* May this line of a guest be a message or milestone at all? */
bool diagnose_is_known(const struct diagnosis_table *t, const char *line);

/* One line of the guest (or the emulator). Returns the message it is when it comes for the first time, else NULL. */
const struct diagnosis_row *diagnose_line(
	struct diagnosis_table *t, const char *from, const char *line);

/* What explains most among the lines since diagnose_reset; `check` names the check that failed, NULL: none did. */
const struct diagnosis_row *diagnose_best(const struct diagnosis_table *t, const char *check);

/* A seen message that forbids the verdict "pass". */
const struct diagnosis_row *diagnose_spoiled(const struct diagnosis_table *t);

/* The row of an event, NULL when the table has none. */
const struct diagnosis_row *diagnose_event(
	const struct diagnosis_table *t, enum diagnosis_event event);

/* The first row of a kind ("milestone", "prompt") that the line fits. */
struct diagnosis_row *diagnose_find(
	const struct diagnosis_table *t, const char *kind, const char *line);

#endif
