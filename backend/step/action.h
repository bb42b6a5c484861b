/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performs actions; plan/action_facts.h lists them and explains their words. An action runs in the step's own process, with
 * standard output and error going to the step's log and fd 3 carrying progress; it may block, fork and die without harm to the
 * builder.
 */
#ifndef ACTION_H
#define ACTION_H

#include <sys/types.h>
#include "plan/action_facts.h"
#include "plan/plan.h"
#include "proc/jail.h"
#include "proc/jobserver.h"

struct action_context {
	const struct plan *plan;
	const struct step *step;
	const struct place *place;
	int progress_fd; /* 3, or -1 if nobody listens */
	double *paced;	 /* when progress was last reported; NULL: report everything */
	mode_t umask;	 /* the person's, for what is theirs; steps have 022 */
	const struct jail_power
		*power; /* of the sandbox for programs; NULL, or nothing of it: none */
	const struct job_share
		*jobs; /* if parallel, the pipe is at JOBSERVER_READ_FD and JOBSERVER_WRITE_FD */
};

typedef bool action_fn(
	const struct action_context *c, const struct strings *args, struct error *err);

/* Performs one action of the step; too few words, or a verb missing from the table, is an internal error. */
CHECKED bool action_perform(
	const struct action_context *c, const struct action *a, struct error *err);

/* One line to the builder: "action N", "exit STATUS" (of a program), "error KIND SENTENCE", "note SENTENCE" (for the person),
 * "symbols N" (how many the finished configuration switches on); adds the newline. */
void action_tell(const struct action_context *c, const char *fmt, ...) FORMAT(2, 3);

/* Writes "progress DONE TOTAL UNIT\n" to the progress fd, at most ten times a second and always at DONE == TOTAL. */
void action_progress(
	const struct action_context *c, uint64_t done, uint64_t total, const char *unit);

#define ACTION_DECLARED(verb, least, revision, function) action_fn function;
ACTION_ROWS(ACTION_DECLARED)

#endif
