/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One life of one guest: from the start of the emulator to its end, driven by boot_session's poll loop. The attempt knows what
 * the guest said and how far it came; it emits milestones and checks, and decides how it ended. The emulator is always gone
 * when the attempt is released.
 */
#ifndef BOOT_ATTEMPT_H
#define BOOT_ATTEMPT_H

#include "boot/boot.h"
#include "boot/console.h"
#include "boot/outside.h"
#include "boot/qmp.h"
#include "boot/talk.h"
#include "proc/proc.h"
#include <poll.h>

enum attempt_phase {
	PHASE_BOOT, /* no shell yet */
	PHASE_CHECK,
	PHASE_OFF,  /* asked to power off */
	PHASE_FREE, /* interactive: the checks are done, the guest is the person's */
	PHASE_OVER,
};

struct check_result {
	const char *name;
	bool ok, untested; /* neither: it cannot be tried here */
	const char *detail;
};

struct check_results {
	struct check_result *at;
	size_t n, cap;
};

struct attempt {
	struct boot_job *job;
	struct journal *journal;
	struct arena arena;
	const char *accel;

	struct proc proc;
	bool running;
	int status;	     /* of the emulator, when it has ended */
	int serial, control; /* sockets, -1 when closed */
	struct console console;
	struct talk talk;
	struct qmp qmp;
	char *stop_reason; /* of QMP's SHUTDOWN; NULL: none came */
	bool stop_by_guest;
	bool sent_away;
	bool pictured; /* the picture of the display was asked for */

	enum attempt_phase phase;
	double began, ready_s; /* CLOCK_MONOTONIC; ready_s since `began`, 0: never */
	double heard;	       /* when the last byte came */
	double fatal_at;       /* a fatal message came: the end when this is reached; 0: none */
	struct text last_line;
	bool kernel, init;	 /* milestones */
	uint64_t answered_bytes; /* console.bytes when a prompt was last reacted to */
	double probed;		 /* when the shell was last asked whether it is there */
	uint64_t logged;	 /* bytes in serial.log */

	size_t check;				     /* the current one */
	double check_until, answer_until, ask_again; /* 0: not asked for */
	struct outside outside;
	struct check_results results;
	const char *failed; /* name of the first check that failed */
	struct check *failed_check;

	/* how it ended, in PHASE_OVER */
	const char *verdict; /* "pass", "fail", "timeout" */
	enum diagnosis_event event;
	bool kvm_failed; /* the guest said nothing under KVM: worth another attempt without */
};

CHECKED bool attempt_start(struct attempt *a, struct boot_job *job, struct journal *j,
	const char *accel, const char *word, struct error *err);
void attempt_release(struct attempt *a);

/* For the poll loop, at most ATTEMPT_FDS entries; and the moment when attempt_step must be called at the latest. */
enum { ATTEMPT_FDS = 3 + OUTSIDE_FDS };
size_t attempt_poll(const struct attempt *a, struct pollfd *fds);
double attempt_wake(const struct attempt *a, double now);

/* Takes what came, types what is due, looks at the clock. */
void attempt_step(struct attempt *a, double now);

/* A person's key presses: passed on in PHASE_FREE only. */
void attempt_type(struct attempt *a, const char *bytes, size_t len);
void attempt_cancel(struct attempt *a);

/* boot_checks.c: the part of the conversation that follows the first answer. */
void attempt_begin_checks(struct attempt *a, double now);
void attempt_check_answered(struct attempt *a, double now);
void attempt_check_clock(struct attempt *a, double now);
void attempt_check_off(struct attempt *a, bool ok);
double attempt_check_wake(const struct attempt *a);

/* Has the emulator draw the display, where a picture is wanted and there is none yet; waits for it a little. */
void attempt_picture(struct attempt *a);

void attempt_over(struct attempt *a, const char *verdict, enum diagnosis_event event);

/* boot_verdict.c */
json_t *attempt_verdict(struct attempt *a);
void attempt_tell_cell(const struct attempt *a, json_t *o); /* which one an event is about */
json_t *attempt_ok(const struct check_result *r); /* true, false, or null: it could not be tried */
bool attempt_should_retry(const struct attempt *a);
void attempt_read_emulator(struct attempt *a);

#endif
