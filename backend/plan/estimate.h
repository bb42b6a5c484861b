/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What steps will probably cost: as they did here, else as measured elsewhere (figures.h) and scaled by how fast this machine is,
 * else as others of their kind by the size of their archives.
 */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "cache/history.h"
#include "plan/plan.h"

/* This machine, as its history shows it. */
struct machine_speed {
	double ratio;		 /* seconds here for one of the figures, 1 if nothing is known */
	bool known;		 /* that ratio */
	double rough;		 /* by what factor that may be wrong */
	double bytes_per_second; /* of downloads */
	double rough_net;
	double cores; /* that steps may use at once */
};
struct machine_speed estimate_speed(const struct history *h, const struct figures *f, long jobs);

/* `archive`: bytes of the archive that it is made from, 0: none. */
struct cost estimate_step(const struct plan *p, const struct history *h,
	const struct machine_speed *m, const struct step *s, uint64_t archive);

/* How many objects it will count if its unit's configuration switches so many symbols on (0: not known); 0: no idea. Between two
 * that were counted it is interpolated, beyond them in proportion. */
uint64_t estimate_objects(
	const struct plan *p, const struct history *h, const struct step *s, uint64_t symbols);

/* All steps that will run, in the order of the plan, and what waits for what: seconds if each takes `factor` of its doubt more
 * (1), less (-1) or as estimated (0). */
double estimate_total(const struct plan *p, double cores, int doubt);

#endif
