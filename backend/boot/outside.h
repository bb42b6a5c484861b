/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a check that is made from outside the guest: one program of this machine at a time, and its output. It runs in the
 * caller's poll loop; output beyond OUTSIDE_SAID bytes is ignored.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include "proc/proc.h"
#include <poll.h>

enum { OUTSIDE_SAID = 1 << 16, OUTSIDE_FDS = 2 };

struct outside {
	struct proc proc;
	bool running;
	int out; /* the pipe's end, -1: none */
	struct text said;
};

void outside_init(struct outside *o);

/* argv ends with NULL. Ends what ran before. */
CHECKED bool outside_start(struct outside *o, const char *const argv[], struct error *err);

size_t outside_poll(const struct outside *o, struct pollfd *fds);

/* Reads what came. True, once: the program has ended, and `said` is all of its output. */
bool outside_has_ended(struct outside *o);

/* Ends what runs and forgets it. */
void outside_end(struct outside *o);

#endif
