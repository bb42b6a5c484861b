/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer's side of a run: its folder in the cache, the lock that shows that it is alive, and the append-only event log.
 * journal_spawn makes the daemon process; the front end continues with the reader's side (run.h).
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "run/run.h"

struct journal {
	const char *folder;  /* cache/run/ID, absolute */
	const char *profile; /* name */
	double began;	     /* CLOCK_MONOTONIC seconds */
	int events_fd;
	int lock_fd; /* run/ID/lock: held while this run is alive */
	void (*after)(void *ctx);
	int profile_fd; /* lock/profile-NAME: only one run at a time */
};

/* The body of the daemon; its return value is the exit status by the contract. It runs in a session of its own, with stdin
 * /dev/null, stdout and stderr to FOLDER/daemon.log, SIGTERM/SIGINT blocked for signalfd use, and all other fds closed. Its
 * parent is a supervisor, which forwards SIGTERM, kills whatever is left 1.7 s later or when the body has ended, and writes the
 * last event ("finished") if the body could not; so a body may also unblock SIGTERM and simply die of it. */
typedef int journal_body(struct journal *j, void *ctx);

/* Makes run/ID, takes the profile's run lock (ERROR_HOST naming the pid if another run holds it), forks the daemon and returns in
 * the parent with the reader. The supervisor calls `after`, if not NULL, when the body and everything below it are gone, however
 * they ended. */
typedef void journal_after(void *ctx);
CHECKED bool journal_spawn(struct run **out, const struct place *place, const char *profile,
	enum run_kind kind, journal_body *body, journal_after *after, void *ctx, struct error *err);

/* Appends an event with the current time. Each line is one write(2), so readers never see half of one. */
void journal_emit(struct journal *j, const struct event *e);

/* A sentence worth reporting. */
void journal_note(struct journal *j, const char *sentence);

/* The last event of a run that failed before its first step. */
void journal_fail(struct journal *j, int status, const char *sentence);

#endif
