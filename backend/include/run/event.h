/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened in a run, as facts. On disk a run's event log is one JSON object a line, append-only, in exactly the form the
 * contract promises for --json; this struct is one such line read back. Strings live until the sink returns.
 *
 * Order in a build: plan (again when a source had to be replaced) { note | step-start | progress | step-done }* finished.
 * Order in a boot: boot-start { note | milestone | check }* verdict.
 * Order in a grid: grid-plan, the events of its boots, grid. A log may end early: the builder was killed (RUN_LOST).
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
	EVENT_PLAN, /* steps: id, title, state of each, in `items` (name = id, detail = title, ok = cached) */
	EVENT_NOTE, /* text: one sentence worth telling ("6.12: newest that can be had is ..."); hint: the command in it that
		       reaches the guest */
	EVENT_STEP_START, /* step, log */
	EVENT_PROGRESS,	  /* step, done, total (0: unknown), unit */
	EVENT_STEP_DONE,  /* step, result, seconds; when failed also the failure fields */
	EVENT_FINISHED, /* ok, seconds, status (for exit), run, cached, failed; artifacts in `items` (name = path) */
	EVENT_BOOT_START, /* accel, firmware, log (serial.log), console (path of the input fifo), text = the QEMU command line */
	EVENT_MILESTONE,  /* text: "firmware", "kernel", "init", "ready"; seconds */
	EVENT_CHECK,	  /* step = name of the check, ok or untested, text = detail */
	EVENT_VERDICT, /* result = pass|fail|timeout, accel, firmware, seconds (ready), failure, id, log; checks in `items` */
	EVENT_GRID_PLAN, /* cells */
	EVENT_GRID,	 /* ok, status, seconds; cells with what became of them */
	EVENT_LOST, /* never in a log: the reader says so when the writer is gone without a last event */
};

struct event_item {
	const char *name, *detail;
	bool ok;
	uint64_t bytes;
	bool untested; /* a check that could not be made: neither passed nor failed */
};

/* One boot of a grid. */
struct event_cell {
	const char *firmware, *medium, *title, *file;
	const char *why; /* it cannot be started so; NULL: it can */
};

struct event_failure {
	const char *command; /* joined for reading */
	int exit;	     /* exit status, 128+n for a signal */
	const char *line;    /* first real error line */
	const char *cause, *remedy;
	const char *log; /* path */
};

struct event {
	enum event_kind kind;
	double time; /* seconds since the run began */
	const char *step, *text, *result, *unit, *log, *accel, *firmware, *medium, *file, *console,
		*id, *hint;
	bool ok, untested;
	int status;
	uint64_t done, total;
	double seconds;
	long run, cached, failed;
	struct event_failure failure; /* fields NULL unless given */
	const struct event_item *items;
	size_t n_items;
	const struct event_cell *cells;
	size_t n_cells;
	long cell;	  /* of a boot in a grid: which of its cells, from 1 */
	const char *json; /* the line itself, without the newline: what --json prints */
};

typedef void event_sink(void *ctx, const struct event *e);

#endif
