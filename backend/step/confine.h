/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sandbox of a step (proc/jail.h): what its programs see and what they can change, and where our own actions follow them. */
#ifndef CONFINE_H
#define CONFINE_H

#include "proc/jail_enter.h"
#include "step/action.h"

/* Is there one? */
bool confine_is_on(const struct action_context *c);

/* The PATH of its programs; NULL: none. */
const char *confine_search(const struct step *s);

/* Read-only: the results of all units that the step waits for, however far away, the folders of PATH, and our data. To write in:
 * the work folder. In the arena. */
CHECKED bool confine_view(
	const struct action_context *c, struct jail *j, struct arena *a, struct error *err);

/* The step's folder for temporary files, on the disk of the cache, made if needed; in the arena. */
CHECKED bool confine_temporary(
	const struct action_context *c, const char **folder, struct arena *a, struct error *err);

/* A path in the work folder that leads out of it was bent by a program of the step: no action of ours goes there. */
CHECKED bool confine_check(const struct action_context *c, const char *path, struct error *err);

#endif
