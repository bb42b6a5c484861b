/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot can notice by itself, and the table of known messages (share/diagnosis/boot.table, base/known.h), which has a row
 * for each of them. The table also searches the guest's lines as they come, and later the emulator's, as from "emulator".
 */
#ifndef DIAGNOSE_H
#define DIAGNOSE_H

#include "base/known.h"
#include "choice/facts.h"

enum diagnosis_event {
	DIAGNOSIS_NONE,
	DIAGNOSIS_SILENT, /* not a single byte on the serial line: until the time was up, under KVM, until a reboot */
	DIAGNOSIS_SILENT_KVM,
	DIAGNOSIS_SILENT_RESET,
	DIAGNOSIS_STARVED,   /* the time was up, and most of it others had the processors */
	DIAGNOSIS_STUCK,     /* the kernel spoke, init never did */
	DIAGNOSIS_NO_SHELL,  /* init runs, no shell answers */
	DIAGNOSIS_SLOW,	     /* the shell answered, but the checks did not finish in time */
	DIAGNOSIS_RESET,     /* the guest rebooted itself */
	DIAGNOSIS_OFF,	     /* the guest ended before it was asked to */
	DIAGNOSIS_STAYED,    /* it was asked to power off and did not */
	DIAGNOSIS_EMULATOR,  /* the emulator ended with an error */
	DIAGNOSIS_CANCELLED, /* a person ended the boot */
	DIAGNOSIS_CHECK,     /* a check failed and nothing better is known */
};

/* Must be released by known_release in either case. `facts` stay the caller's, and are asked until then. */
CHECKED bool diagnose_load(
	struct known *k, const struct place *p, const struct facts *facts, struct error *err);

/* The row of an event where the check (NULL: none) failed; NULL if the table has none. */
const struct known_row *diagnose_event(
	const struct known *k, enum diagnosis_event event, const char *check);

/* What explains most: a message that was seen, or what was noticed. NULL: nothing. */
const struct known_row *diagnose_best(
	const struct known *k, enum diagnosis_event event, const char *check);

/* A seen message that forbids the verdict "pass". */
const struct known_row *diagnose_spoiled(const struct known *k);

#endif
