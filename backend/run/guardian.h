/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes of one running step: a guardian in a session of its own, and below it the worker that performs the step's
 * actions. The guardian is the subreaper of everything the step starts and ends only when all of that is gone. It ends the step
 * when the worker has ended, on SIGTERM (a second of grace, then SIGKILL), and when the builder dies (at once). Until then it
 * holds the unit's lock, so that nobody else touches the work folder too early.
 */
#ifndef GUARDIAN_H
#define GUARDIAN_H

#include "plan/plan.h"
#include "proc/jobserver.h"
#include <sys/types.h>

struct guardian {
	pid_t pid;
	int pidfd;	 /* readable when everything of the step is gone */
	int out_fd;	 /* stdout and stderr of the step, non-blocking */
	int progress_fd; /* the worker's lines (action_tell), non-blocking */
};

CHECKED bool guardian_start(struct guardian *g, const struct plan *plan, const struct step *step,
	const struct place *place, const struct jail_power *power, int lock_fd,
	const struct job_share *jobs, struct error *err);

/* After pidfd became readable: reaps it. 0 if the step succeeded, else 128+n for a signal or another status. `cpu`: seconds of
 * processors' time that the step and all its programs took. */
int guardian_finish(struct guardian *g, double *cpu);

#endif
