/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer's side of a run: its folder in the cache, the lock that shows that it lives, and the append-only event log.
 * journal_spawn makes the daemon process; the front end goes on with the reader's side (run.h).
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "run.h"
#include <jansson.h>

struct journal {
	const char *folder;  /* cache/run/ID, absolute */
	const char *profile; /* name */
	double began;        /* CLOCK_MONOTONIC seconds */
	int events_fd;
	int lock_fd;
};

/* The body of the daemon; its return value is the exit status by the contract. It runs in a session of its own, with stdin
 * /dev/null, stdout and stderr to FOLDER/daemon.log, SIGTERM/SIGINT blocked for signalfd use, and all other fds closed. */
typedef int journal_body(struct journal *j, void *ctx);

/* Makes run/ID, takes the profile's run lock (ERROR_HOST naming the pid when another run holds it), forks the daemon and
 * returns in the parent with the reader. `kind` is "build" or "boot". */
CHECKED bool journal_spawn(struct run **out, const struct place *place, const char *profile, const char *kind,
	journal_body *body, void *ctx, struct error *err);

/* Appends one event line; adds "time". Steals the reference. One write(2) a line, so readers never see half of one. */
void journal_emit(struct journal *j, json_t *event);

#endif
