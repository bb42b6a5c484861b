/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and reads events as lines of JSON, by one table. */
#include "run/event_row.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "run/event.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* ---- words ---- */

/* Each list ends with NULL. */
static const char *const kind_words[] = {[EVENT_PLAN] = "plan",
	[EVENT_NOTE] = "note",
	[EVENT_STEP_START] = "step-start",
	[EVENT_PROGRESS] = "progress",
	[EVENT_STEP_DONE] = "step-done",
	[EVENT_FINISHED] = "finished",
	[EVENT_BOOT_START] = "boot-start",
	[EVENT_MILESTONE] = "milestone",
	[EVENT_CHECK] = "check",
	[EVENT_VERDICT] = "verdict",
	[EVENT_GRID_PLAN] = "grid-plan",
	[EVENT_GRID] = "grid",
	[EVENT_LOST] = NULL};
static const char *const verdict_words[] = {
	[VERDICT_FAIL] = "fail", [VERDICT_PASS] = "pass", [VERDICT_TIMEOUT] = "timeout", NULL};
static const char *const result_words[] = {[RESULT_FAILED] = "failed",
	[RESULT_OK] = "ok",
	[RESULT_CACHED] = "cached",
	[RESULT_SKIPPED] = "skipped",
	[RESULT_CANCELLED] = "cancelled",
	NULL};
static const char *const unit_words[] = {
	[UNIT_OBJECTS] = "objects", [UNIT_FILES] = "files", [UNIT_BYTES] = "bytes", NULL};

/* The enum's numbers are stored as unsigned. */
_Static_assert(sizeof(enum verdict) == sizeof(unsigned), "an enum is not an unsigned");

/* The index of the word; that of the final NULL if it is none of them. */
static unsigned word_find(const char *const *words, const char *word)
{
	unsigned i = 0;

	while (words[i] && (!word || strcmp(words[i], word) != 0))
		i++;
	return i;
}

static unsigned word_or_first(const char *const *words, const char *word)
{
	unsigned i = word_find(words, word);

	return words[i] ? i : 0;
}

const char *verdict_word(enum verdict v)
{
	return verdict_words[v];
}

const char *step_result_word(enum step_result r)
{
	return result_words[r];
}

const char *progress_unit_word(enum progress_unit u)
{
	return unit_words[u];
}

enum progress_unit progress_unit_named(const char *word)
{
	return (enum progress_unit)word_or_first(unit_words, word);
}

int verdict_status(enum verdict v)
{
	if (v == VERDICT_PASS)
		return 0;
	return v == VERDICT_TIMEOUT ? ERROR_TIMEOUT : ERROR_VERDICT;
}

/* ---- the table ---- */

#define EVENT(kind, name, how, member) \
	.of = EVENT_##kind, .key = name, .type = TYPE_##how, .at = offsetof(struct event, member)
#define PART(in, type_, name, how, member) \
	.of = PART_##in, .key = name, .type = TYPE_##how, .at = offsetof(struct type_, member)
#define HOLDS(what, type_) .part = PART_##what, .size = sizeof(struct type_)

/* In writing order. "event" comes before them, "time" after them. */
const struct event_row event_rows[] = {
	{EVENT(PLAN, "profile", TEXT, plan.profile)},
	{EVENT(PLAN, "steps", LIST, plan.steps), HOLDS(STEP, event_step)},
	{PART(STEP, event_step, "id", TEXT, id)},
	{PART(STEP, event_step, "title", TEXT, title)},
	{PART(STEP, event_step, "state", CACHED, cached)},
	{PART(STEP, event_step, "why", TEXT, why), .none = NONE_IS_NULL},
	{PART(STEP, event_step, "seconds", SECONDS, seconds), .none = NONE_IS_LEFT_OUT},
	{EVENT(PLAN, "seconds", SECONDS, plan.seconds), .none = NONE_IS_LEFT_OUT},
	{EVENT(PLAN, "least", SECONDS, plan.least), .none = NONE_IS_LEFT_OUT},
	{EVENT(PLAN, "most", SECONDS, plan.most), .none = NONE_IS_LEFT_OUT},

	{EVENT(NOTE, "text", TEXT, note.text)},
	{EVENT(NOTE, "hint", TEXT, note.hint), .none = NONE_IS_LEFT_OUT},

	{EVENT(STEP_START, "step", TEXT, step_start.step)},
	{EVENT(STEP_START, "log", TEXT, step_start.log)},

	{EVENT(PROGRESS, "step", TEXT, progress.step)},
	{EVENT(PROGRESS, "done", AMOUNT, progress.done)},
	{EVENT(PROGRESS, "total", AMOUNT, progress.total)},
	{EVENT(PROGRESS, "unit", WORD, progress.unit), .words = unit_words},

	{EVENT(STEP_DONE, "step", TEXT, step_done.step)},
	{EVENT(STEP_DONE, "result", WORD, step_done.result), .words = result_words},
	{EVENT(STEP_DONE, "seconds", SECONDS, step_done.seconds)},
	{EVENT(STEP_DONE, "command", SPREAD, step_done.failure), HOLDS(FAILURE, event_failure)},
	{PART(FAILURE, event_failure, "step", TEXT, step)},
	{PART(FAILURE, event_failure, "command", WORDS, command)},
	{PART(FAILURE, event_failure, "exit", INT, exit)},
	{PART(FAILURE, event_failure, "line", TEXT, line)},
	{PART(FAILURE, event_failure, "cause", TEXT, cause)},
	{PART(FAILURE, event_failure, "remedy", TEXT, remedy)},
	{PART(FAILURE, event_failure, "log", TEXT, log)},

	{EVENT(FINISHED, "ok", BOOL, finished.ok)},
	{EVENT(FINISHED, "seconds", SECONDS, finished.seconds)},
	{EVENT(FINISHED, "status", INT, finished.status)},
	{EVENT(FINISHED, "steps", PART, finished.steps), HOLDS(COUNTS, event_counts)},
	{PART(COUNTS, event_counts, "run", LONG, run)},
	{PART(COUNTS, event_counts, "cached", LONG, cached)},
	{PART(COUNTS, event_counts, "failed", LONG, failed)},
	{EVENT(FINISHED, "artifacts", LIST, finished.artifacts), HOLDS(ARTIFACT, event_artifact)},
	{PART(ARTIFACT, event_artifact, "path", TEXT, path)},
	{PART(ARTIFACT, event_artifact, "bytes", AMOUNT, bytes)},
	{PART(ARTIFACT, event_artifact, "sha256", TEXT, sha256)},
	{EVENT(FINISHED, "error", TEXT, finished.error), .none = NONE_IS_LEFT_OUT},
	{EVENT(FINISHED, "failure", POINTER, finished.failure), .none = NONE_IS_LEFT_OUT,
		HOLDS(FAILURE, event_failure)},

	{EVENT(BOOT_START, "accel", TEXT, boot_start.accel)},
	{EVENT(BOOT_START, "firmware", TEXT, boot_start.firmware)},
	{EVENT(BOOT_START, "log", TEXT, boot_start.log)},
	{EVENT(BOOT_START, "console", TEXT, boot_start.console)},
	{EVENT(BOOT_START, "command", TEXT, boot_start.command)},
	{EVENT(BOOT_START, "medium", TEXT, boot_start.medium)},
	{EVENT(BOOT_START, "file", TEXT, boot_start.file), .none = NONE_IS_NULL},
	{EVENT(BOOT_START, "cell", LONG, boot_start.cell), .none = NONE_IS_LEFT_OUT},

	{EVENT(MILESTONE, "name", TEXT, milestone.name)},
	{EVENT(MILESTONE, "seconds", SECONDS, milestone.seconds)},

	{EVENT(CHECK, "name", TEXT, check.name)},
	{EVENT(CHECK, "ok", OUTCOME, check.outcome)},
	{EVENT(CHECK, "detail", TEXT, check.detail)},

	{EVENT(VERDICT, "verdict", WORD, verdict.verdict), .words = verdict_words},
	{EVENT(VERDICT, "accel", TEXT, verdict.accel)},
	{EVENT(VERDICT, "firmware", TEXT, verdict.firmware)},
	{EVENT(VERDICT, "ready_seconds", SECONDS, verdict.ready_seconds), .none = NONE_IS_NULL},
	{EVENT(VERDICT, "checks", LIST, verdict.checks), HOLDS(CHECK, event_check)},
	{PART(CHECK, event_check, "name", TEXT, name)},
	{PART(CHECK, event_check, "ok", OUTCOME, outcome)},
	{PART(CHECK, event_check, "detail", TEXT, detail)},
	{EVENT(VERDICT, "untested", LIST, verdict.untested), HOLDS(UNTESTED, event_check)},
	{PART(UNTESTED, event_check, "name", TEXT, name)},
	{PART(UNTESTED, event_check, "detail", TEXT, detail)},
	{EVENT(VERDICT, "diagnosis", POINTER, verdict.diagnosis), .none = NONE_IS_NULL,
		HOLDS(DIAGNOSIS, event_diagnosis)},
	{PART(DIAGNOSIS, event_diagnosis, "id", TEXT, id)},
	{PART(DIAGNOSIS, event_diagnosis, "line", TEXT, line)},
	{PART(DIAGNOSIS, event_diagnosis, "cause", TEXT, cause)},
	{PART(DIAGNOSIS, event_diagnosis, "remedy", TEXT, remedy)},
	{EVENT(VERDICT, "log", TEXT, verdict.log)},
	{EVENT(VERDICT, "medium", TEXT, verdict.medium)},
	{EVENT(VERDICT, "file", TEXT, verdict.file), .none = NONE_IS_NULL},
	{EVENT(VERDICT, "cell", LONG, verdict.cell), .none = NONE_IS_LEFT_OUT},

	{EVENT(GRID_PLAN, "cells", LIST, grid_plan.cells), HOLDS(CELL, event_cell)},
	{PART(CELL, event_cell, "firmware", TEXT, firmware)},
	{PART(CELL, event_cell, "medium", TEXT, medium)},
	{PART(CELL, event_cell, "title", TEXT, title)},
	{PART(CELL, event_cell, "file", TEXT, file), .none = NONE_IS_NULL},
	{PART(CELL, event_cell, "why", TEXT, why), .none = NONE_IS_NULL},
	{PART(CELL, event_cell, "verdict", SPREAD, end), HOLDS(CELL_END, event_cell_end)},
	{PART(CELL_END, event_cell_end, "verdict", WORD, verdict), .words = verdict_words},
	{PART(CELL_END, event_cell_end, "ready_seconds", SECONDS, ready_seconds),
		.none = NONE_IS_NULL},
	{PART(CELL_END, event_cell_end, "diagnosis", POINTER, diagnosis), .none = NONE_IS_NULL,
		HOLDS(DIAGNOSIS, event_diagnosis)},
	{PART(CELL_END, event_cell_end, "log", TEXT, log)},

	{EVENT(GRID, "ok", BOOL, grid.ok)},
	{EVENT(GRID, "status", INT, grid.status)},
	{EVENT(GRID, "seconds", SECONDS, grid.seconds)},
	{EVENT(GRID, "passed", LONG, grid.passed)},
	{EVENT(GRID, "failed", LONG, grid.failed)},
	{EVENT(GRID, "timeout", LONG, grid.timeout)},
	{EVENT(GRID, "cells", LIST, grid.cells), HOLDS(CELL, event_cell)},
	{EVENT(GRID, "error", TEXT, grid.error), .none = NONE_IS_LEFT_OUT},
};

const size_t event_n_rows = sizeof event_rows / sizeof event_rows[0];

/* The layout of every list, whatever it holds. */
struct list {
	const void *at;
	size_t n;
};

_Static_assert(sizeof(struct list) == sizeof(struct event_cells), "not like a list");

/* ---- writing ---- */

static json_t *write_part(int of, const char *from);

static json_t *write_text(const char *s)
{
	struct text clean = TEXT_INIT;
	json_t *o;

	if (!s)
		return json_null();
	printable_lines(&clean, s, strlen(s));
	o = json_string(clean.s);
	text_release(&clean);
	return o ? o : json_string("");
}

static json_t *write_seconds(double seconds)
{
	return json_real(clock_round(seconds));
}

static json_t *write_outcome(enum check_outcome outcome)
{
	return outcome == CHECK_UNTESTED ? json_null() : json_boolean(outcome == CHECK_PASSED);
}

static json_t *write_words(const struct event_words *words)
{
	json_t *list = json_array();

	for (size_t i = 0; i < words->n; i++)
		json_array_append_new(list, write_text(words->at[i]));
	return list;
}

static json_t *write_list(const struct event_row *r, const void *field)
{
	json_t *o = json_array();
	struct list list;

	memcpy(&list, field, sizeof list);
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(
			o, write_part((int)r->part, (const char *)list.at + i * r->size));
	return o;
}

/* Pointers to different structs are stored and fetched as bytes, because the compiler may assume that they do not alias. */
static const void *pointed(const void *field)
{
	const void *part;

	memcpy(&part, field, sizeof part);
	return part;
}

static bool is_none(const struct event_row *r, const void *field)
{
	switch (r->type) {
	case TYPE_TEXT:
	case TYPE_POINTER:
	case TYPE_SPREAD:
		return !pointed(field);
	case TYPE_LONG:
		return *(const long *)field == 0;
	case TYPE_SECONDS:
		return *(const double *)field <= 0;
	default:
		return false;
	}
}

static json_t *write_field(const struct event_row *r, const void *field)
{
	uint64_t amount;

	switch (r->type) {
	case TYPE_TEXT:
		return write_text(*(const char *const *)field);
	case TYPE_BOOL:
		return json_boolean(*(const bool *)field);
	case TYPE_CACHED:
		return json_string(*(const bool *)field ? "cached" : "run");
	case TYPE_OUTCOME:
		return write_outcome(*(const enum check_outcome *)field);
	case TYPE_WORD:
		return json_string(r->words[*(const unsigned *)field]);
	case TYPE_INT:
		return json_integer(*(const int *)field);
	case TYPE_LONG:
		return json_integer(*(const long *)field);
	case TYPE_AMOUNT:
		amount = *(const uint64_t *)field;
		return json_integer(amount < INT64_MAX ? (json_int_t)amount : INT64_MAX);
	case TYPE_SECONDS:
		return write_seconds(*(const double *)field);
	case TYPE_WORDS:
		return write_words(field);
	case TYPE_LIST:
		return write_list(r, field);
	case TYPE_PART:
		return write_part((int)r->part, field);
	case TYPE_POINTER:
	case TYPE_SPREAD:
		return write_part((int)r->part, pointed(field));
	}
	return NULL;
}

static void write_rows(json_t *o, int of, const char *from)
{
	for (size_t i = 0; i < event_n_rows; i++) {
		const struct event_row *r = &event_rows[i];
		const void *field = from + r->at;

		if (r->of != of)
			continue;
		if (r->type == TYPE_SPREAD && !is_none(r, field))
			write_rows(o, (int)r->part, pointed(field));
		else if (r->type == TYPE_SPREAD)
			continue;
		else if (r->none == NONE_IS_VALUE || !is_none(r, field))
			json_object_set_new(o, r->key, write_field(r, field));
		else if (r->none == NONE_IS_NULL)
			json_object_set_new(o, r->key, json_null());
	}
}

static json_t *write_part(int of, const char *from)
{
	json_t *o = json_object();

	write_rows(o, of, from);
	return o;
}

void event_write(const struct event *e, enum event_form form, struct text *out)
{
	size_t flags = form == EVENT_LINE ? JSON_COMPACT : JSON_INDENT(2);
	json_t *o = json_object();
	char *dump;

	json_object_set_new(o, "event", json_string(kind_words[e->kind]));
	write_rows(o, (int)e->kind, (const char *)e);
	if (form == EVENT_LINE)
		json_object_set_new(o, "time", write_seconds(e->time));
	dump = json_dumps(o, flags | JSON_REAL_PRECISION(9));
	json_decref(o);
	if (dump)
		text_str(out, dump);
	free(dump);
}

/* ---- reading ---- */

static void read_rows(void *to, int of, const json_t *o, struct arena *a);

static const char *read_text(const json_t *value, const char *none, struct arena *a)
{
	return json_is_string(value) ? arena_str(a, json_string_value(value)) : none;
}

static enum check_outcome read_outcome(const json_t *value)
{
	if (!json_is_boolean(value))
		return CHECK_UNTESTED;
	return json_is_true(value) ? CHECK_PASSED : CHECK_FAILED;
}

/* Within bounds, so that what was read can be written. */
static double read_seconds(const json_t *value)
{
	const double most = 1e9;
	double seconds = json_number_value(value);

	if (!(seconds > 0))
		return 0;
	return seconds < most ? seconds : most;
}

static struct event_words read_words(const json_t *value, struct arena *a)
{
	size_t n = json_array_size(value);
	const char **words = n ? arena_alloc(a, n * sizeof *words) : NULL;

	for (size_t i = 0; i < n; i++)
		words[i] = read_text(json_array_get(value, i), "", a);
	return (struct event_words){words, n};
}

static void *read_part(const struct event_row *r, const json_t *o, struct arena *a)
{
	void *part = arena_alloc(a, r->size);

	read_rows(part, (int)r->part, o, a);
	return part;
}

static struct list read_list(const struct event_row *r, const json_t *value, struct arena *a)
{
	size_t n = json_array_size(value);
	char *parts = n ? arena_alloc(a, n * r->size) : NULL;

	for (size_t i = 0; i < n; i++)
		read_rows(parts + i * r->size, (int)r->part, json_array_get(value, i), a);
	return (struct list){parts, n};
}

static void read_field(void *field, const struct event_row *r, const json_t *o, const json_t *value,
	struct arena *a)
{
	json_int_t number = json_integer_value(value);
	struct list list;
	void *part;

	switch (r->type) {
	case TYPE_TEXT:
		*(const char **)field = read_text(value, r->none == NONE_IS_VALUE ? "" : NULL, a);
		break;
	case TYPE_BOOL:
		*(bool *)field = json_is_true(value);
		break;
	case TYPE_CACHED:
		*(bool *)field = strcmp(read_text(value, "", a), "cached") == 0;
		break;
	case TYPE_OUTCOME:
		*(enum check_outcome *)field = read_outcome(value);
		break;
	case TYPE_WORD:
		*(unsigned *)field = word_or_first(r->words, json_string_value(value));
		break;
	case TYPE_INT:
		*(int *)field = (int)number;
		break;
	case TYPE_LONG:
		*(long *)field = (long)number;
		break;
	case TYPE_AMOUNT:
		*(uint64_t *)field = number > 0 ? (uint64_t)number : 0;
		break;
	case TYPE_SECONDS:
		*(double *)field = read_seconds(value);
		break;
	case TYPE_WORDS:
		*(struct event_words *)field = read_words(value, a);
		break;
	case TYPE_LIST:
		list = read_list(r, value, a);
		memcpy(field, &list, sizeof list);
		break;
	case TYPE_PART:
		read_rows(field, (int)r->part, value, a);
		break;
	case TYPE_POINTER:
		part = json_is_object(value) ? read_part(r, value, a) : NULL;
		memcpy(field, &part, sizeof part);
		break;
	case TYPE_SPREAD:
		part = value ? read_part(r, o, a) : NULL;
		memcpy(field, &part, sizeof part);
		break;
	}
}

static void read_rows(void *to, int of, const json_t *o, struct arena *a)
{
	for (size_t i = 0; i < event_n_rows; i++) {
		const struct event_row *r = &event_rows[i];

		if (r->of == of)
			read_field((char *)to + r->at, r, o, json_object_get(o, r->key), a);
	}
}

bool event_parse(struct event *e, bool *known, const char *line, size_t len, struct arena *a,
	struct error *err)
{
	json_error_t why;
	json_t *o = json_loadb(line, len, 0, &why);
	unsigned kind;

	memset(e, 0, sizeof *e);
	*known = false;
	if (!json_is_object(o)) {
		json_decref(o);
		return error_set(err, ERROR_INTERNAL, "a line of the event log is damaged (%s)",
			o ? "no object" : why.text);
	}
	e->json = arena_strn(a, line, len);
	kind = word_find(kind_words, json_string_value(json_object_get(o, "event")));
	*known = kind_words[kind];
	if (*known) {
		e->kind = (enum event_kind)kind;
		e->time = read_seconds(json_object_get(o, "time"));
		read_rows(e, (int)kind, o, a);
	}
	json_decref(o);
	return true;
}

bool event_is_last(const struct event *e)
{
	return e->kind == EVENT_FINISHED || e->kind == EVENT_GRID || e->kind == EVENT_LOST ||
	       (e->kind == EVENT_VERDICT && !e->verdict.cell);
}
