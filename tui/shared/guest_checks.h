/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test boot types its checks into the guest's shell, each between two marks. On the screen they are in the way of what the
 * system itself says, so the console pane leaves them out: from the echo of a first mark to the end of the second one's line.
 * The log has them all.
 */
#ifndef GUEST_CHECKS_H
#define GUEST_CHECKS_H

#include "base/text.h"

struct guest_checks {
	size_t at;    /* bytes of the first mark seen so far, which are held back */
	size_t ends;  /* bytes of the second one */
	bool inside;  /* between the marks */
	size_t lines; /* hidden so far */
	bool last;    /* the second mark was seen: to the end of its line */
};

void guest_checks(struct guest_checks *g, const char *bytes, size_t len, struct text *out);

/* Gives out what is held back: somebody types and sees every key at once, and nothing is hidden for long because no shell took
 * the command. */
void guest_checks_flush(struct guest_checks *g, struct text *out);

/* What to type so that the guest's terminal gets this size; hidden as checks are. */
void guest_checks_size(int rows, int cols, struct text *out);

#endif
