/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of checks, and the explanation of how a boot ended. See findings.h. */
#include "boot/findings.h"

#include "base/arena.h"
#include "base/known.h"
#include "base/vec.h"
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
	vec_release(&f->results);
	arena_release(&f->arena);
}

static json_t *passed(const struct check_result *r)
{
	return r->outcome == CHECK_UNTESTED ? json_null()
					    : json_boolean(r->outcome == CHECK_PASSED);
}

void findings_check(struct findings *f, const struct check *check, enum check_outcome outcome,
	const char *detail)
{
	const struct check_result r = {check, outcome, arena_str(&f->arena, detail)};

	vec_push(&f->results, r);
	journal_emit(f->journal,
		json_pack("{s:s,s:o,s:o,s:o}", "event", "check", "name", journal_text(check->name),
			"ok", passed(&r), "detail", journal_text(detail)));
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

	f->verdict = failed || diagnose_spoiled(&f->job->known) ? "fail" : "pass";
	f->over = over;
	f->event = DIAGNOSIS_NONE;
	if (failed)
		f->event = failed->check->event ? DIAGNOSIS_STAYED : DIAGNOSIS_CHECK;
}

void findings_end(struct findings *f, const char *verdict, enum diagnosis_event event)
{
	if (f->over)
		return;
	f->over = true;
	f->verdict = verdict;
	f->event = event;
}

/* The message that explains most, as far as lines tell. */
static const struct known_row *best_message(const struct findings *f)
{
	const struct check_result *failed = first_failed(f);

	if (f->event == DIAGNOSIS_NONE && !failed)
		return diagnose_spoiled(&f->job->known);
	return known_best(&f->job->known, failed ? failed->check->name : NULL);
}

json_t *findings_diagnosis(struct findings *f, const char *line)
{
	const struct check_result *failed = first_failed(f);
	const struct known_row *row = best_message(f), *noticed = NULL;
	const char *cause, *remedy, *id;

	if (strcmp(f->verdict, "pass") == 0)
		return json_null();
	if (f->event != DIAGNOSIS_NONE)
		noticed = diagnose_event(&f->job->known, f->event);
	if (!row || (noticed && noticed->rank >= row->rank))
		row = noticed;
	if (!row)
		return json_null();
	id = row->id;
	known_tell(row, NULL, &f->arena, &cause, &remedy);
	line = row->line ? row->line : line;
	if (failed && row == diagnose_event(&f->job->known, DIAGNOSIS_CHECK)) {
		id = arena_fmt(&f->arena, "check-%s", failed->check->name);
		cause = failed->check->cause;
		remedy = failed->check->remedy;
		line = failed->detail;
	}
	return json_pack("{s:o,s:o,s:o,s:o}", "id", journal_text(id), "line", journal_text(line),
		"cause", journal_text(cause), "remedy", journal_text(remedy));
}

json_t *findings_checks(const struct findings *f, bool untested)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->results.n; i++) {
		const struct check_result *r = &f->results.at[i];
		json_t *one;

		if ((r->outcome == CHECK_UNTESTED) != untested)
			continue;
		one = json_pack("{s:o}", "name", journal_text(r->check->name));
		if (!untested)
			json_object_set_new(one, "ok", passed(r));
		json_object_set_new(one, "detail", journal_text(r->detail));
		json_array_append_new(list, one);
	}
	return list;
}

bool findings_should_retry(const struct findings *f)
{
	const struct check_result *failed = first_failed(f);
	const struct known_row *best =
		known_best(&f->job->known, failed ? failed->check->name : NULL);

	return strcmp(f->verdict, "pass") != 0 && f->event != DIAGNOSIS_CANCELLED && best &&
	       best->retry;
}
