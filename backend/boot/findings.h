/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The outcome of a test boot: the results of its checks, how it ended, and the verdict that people and scripts read. Only the
 * first end counts; checks are reported as events as they are made.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "boot/boot.h"

struct check_result {
	const struct check *check;
	enum check_outcome outcome;
	const char *detail;
};

struct findings {
	struct boot_job *job;
	struct journal *journal;
	struct arena arena;
	VEC(struct check_result) results;
	bool over;
	enum verdict verdict;
	enum diagnosis_event event;
};

void findings_begin(struct findings *f, struct boot_job *job, struct journal *j);
void findings_release(struct findings *f);

void findings_check(struct findings *f, const struct check *check, enum check_outcome outcome,
	const char *detail);
bool findings_has_failed(const struct findings *f, const char *check); /* NULL: no check, false */

/* The checks decide the verdict. Not `over`: the guest goes on for a person, and ends later in its own way. */
void findings_conclude(struct findings *f, bool over);
void findings_end(struct findings *f, enum verdict verdict, enum diagnosis_event event);

/* For the verdict: the checks that were made, or those that could not be; and the explanation, NULL for a pass. `line` is the
 * last output, used if no known message explains it. Both live in the findings. */
struct event_checks findings_checks(struct findings *f, bool untested);
const struct event_diagnosis *findings_diagnosis(struct findings *f, const char *line);

/* The environment's fault, not the guest's: worth another attempt. */
bool findings_should_retry(const struct findings *f);

#endif
