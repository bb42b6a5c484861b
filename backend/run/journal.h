/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer's side of a run: its folder in the cache, the lock that shows that it lives, and the append-only event log.
 * journal_spawn makes the daemon process; the front end goes on with the reader's side (run.h).
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "run/run.h"

struct journal {
	const char *folder;  /* cache/run/ID, absolute */
	const char *profile; /* name */
	double began;	     /* CLOCK_MONOTONIC seconds */
	int events_fd;
	int lock_fd; /* run/ID/lock: held while this run lives */
	void (*after)(void *ctx);
	int profile_fd; /* lock/profile-NAME: one run at a time */
};

/* The body of the daemon; its return value is the exit status by the contract. It runs in a session of its own, with stdin
 * /dev/null, stdout and stderr to FOLDER/daemon.log, SIGTERM/SIGINT blocked for signalfd use, and all other fds closed. A
 * supervisor stands above it: it passes SIGTERM on, ends whatever is left below 1.7 s later or when the body has ended, and
 * writes the last event ("finished") when the body could not; so a body may also unblock SIGTERM and simply die of it. */
typedef int journal_body(struct journal *j, void *ctx);

/* Makes run/ID, takes the profile's run lock (ERROR_HOST naming the pid when another run holds it), forks the daemon and
 * returns in the parent with the reader. `after`, if not NULL, is called by the supervisor when the body and all below it are
 * gone, however they ended. */
typedef void journal_after(void *ctx);
CHECKED bool journal_spawn(struct run **out, const struct place *place, const char *profile,
	enum run_kind kind, journal_body *body, journal_after *after, void *ctx, struct error *err);

/* The reader's side of the run in this folder. */
CHECKED bool run_open(struct run **out, const char *folder, struct error *err);

/* Appends an event, dated now. One write(2) a line, so readers never see half of one. */
void journal_emit(struct journal *j, const struct event *e);

/* A sentence worth telling. */
void journal_note(struct journal *j, const char *sentence);

/* The last event of a run that came to nothing: it never got to steps. */
void journal_fail(struct journal *j, int status, const char *sentence);

#endif
