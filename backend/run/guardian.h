/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes of one running step: a guardian in a session of its own, and below it the worker that performs the step's
 * actions. The guardian is the subreaper of everything the step starts and does not end before all of it is gone: when the
 * worker has ended, when it is told to (SIGTERM: a second of grace, then SIGKILL), and when the builder dies (at once).
 * It holds the unit's lock as long, so that nobody else touches the work folder too early.
 */
#ifndef GUARDIAN_H
#define GUARDIAN_H

#include "plan/plan.h"
#include "proc/jobserver.h"
#include <sys/types.h>

struct guardian {
	pid_t pid;
	int pidfd;	 /* readable when all of the step is gone */
	int out_fd;	 /* stdout and stderr of the step, non-blocking */
	int progress_fd; /* the worker's lines (action_tell), non-blocking */
};

CHECKED bool guardian_start(struct guardian *g, const struct plan *plan, const struct step *step,
	const struct place *place, int lock_fd, const struct job_share *jobs, struct error *err);

/* After pidfd became readable: reaps it. 0 when the step succeeded, else 128+n for a signal or another status. */
int guardian_finish(struct guardian *g);

#endif
