/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a test boot: the results of its checks, how it ended, and the verdict that people and scripts read. The first
 * end counts; checks are told as events when they come.
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

/* The verdict is that of the checks. Not `over`: the guest goes on for a person, and ends in its own way. */
void findings_conclude(struct findings *f, bool over);
void findings_end(struct findings *f, enum verdict verdict, enum diagnosis_event event);

/* Of the verdict: the checks that were made, or those that could not be; and what explains it, NULL when it is a pass. `line` is
 * what was said last, for when no known message explains it. Both belong to the findings. */
struct event_checks findings_checks(struct findings *f, bool untested);
const struct event_diagnosis *findings_diagnosis(struct findings *f, const char *line);

/* The environment's fault, not the guest's: worth one more attempt. */
bool findings_should_retry(const struct findings *f);

#endif
