/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One life of one guest: from the start of the emulator to its end, driven by boot_session's poll loop. The attempt carries the
 * bytes between the emulator and the conversation with the guest, and decides from both how it ended. Releasing the attempt
 * always ends the emulator.
 */
#ifndef BOOT_ATTEMPT_H
#define BOOT_ATTEMPT_H

#include "boot/conversation.h"
#include "boot/emulator.h"

struct attempt {
	struct boot_job *job;
	struct journal *journal;
	struct emulator emulator;
	struct conversation conversation;
	struct findings findings;
	bool kvm_failed; /* the guest was silent under KVM: worth another attempt without */
	bool pictured;	 /* the picture of the display was requested */
};

CHECKED bool attempt_start(struct attempt *a, struct boot_job *job, struct journal *j,
	enum accel accel, const char *word, struct error *err);
void attempt_release(struct attempt *a);

/* For the poll loop, at most ATTEMPT_FDS entries; also the latest time for the next attempt_step. */
enum { ATTEMPT_FDS = EMULATOR_FDS + OUTSIDE_FDS };
size_t attempt_poll(const struct attempt *a, struct pollfd *fds);
double attempt_wake(const struct attempt *a, double now);

/* Reads what arrived, types what is due, checks the time. */
void attempt_step(struct attempt *a, double now);

/* Requests the picture of the display, if wanted and not there yet; waits for it briefly. */
void attempt_picture(struct attempt *a);

/* It is over, or, if interactive, all checks are made: the verdict can be reported. */
bool attempt_has_verdict(const struct attempt *a);
struct event attempt_verdict(struct attempt *a); /* lives as long as the attempt */

#endif
