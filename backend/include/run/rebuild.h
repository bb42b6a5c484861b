/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A place to build a profile again as if by somebody else: an empty cache that shares only archives of sources with ours (and,
 * when only images are to be written again, the finished components), another folder, user, host name, time zone, locale, umask
 * and number of jobs, and a file system that lists folders in another order, as far as this machine has all that.
 */
#ifndef REBUILD_H
#define REBUILD_H

#include "plan/plan.h"

/* One thing that may leave traces: its value before and now; `now` NULL: it could not be changed, and `why` says why. */
struct varied {
	const char *what, *was, *now, *why;
};

struct rebuild {
	struct arena arena;
	const char *folder; /* everything is below it */
	const char *cache, *output, *lock, *state, *work;
	long jobs;
	VEC(struct varied) varied;
	VEC(int) locks; /* on what is shared, so that nobody removes it meanwhile */
	bool images_only;
	bool other_order; /* it is on another file system */
	bool keep;	  /* rebuild_release leaves the folder */
};

/* Makes the place for a plan whose sources (and components) are all in the cache. */
CHECKED bool rebuild_prepare(struct rebuild *r, const struct plan *plan, const struct place *place,
	bool images_only, struct error *err);

/* Makes this process look like another user's on another machine, for good; so does everything it starts from now on. */
void rebuild_enter(struct rebuild *r);
void rebuild_release(struct rebuild *r);

#endif
