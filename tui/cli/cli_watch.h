/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following a run on the command line: one loop, and three ways to show the session's model and its events: line by line, with a
 * status line below (on a terminal), or as JSON lines. Ctrl-C and SIGTERM end the run, losing the terminal does not.
 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "cli/cli_out.h"
#include "run/run.h"
#include "shared/session.h"

struct watch;

struct renderer {
	void (*event)(struct watch *w, const struct event *e);
	void (*tick)(struct watch *w);	/* at most ten times a second */
	void (*close)(struct watch *w); /* the run is over, or we stop following it */
	int tick_ms;
};

struct watch {
	struct cli *cli;
	struct session session;
	const char *name; /* how to name the profile in the next command */
	const struct renderer *renderer;
	VEC(double) told;  /* of each step of the model: when a line about it was last printed */
	bool status_shown; /* the status line is on the screen */
	double drawn;	   /* when it was drawn, in seconds since the run began */
	struct text status_line;
};

/* Follows the run to its end. c->status gets the exit status: the run's, or 128+n if a signal ended the watching. */
CHECKED bool watch_run(struct watch *w, struct error *err);
void watch_init(struct watch *w, struct cli *c, struct run *run); /* takes ownership of the run */
void watch_release(struct watch *w);

/* cli_run.c: takes a run over and follows it to its end; builds a profile and follows that. */
CHECKED bool follow_run(struct cli *c, struct run *run, struct error *err);
CHECKED bool follow_build(
	struct cli *c, const struct profile *p, bool fetch_only, struct error *err);

/* The signal that asks us to leave, 0 if none has arrived since watch_signals was called. */
void watch_signals(void);
int watch_signal(void);

extern const struct renderer renderer_plain, renderer_live, renderer_json, renderer_terse;

/* cli_report.c: the sentences for one event, without a status line. */
void report_event(struct watch *w, const struct event *e);
void report_interrupt(const struct watch *w);
/* cli_grid.c: the same for a grid; false: nothing special. */
bool report_grid(const struct watch *w, const struct event *e);
void grid_print_progress(const struct grid *g, struct text *out);

#endif
