/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From how an attempt ended to the verdict that people and scripts read. See boot_attempt.h. */
#include "boot/boot_attempt.h"

#include "base/arena.h"
#include "base/known.h"
#include "base/text.h"
#include "boot/boot.h"
#include "boot/diagnose.h"
#include "choice/facts.h"
#include "proc/proc.h"
#include "run/journal.h"

#include <string.h>

#include "base/banned.h"

/* The emulator's own words: the messages among them, and the last line for those that nobody knows. */
void attempt_read_emulator(struct attempt *a)
{
	const char *path = arena_fmt(&a->arena, "%s/emulator.log", a->journal->folder);
	struct text words = TEXT_INIT;
	struct error err;

	if (!text_read_file(&words, path, 1 << 20, &err))
		text_clear(&words);
	text_clear(&a->last_line);
	text_fmt(&a->last_line, "it said nothing and ended with %s", proc_words(a->status).s);
	for (const char *s = words.s; *s;) {
		size_t len = strcspn(s, "\n");

		if (len) {
			known_line(&a->job->known, "emulator", s, len);
			text_clear(&a->last_line);
			text_add(&a->last_line, s, len);
		}
		s += len + (s[len] == '\n');
	}
	text_release(&words);
}

static const struct known_row *explanation(const struct attempt *a)
{
	const struct known *k = &a->job->known;
	const struct known_row *best = known_best(k, a->failed);
	const struct known_row *noticed =
		a->event == DIAGNOSIS_NONE ? NULL : diagnose_event(k, a->event);

	if (a->event == DIAGNOSIS_NONE && !a->failed)
		best = diagnose_spoiled(k);
	if (!best || (noticed && noticed->rank >= best->rank))
		return noticed;
	return best;
}

static json_t *diagnosis(struct attempt *a)
{
	const struct known_row *row;
	const char *cause, *remedy, *id, *line;

	if (a->event == DIAGNOSIS_EMULATOR)
		attempt_read_emulator(a);
	row = explanation(a);
	if (!row)
		return json_null();
	id = row->id;
	known_tell(row, NULL, &a->arena, &cause, &remedy);
	line = row->line ? row->line : a->last_line.s;
	if (a->failed_check && row == diagnose_event(&a->job->known, DIAGNOSIS_CHECK)) {
		id = arena_fmt(&a->arena, "check-%s", a->failed);
		cause = a->failed_check->cause;
		remedy = a->failed_check->remedy;
		line = a->results.at[a->results.n - 1].detail;
		for (size_t i = 0; i < a->results.n; i++)
			if (a->results.at[i].name == a->failed)
				line = a->results.at[i].detail;
	}
	return json_pack("{s:o,s:o,s:o,s:o}", "id", journal_text(id), "line", journal_text(line),
		"cause", journal_text(cause), "remedy", journal_text(remedy));
}

json_t *attempt_ok(const struct check_result *r)
{
	return r->untested ? json_null() : json_boolean(r->ok);
}

/* The checks that were made, or those that could not be. */
static json_t *checks(const struct attempt *a, bool untested)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->results.n; i++) {
		const struct check_result *r = &a->results.at[i];
		json_t *o;

		if (r->untested != untested)
			continue;
		o = json_pack("{s:o}", "name", journal_text(r->name));
		if (!untested)
			json_object_set_new(o, "ok", json_boolean(r->ok));
		json_object_set_new(o, "detail", journal_text(r->detail));
		json_array_append_new(list, o);
	}
	return list;
}

void attempt_tell_cell(const struct attempt *a, json_t *o)
{
	const struct boot_cell *c = &a->job->cells.at[a->job->cell];

	json_object_set_new(o, "medium", journal_text(cell_medium(c)));
	json_object_set_new(o, "file", journal_text(c->file));
	if (a->job->grid)
		json_object_set_new(o, "cell", json_integer((json_int_t)a->job->cell + 1));
}

json_t *attempt_verdict(struct attempt *a)
{
	bool pass = strcmp(a->verdict, "pass") == 0;
	json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "event", "verdict",
		"verdict", a->verdict, "accel", a->accel, "firmware",
		facts_get(&a->job->facts, "loader"), "ready_seconds",
		a->ready_s > 0 ? json_real(boot_seconds(a->ready_s)) : json_null(), "checks",
		checks(a, false), "untested", checks(a, true), "diagnosis",
		pass ? json_null() : diagnosis(a), "log", journal_text(a->job->log));

	attempt_tell_cell(a, o);
	return o;
}

/* The environment's fault, not the guest's: worth one more attempt. */
bool attempt_should_retry(const struct attempt *a)
{
	const struct known_row *best;

	if (strcmp(a->verdict, "pass") == 0 || a->event == DIAGNOSIS_CANCELLED)
		return false;
	best = known_best(&a->job->known, a->failed);
	return best && best->retry;
}
