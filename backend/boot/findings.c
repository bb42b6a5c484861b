/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the results of checks, and explains how a boot ended. */
#include "boot/findings.h"

#include "base/arena.h"
#include "base/known.h"
#include "boot/diagnose.h"
#include "run/journal.h"

#include <string.h>

#include "base/banned.h"

void findings_begin(struct findings *f, struct boot_job *job, struct journal *j)
{
	*f = (struct findings){.job = job, .journal = j};
}

void findings_release(struct findings *f)
{
	arena_release(&f->arena);
}

void findings_check(struct findings *f, const struct check *check, enum check_outcome outcome,
	const char *detail)
{
	const struct check_result r = {check, outcome, arena_str(&f->arena, detail)};

	vec_push_in(&f->arena, &f->results, r);
	journal_emit(f->journal,
		&(struct event){.kind = EVENT_CHECK, .check = {check->name, outcome, detail}});
}

bool findings_has_failed(const struct findings *f, const char *check)
{
	for (size_t i = 0; check && i < f->results.n; i++)
		if (strcmp(f->results.at[i].check->name, check) == 0)
			return f->results.at[i].outcome == CHECK_FAILED;
	return false;
}

static const struct check_result *first_failed(const struct findings *f)
{
	for (size_t i = 0; i < f->results.n; i++)
		if (f->results.at[i].outcome == CHECK_FAILED)
			return &f->results.at[i];
	return NULL;
}

void findings_conclude(struct findings *f, bool over)
{
	const struct check_result *failed = first_failed(f);

	f->verdict = failed || diagnose_spoiled(&f->job->known) ? VERDICT_FAIL : VERDICT_PASS;
	f->over = over;
	f->event = DIAGNOSIS_NONE;
	if (failed)
		f->event = failed->check->event ? DIAGNOSIS_STAYED : DIAGNOSIS_CHECK;
}

void findings_end(struct findings *f, enum verdict verdict, enum diagnosis_event event)
{
	if (f->over)
		return;
	f->over = true;
	f->verdict = verdict;
	f->event = event;
}

const struct event_diagnosis *findings_diagnosis(struct findings *f, const char *line)
{
	const struct check_result *failed = first_failed(f);
	const struct known *k = &f->job->known;
	const struct known_row *row =
		diagnose_best(k, f->event, failed ? failed->check->name : NULL);
	struct event_diagnosis *d;

	if (f->verdict == VERDICT_PASS || !row)
		return NULL;
	d = arena_alloc(&f->arena, sizeof *d);
	d->id = row->id;
	known_tell(k, row, NULL, &f->arena, &d->cause, &d->remedy);
	d->line = arena_str(&f->arena, row->line ? row->line : failed ? failed->detail : line);
	/* the row that holds everywhere stands for the check's own words */
	if (failed && f->event == DIAGNOSIS_CHECK && row->event && !row->when.n)
		*d = (struct event_diagnosis){arena_fmt(&f->arena, "check-%s", failed->check->name),
			failed->detail, failed->check->cause, failed->check->remedy};
	return d;
}

struct event_checks findings_checks(struct findings *f, bool untested)
{
	struct event_check *list = arena_alloc(&f->arena, (f->results.n + 1) * sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < f->results.n; i++) {
		const struct check_result *r = &f->results.at[i];

		if ((r->outcome == CHECK_UNTESTED) == untested)
			list[n++] = (struct event_check){r->check->name, r->outcome, r->detail};
	}
	return (struct event_checks){list, n};
}

bool findings_should_retry(const struct findings *f)
{
	const struct check_result *failed = first_failed(f);
	const struct known_row *best =
		known_best(&f->job->known, failed ? failed->check->name : NULL);

	return f->verdict != VERDICT_PASS && f->event != DIAGNOSIS_CANCELLED && best && best->retry;
}
