/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test boot from the inside. run_boot (run.h) prepares a boot_job; the daemon carries it out as a boot_session, which makes
 * one or more attempts (boot_attempt.h): a second one when KVM turns out not to work here, or when the environment was at fault.
 */
#ifndef BOOT_H
#define BOOT_H

#include "check.h"
#include "diagnose.h"
#include "journal.h"
#include "machine.h"

struct boot_job {
	const struct place *place;
	const char *output; /* results folder, absolute */
	const char *log;    /* serial.log in it */
	const char *accel;  /* "kvm" or "tcg": the one to begin with */
	bool may_fall_back; /* from kvm to tcg */
	double limit_s;
	bool interactive;
	int log_fd; /* the daemon's; -1 before */
	struct arena arena;
	struct machine machine;
	struct facts facts;
	struct diagnosis_table table;
	struct check_list checks;
};

CHECKED bool boot_prepare(struct boot_job *job, const struct profile *p,
	const struct boot_options *o, struct error *err);
CHECKED bool boot_open_log(struct boot_job *job, struct error *err);
void boot_job_release(struct boot_job *job);

/* What is known about KVM on this machine since it was switched on. */
bool boot_kvm_is_bad(const struct place *place, const char *program);
void boot_remember_bad_kvm(const struct place *place, const char *program);

double boot_now(void);		   /* CLOCK_MONOTONIC, seconds */
double boot_seconds(double since); /* to the millisecond, for people */

journal_body boot_session; /* ctx: struct boot_job *; the daemon's body */

#endif
