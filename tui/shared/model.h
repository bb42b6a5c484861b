/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both front ends know about a run, fed only by its events: the same events give the same model, so a window that was closed
 * and opened again shows the same. No curses.
 */
#ifndef MODEL_H
#define MODEL_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/event.h"
#include "shared/grid.h"

enum model_state {
	STEP_WAIT,
	STEP_RUN,
	STEP_OK,
	STEP_CACHED,
	STEP_FAILED,
	STEP_SKIPPED,
	STEP_CANCELLED,
	STEP_STATES
};

struct model_step {
	const char *id, *title, *log; /* log: NULL until known */
	enum model_state state;
	double began, seconds; /* began: seconds since the run began */
	double expected;      /* seconds that it will probably take; 0: unknown, or nothing to do */
	uint64_t done, total; /* total 0: unknown */
	enum progress_unit unit;
};

struct model_failure {
	const char *step, *command, *line, *cause, *remedy,
		*log; /* NULL: unknown; step NULL: not a step's failure */
	int exit;
};

struct model_check {
	const char *name, *detail;
	enum check_outcome outcome;
};

struct model_milestone {
	const char *name;
	double seconds;
};

struct model {
	struct arena arena;
	VEC(struct model_step) steps; /* in the plan's order */
	struct strings notes;
	const char *hint; /* how to reach the guest from another terminal; NULL: not at all */
	VEC(struct model_failure) failures;
	struct strings artifacts; /* paths */
	VEC(struct model_check) checks;
	VEC(struct model_milestone) milestones;
	double seconds_expected, least, most; /* of the whole run; 0: unknown */
	double first;			      /* time of the first step's start; 0: none yet */
	double last;			      /* time of the newest event */
	size_t events;
	bool finished; /* the last event was seen, or the run was lost */
	bool lost;     /* the builder vanished without a last event */
	bool ok;
	int status; /* the contract's exit status */
	double seconds;
	bool judged; /* there is a verdict */
	enum verdict verdict;
	const char *accel, *firmware, *serial, *console,
		*diagnosis; /* of a boot; NULL until known */
	double ready_seconds;
	struct grid grid; /* of a grid of boots */
};

void model_event(void *m, const struct event *e); /* an event_sink */
void model_release(struct model *m);

size_t model_count(const struct model *m, enum model_state state);
size_t model_ended(const struct model *m);	 /* steps that need no more work */
bool model_was_cancelled(const struct model *m); /* it did not fail by itself */
size_t model_checks_ok(const struct model *m);
size_t model_checks_untested(const struct model *m);
const char *model_state_word(enum model_state state); /* "run", "FAIL", "cached", ... */

/* Steps in order of interest: running, failed, the next waiting, then finished ones, newest first. */
struct model_order {
	size_t *at;
	size_t n, cap;
};
void model_sort(const struct model *m, struct model_order *out);

/* The running step with the largest share of its work left: its log is the one to watch. NULL if nothing runs. */
const struct model_step *model_busiest(const struct model *m);

/* "1432/2610 objects", "0.4/1.1 MB", "1432 objects"; "" if unknown. */
void model_print_progress(const struct model_step *s, struct text *out);

/* Of a running step, 0 to 1 and never quite 1: what it has counted may not be all that it does. */
double model_share(const struct model_step *s);

/* Events do not say what a waiting step waits for, but they do say how far the whole run is: 0 to 1. */
double model_part(const struct model *m);

/* Seconds until the end, by the forecast and more and more by what this run shows; false: unknown. `now`: since the run began. */
bool model_left(const struct model *m, double now, double *least, double *most);

#endif
