/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shared jobserver: how many compilers run at once over all steps of a build. The protocol is GNU make's ("POSIX Jobserver"
 * in its manual): a step's programs may run one job at once, and one more for each byte they have read from the step's pipe; they
 * write the byte back when that job ends. Every step has its own pipe, and the ledger records what was put into it, so that the
 * pool is complete again when a step is gone, however it ended.
 *
 * All versions of make understand the fd numbers of the pipe. But make 4.4 passes these fds to recipes only; programs started by
 * $(shell) see the numbers without the fds, warn, and run one job. So if make supports it, the pipe has a path: that of the open
 * file in /proc. No file is created, and nothing remains after the step.
 *
 * A step takes a slot when it begins and gives it back, with all that was granted, when its processes are gone. Nothing blocks.
 */
#ifndef JOBSERVER_H
#define JOBSERVER_H

#include "base/text.h"
#include "base/vec.h"

/* A step's programs have the ends of their pipe at these numbers. */
#define JOBSERVER_READ_FD  4
#define JOBSERVER_WRITE_FD 5

/* What one step has. The fds are close-on-exec; -1: none. */
struct job_share {
	int read_fd, write_fd; /* the ends that the step's programs get */
	int own_fd;	       /* the read end again, non-blocking without making it so for them */
	long granted;	       /* bytes in the pipe or held by programs */
	bool parallel;	       /* runs programs that may request more than the one slot */
	bool by_path;	       /* they get the pipe's path, not its numbers */
	int idle_ticks;	       /* how often an unused byte was seen in the pipe */
	int declined;	       /* ticks for which it gets no more: it left unused what it had */
};

struct jobserver {
	long slots, free;
	bool asked, by_path;		/* make was asked and supports a path */
	VEC(struct job_share *) shares; /* of the running steps */
};

void jobserver_open(struct jobserver *j, long slots);
void jobserver_close(struct jobserver *j);

/* MAKEFLAGS for the environment of make; call it in the process that has the pipe at the numbers above. */
void jobserver_tell(long slots, bool by_path, struct text *out);

/* Takes a slot; one must be free. */
CHECKED bool jobserver_enter(
	struct jobserver *j, struct job_share *s, bool parallel, struct error *err);
void jobserver_leave(struct jobserver *j, struct job_share *s);

/* Looks at all pipes once: takes back unused bytes that others could use, and grants what is free. `waiting`: a step could start
 * if a slot were free, so nothing is granted and unused bytes are taken back at once. True if a slot is free now. */
bool jobserver_tick(struct jobserver *j, bool waiting);

/* Could a later tick change something, so that the caller has to come back soon? */
bool jobserver_restless(const struct jobserver *j, bool waiting);

#endif
