/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One life of one guest: from the start of the emulator to its end, driven by boot_session's poll loop. The attempt carries the
 * bytes between the emulator and the conversation with the guest, and decides from both how it ended. The emulator is always
 * gone when the attempt is released.
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
	bool kvm_failed; /* the guest said nothing under KVM: worth another attempt without */
	bool pictured;	 /* the picture of the display was asked for */
};

CHECKED bool attempt_start(struct attempt *a, struct boot_job *job, struct journal *j,
	enum accel accel, const char *word, struct error *err);
void attempt_release(struct attempt *a);

/* For the poll loop, at most ATTEMPT_FDS entries; and the moment when attempt_step must be called at the latest. */
enum { ATTEMPT_FDS = EMULATOR_FDS + OUTSIDE_FDS };
size_t attempt_poll(const struct attempt *a, struct pollfd *fds);
double attempt_wake(const struct attempt *a, double now);

/* Takes what came, types what is due, looks at the clock. */
void attempt_step(struct attempt *a, double now);

/* Has the emulator draw the display, where a picture is wanted and there is none yet; waits for it a little. */
void attempt_picture(struct attempt *a);

/* Over, or, of an interactive one, all checks made: the verdict can be told. */
bool attempt_has_verdict(const struct attempt *a);
struct event attempt_verdict(struct attempt *a); /* lives as long as the attempt */

#endif
