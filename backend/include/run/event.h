/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened in a run, as facts. On disk a run's event log is one JSON object a line, append-only, in exactly the form the
 * contract promises for --json. Writers fill a struct event and hand it to journal_emit; readers get it back from event_parse.
 * Both use one table (event.c), which lists all members: a new one is a field here and a row there.
 *
 * Order in a build: plan (again when a source had to be replaced) { note | step-start | progress | step-done }* finished. Order
 * in a boot: boot-start { note | milestone | check }* verdict. Order in a grid: grid-plan, the events of its boots, grid. A log
 * may end early: the builder was killed (EVENT_LOST).
 *
 * A text that was read is never NULL unless its field says so; what is missing in a line is "" or 0, and an unknown word is the
 * first of its enum. Whoever made an event owns all of it: strings live until the sink returns.
 */
#ifndef EVENT_H
#define EVENT_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
	EVENT_PLAN,
	EVENT_NOTE,
	EVENT_STEP_START,
	EVENT_PROGRESS,
	EVENT_STEP_DONE,
	EVENT_FINISHED,
	EVENT_BOOT_START,
	EVENT_MILESTONE,
	EVENT_CHECK,
	EVENT_VERDICT,
	EVENT_GRID_PLAN,
	EVENT_GRID,
	EVENT_LOST, /* never in a log: the reader reports it if the writer is gone without a last event */
};

/* Words of the log. */
enum verdict { VERDICT_FAIL, VERDICT_PASS, VERDICT_TIMEOUT };
enum step_result { RESULT_FAILED, RESULT_OK, RESULT_CACHED, RESULT_SKIPPED, RESULT_CANCELLED };
enum check_outcome { CHECK_UNTESTED, CHECK_FAILED, CHECK_PASSED };
enum progress_unit { UNIT_OBJECTS, UNIT_FILES, UNIT_BYTES };

const char *verdict_word(enum verdict v); /* "pass" */
const char *step_result_word(enum step_result r);
const char *progress_unit_word(enum progress_unit u);
enum progress_unit progress_unit_named(const char *word);

int verdict_status(enum verdict v); /* the corresponding exit status */

/* A step of a plan. */
struct event_step {
	const char *id, *title;
	bool cached;	 /* nothing to do for it */
	const char *why; /* why it will run; may be NULL */
	double seconds;	 /* that it will probably take; 0: unknown, or nothing to do */
};

struct event_steps {
	const struct event_step *at;
	size_t n;
};

/* A file of the results folder. */
struct event_artifact {
	const char *path;
	uint64_t bytes;
	const char *sha256;
};

struct event_artifacts {
	const struct event_artifact *at;
	size_t n;
};

/* A check of a booted system. */
struct event_check {
	const char *name;
	enum check_outcome outcome;
	const char *detail;
};

struct event_checks {
	const struct event_check *at;
	size_t n;
};

struct event_words {
	const char *const *at;
	size_t n;
};

/* Why a step failed. */
struct event_failure {
	const char *step;
	struct event_words command;
	int exit;	  /* exit status, 128+n for a signal */
	const char *line; /* first real error line */
	const char *cause, *remedy;
	const char *log; /* path */
};

/* Why a boot did not pass. */
struct event_diagnosis {
	const char *id;
	const char *line; /* of the serial log */
	const char *cause, *remedy;
};

/* The outcome of a boot in a grid. */
struct event_cell_end {
	enum verdict verdict;
	double ready_seconds; /* 0: never */
	const struct event_diagnosis *diagnosis;
	const char *log;
};

/* One boot of a grid. */
struct event_cell {
	const char *firmware, *medium, *title;
	const char *file;		  /* may be NULL */
	const char *why;		  /* why it cannot be started; NULL: it can */
	const struct event_cell_end *end; /* NULL: not started, or not yet */
};

struct event_cells {
	const struct event_cell *at;
	size_t n;
};

struct event {
	enum event_kind kind;
	double time;	  /* seconds since the run began */
	const char *json; /* of an event that was read: the line itself, without the newline */
	union {
		struct event_plan {
			const char *profile;
			struct event_steps steps;
			double seconds, least, most; /* of all; 0: unknown */
		} plan;
		struct event_note {
			const char *text; /* one sentence worth reporting */
			const char
				*hint; /* the command in it that reaches the guest; may be NULL */
		} note;
		struct event_step_start {
			const char *step, *log;
		} step_start;
		struct event_progress {
			const char *step;
			uint64_t done, total; /* total 0: unknown */
			enum progress_unit unit;
		} progress;
		struct event_step_done {
			const char *step;
			enum step_result result;
			double seconds;
			const struct event_failure *failure; /* NULL: none */
		} step_done;
		struct event_finished {
			bool ok;
			double seconds;
			int status; /* for exit */
			struct event_counts {
				long run, cached, failed;
			} steps;
			struct event_artifacts artifacts;
			const char *error;		     /* one sentence; NULL: none */
			const struct event_failure *failure; /* of the first step; NULL: none */
		} finished;
		struct event_boot_start {
			const char *accel, *firmware, *log; /* serial.log */
			const char *console;		    /* path of the input fifo */
			const char *command;		    /* the emulator's */
			const char *medium, *file;	    /* file may be NULL */
			long cell; /* of a grid: which one, from 1; 0: no grid */
		} boot_start;
		struct event_milestone {
			const char *name; /* "firmware", "kernel", "init", "ready" */
			double seconds;
		} milestone;
		struct event_check check;
		struct event_verdict {
			enum verdict verdict;
			const char *accel, *firmware;
			double ready_seconds; /* 0: never */
			struct event_checks checks, untested;
			const struct event_diagnosis *diagnosis; /* NULL: none */
			const char *log, *medium, *file;	 /* file may be NULL */
			long cell;				 /* as above */
		} verdict;
		struct event_grid_plan {
			struct event_cells cells;
		} grid_plan;
		struct event_grid {
			bool ok;
			int status;
			double seconds;
			long passed, failed, timeout;
			struct event_cells cells;
			const char *error; /* NULL: none */
		} grid;
	};
};

typedef void event_sink(void *ctx, const struct event *e);

/* Reads a line without its newline. All of *e lives in the arena. *known is false for an event of an unknown kind (skip it); of
 * an event that is damaged inside, what is readable is used. False: the line is not an event at all. */
CHECKED bool event_parse(struct event *e, bool *known, const char *line, size_t len,
	struct arena *a, struct error *err);

/* Appends the event as a line of the log, without the newline; or as a file for people, without the time. Foreign bytes in texts
 * are made printable. */
enum event_form { EVENT_LINE, EVENT_FILE };
void event_write(const struct event *e, enum event_form form, struct text *out);

/* No event follows it in a log. */
bool event_is_last(const struct event *e);

#endif
