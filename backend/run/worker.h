/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The body of a step's own process: performs its actions in order, and leaves the traces that make a unit resumable. */
#ifndef WORKER_H
#define WORKER_H

#include "plan/plan.h"
#include "proc/jobserver.h"

#define WORKER_PROGRESS_FD 3

/* The exit status of the process: 0 if all actions were done. */
int worker_main(const struct plan *plan, const struct step *step, const struct place *place,
	const struct jail_power *power, const struct job_share *jobs);

/* The step with its source's date, or the newest of all, wherever its words name it; in the arena if it is a copy. */
CHECKED bool worker_date(const struct plan *plan, const struct step *s, const struct place *place,
	struct arena *a, struct step *dated, struct error *err);

/* A unit's work folder survives a killed build. Each finished step leaves a stamp in it; after a reboot stamps no longer count,
 * because the data they vouch for may not have reached the disk. worker_prepare makes the folder, empty if its content cannot be
 * trusted. */
CHECKED bool worker_prepare(const struct unit *u, struct error *err);
bool worker_was_done(const struct step *s);

#endif
