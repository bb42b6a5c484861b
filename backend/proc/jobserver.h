/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shared jobserver: how many compilers run at once over all steps of a build. The protocol is GNU make's ("POSIX
 * Jobserver" in its manual): a step's programs may run one job at once, and one more for each byte they have read from the
 * step's pipe; they write the byte back when that job ends. Every step has a pipe of its own, and the ledger says what was put
 * into it, so that the pool is whole again when a step is gone, however it ended.
 *
 * All versions of make understand the numbers of the pipe's ends; but make 4.4 hands them to recipes only, while what $(shell)
 * starts is told of them all the same and works alone, with a warning. So where make knows how, the pipe has a path: that of
 * the open file in /proc. Nothing lies in a file system, and nothing is left when the step is gone.
 *
 * A step takes a slot when it begins and gives it back, with all that was granted, when its processes are gone. Nothing blocks.
 */
#ifndef JOBSERVER_H
#define JOBSERVER_H

#include "base/text.h"
#include "base/vec.h"

/* Under these numbers a step's programs find the ends of their pipe. */
#define JOBSERVER_READ_FD  4
#define JOBSERVER_WRITE_FD 5

/* What one step has. The fds are close-on-exec; -1: none. */
struct job_share {
	int read_fd, write_fd; /* the ends that the step's programs get */
	int own_fd;	/* the reading end once more, non-blocking without making it so for them */
	long granted;	/* bytes in the pipe or in programs' hands */
	bool parallel;	/* runs programs that may ask for more than the one slot */
	bool by_path;	/* they are told the pipe's path, not its numbers */
	int idle_ticks; /* how often a byte was seen lying there */
	int declined;	/* ticks for which it is not offered more: what it got was left lying */
};

struct jobserver {
	long slots, free;
	bool asked, by_path;		/* make was asked whether it takes a path, and does */
	VEC(struct job_share *) shares; /* of the steps that run */
};

void jobserver_open(struct jobserver *j, long slots);
void jobserver_close(struct jobserver *j);

/* What make is told, for its environment; to be called by the process that has the pipe under the numbers above. */
void jobserver_tell(long slots, bool by_path, struct text *out);

/* Takes a slot, which has to be free. */
CHECKED bool jobserver_enter(
	struct jobserver *j, struct job_share *s, bool parallel, struct error *err);
void jobserver_leave(struct jobserver *j, struct job_share *s);

/* One look at all pipes: takes back what lies unused while others could use it, and grants what is free. `waiting`: a step
 * could begin if a slot were free, so nothing is granted and what lies around is taken back at once. True when a slot is free
 * now. */
bool jobserver_tick(struct jobserver *j, bool waiting);

/* Whether a later tick may change something, so that the caller has to come back soon. */
bool jobserver_restless(const struct jobserver *j, bool waiting);

#endif
