/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test boot from the inside, or a grid of them. run_boot (run_boot.h) prepares a boot_job with the cells to start (one, or all
 * of the grid); the daemon runs it as a boot_session, which makes one or more attempts at each (boot_attempt.h): a second one if
 * KVM turns out not to work here, or if the environment was at fault.
 */
#ifndef BOOT_H
#define BOOT_H

#include "boot/check.h"
#include "boot/diagnose.h"
#include "boot/machine.h"
#include "boot/run_boot.h"
#include "choice/format.h"
#include "run/journal.h"

/* One way to start what was built: with which firmware, from which medium. */
struct boot_cell {
	enum loader loader;		     /* not AUTO */
	const struct machine_medium *medium; /* NULL: none, the kernel is started directly */
	const struct format *format;	     /* of the medium; NULL: none, or no image can be it */
	const char *file; /* the medium's, once found; the kernel's if started directly */
	const char *why;  /* why it cannot be started; NULL: it can */
	const char *log;  /* file for what the guest prints */
	uint64_t bytes;	  /* of what is loaded into memory */
};

struct boot_job {
	const struct place *place;
	const char *output; /* results folder, absolute */
	const char *
		log; /* of the current cell: serial.log in the results folder, or a file in grid/ */
	enum accel accel;   /* the accelerator to start with, not AUTO */
	bool may_fall_back; /* from kvm to tcg */
	bool grid;
	VEC(struct boot_cell) cells; /* one, unless it is a grid */
	size_t cell;		     /* the current one */
	long memory_mib;	     /* as requested by the caller; 0: from the profile */
	double limit_s;
	bool interactive;
	enum display display; /* not AUTO */
	enum link link;
	int tap;		/* the guest's end of a bridge made for it; -1: none */
	const char *symbols;	/* file with the kernel's symbols; NULL: there is none */
	const char *screenshot; /* absolute; NULL: none */
	struct strings doors;	/* "HOST GUEST", the job's */
	int log_fd;		/* the daemon's; -1 before */
	struct arena arena;
	struct machine machine;
	struct facts facts;
	struct known known;
	struct check_list checks;
};

/* boot_cells.c: the cells that the caller asks for; their files are not checked yet. */
CHECKED bool boot_choose_cells(struct boot_job *job, const struct profile *p,
	const struct boot_options *o, struct error *err);

/* "cd"; "kernel" without a medium. And for display. */
const char *cell_medium(const struct boot_cell *cell);
const char *cell_title(const struct boot_cell *cell);

/* Makes the facts those of this cell. `folder` is for files made for it. */
CHECKED bool boot_enter(struct boot_job *job, size_t cell, const char *folder, struct error *err);
void boot_leave(const char *folder);

/* boot_extras.c: the debugger's port, the display, its picture, more ports: facts from what the caller wants. */
CHECKED bool boot_add_extras(struct boot_job *job, const struct boot_options *o, struct error *err);
/* What the run's supervisor does at the very end. */
journal_after boot_after;
/* The ports that the caller wants, in the form of guestnet_open. Strings belong to the job. */
void boot_doors(struct boot_job *job, struct strings *forwards);

/* boot.c */
CHECKED bool boot_open_log(struct boot_job *job, struct error *err);
void boot_job_release(struct boot_job *job);

/* boot_memory.c: what is known about KVM on this machine since it booted. */
bool boot_kvm_is_bad(const struct place *place, const char *program);
void boot_remember_bad_kvm(const struct place *place, const char *program);

/* boot_session.c: the daemon's body; ctx: struct boot_job * */
journal_body boot_session;

#endif
