/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What steps cost when they last ran: for forecasts, for totals of progress, for the build times in the manifest. One line for
 * each step is appended to place->state/history; the newest of the same profile counts, else the newest of any.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "base/place.h"
#include <stdint.h>

struct history_entry {
	const char *step, *profile;
	double seconds;
	uint64_t objects; /* counted output lines, 0 if none were counted */
	uint64_t bytes;	  /* of the unit, if the step published it; else 0 */
	int64_t when;	  /* seconds since the epoch */
	double cpu;	  /* seconds of processors' time of all its programs; 0: not known */
	uint64_t symbols; /* switched on in the unit's finished configuration; 0: it has none */
};

struct history {
	struct arena arena;
	VEC(struct history_entry) entries; /* oldest first */
};

/* Never fails: a missing or damaged history just has fewer lines. */
void history_load(struct history *h, const struct place *p);
void history_release(struct history *h);

const struct history_entry *history_find(
	const struct history *h, const char *step, const char *profile); /* may be NULL */

/* Best effort: if the history cannot be written only forecasts suffer. */
void history_add(const struct place *p, const struct history_entry *e);

#endif
