/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading one line of an event log into struct event: two tables say which JSON member goes into which field. */
#include "base/arena.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/text.h"
#include "run/event_line.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

static const struct {
	const char *name;
	enum event_kind kind;
} kinds[] = {
	{"plan", EVENT_PLAN},
	{"note", EVENT_NOTE},
	{"step-start", EVENT_STEP_START},
	{"progress", EVENT_PROGRESS},
	{"step-done", EVENT_STEP_DONE},
	{"finished", EVENT_FINISHED},
	{"boot-start", EVENT_BOOT_START},
	{"milestone", EVENT_MILESTONE},
	{"check", EVENT_CHECK},
	{"verdict", EVENT_VERDICT},
	{"grid-plan", EVENT_GRID_PLAN},
	{"grid", EVENT_GRID},
};

enum member_type {
	MEMBER_TEXT,
	MEMBER_BOOL,
	MEMBER_INT,
	MEMBER_LONG,
	MEMBER_UNSIGNED,
	MEMBER_REAL
};

struct member {
	const char *key;
	enum member_type type;
	size_t offset;
};

#define MEMBER(key, type, field)                         \
	{                                                \
		key, type, offsetof(struct event, field) \
	}

static const struct member members[] = {
	MEMBER("time", MEMBER_REAL, time),
	MEMBER("step", MEMBER_TEXT, step),
	MEMBER("name", MEMBER_TEXT, step),
	MEMBER("text", MEMBER_TEXT, text),
	MEMBER("hint", MEMBER_TEXT, hint),
	MEMBER("error", MEMBER_TEXT, text),
	MEMBER("detail", MEMBER_TEXT, text),
	MEMBER("command", MEMBER_TEXT, text),
	MEMBER("result", MEMBER_TEXT, result),
	MEMBER("verdict", MEMBER_TEXT, result),
	MEMBER("unit", MEMBER_TEXT, unit),
	MEMBER("log", MEMBER_TEXT, log),
	MEMBER("accel", MEMBER_TEXT, accel),
	MEMBER("firmware", MEMBER_TEXT, firmware),
	MEMBER("medium", MEMBER_TEXT, medium),
	MEMBER("file", MEMBER_TEXT, file),
	MEMBER("cell", MEMBER_LONG, cell),
	MEMBER("console", MEMBER_TEXT, console),
	MEMBER("ok", MEMBER_BOOL, ok),
	MEMBER("status", MEMBER_INT, status),
	MEMBER("done", MEMBER_UNSIGNED, done),
	MEMBER("total", MEMBER_UNSIGNED, total),
	MEMBER("seconds", MEMBER_REAL, seconds),
	MEMBER("ready_seconds", MEMBER_REAL, seconds),
};

static const struct member failure_members[] = {
	MEMBER("exit", MEMBER_INT, failure.exit),
	MEMBER("line", MEMBER_TEXT, failure.line),
	MEMBER("cause", MEMBER_TEXT, failure.cause),
	MEMBER("remedy", MEMBER_TEXT, failure.remedy),
	MEMBER("log", MEMBER_TEXT, failure.log),
	MEMBER("id", MEMBER_TEXT, id),
};

static const struct member count_members[] = {
	MEMBER("run", MEMBER_LONG, run),
	MEMBER("cached", MEMBER_LONG, cached),
	MEMBER("failed", MEMBER_LONG, failed),
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void store(struct event *e, const struct member *m, const json_t *value, struct arena *a)
{
	void *field = (char *)e + m->offset;
	double number = json_number_value(value);

	switch (m->type) {
	case MEMBER_TEXT:
		if (json_is_string(value))
			*(const char **)field = arena_str(a, json_string_value(value));
		break;
	case MEMBER_BOOL:
		*(bool *)field = json_is_true(value);
		break;
	case MEMBER_INT:
		*(int *)field = (int)json_integer_value(value);
		break;
	case MEMBER_LONG:
		*(long *)field = (long)json_integer_value(value);
		break;
	case MEMBER_UNSIGNED:
		*(uint64_t *)field =
			json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;
		break;
	case MEMBER_REAL:
		*(double *)field = number;
		break;
	}
}

static void store_all(
	struct event *e, const struct member *table, size_t n, const json_t *from, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(from, table[i].key);

		if (value)
			store(e, &table[i], value, a);
	}
}

static struct event_item item_of(enum event_kind kind, const json_t *o, struct arena *a)
{
	struct event_item item = {0};
	json_int_t bytes = json_integer_value(json_object_get(o, "bytes"));

	item.bytes = bytes > 0 ? (uint64_t)bytes : 0;
	if (kind == EVENT_PLAN) {
		item.name = field_text(o, "id", a);
		item.detail = field_text(o, "title", a);
		item.ok = strcmp(field_text(o, "state", a), "cached") == 0;
	} else if (kind == EVENT_FINISHED) {
		item.name = field_text(o, "path", a);
		item.detail = field_text(o, "sha256", a);
		item.ok = true;
	} else {
		item.name = field_text(o, "name", a);
		item.detail = field_text(o, "detail", a);
		item.ok = json_is_true(json_object_get(o, "ok"));
		item.untested = !json_is_boolean(json_object_get(o, "ok"));
	}
	return item;
}

/* Adds to what other lists of the same event brought. */
static void store_items(struct event *e, const json_t *list, struct arena *a)
{
	struct event_item *items;
	size_t n = json_array_size(list);

	if (n == 0)
		return;
	items = arena_alloc(a, (e->n_items + n) * sizeof *items);
	for (size_t i = 0; i < e->n_items; i++)
		items[i] = e->items[i];
	for (size_t i = 0; i < n; i++)
		items[e->n_items + i] = item_of(e->kind, json_array_get(list, i), a);
	e->items = items;
	e->n_items += n;
}

static void store_cells(struct event *e, const json_t *list, struct arena *a)
{
	size_t n = json_array_size(list);
	struct event_cell *cells = n ? arena_alloc(a, n * sizeof *cells) : NULL;

	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);
		const char *why = json_string_value(json_object_get(o, "why"));

		cells[i] = (struct event_cell){field_text(o, "firmware", a),
			field_text(o, "medium", a), field_text(o, "title", a),
			field_text(o, "file", a), why ? arena_str(a, why) : NULL};
	}
	e->cells = cells;
	e->n_cells = n;
}

static void store_failure(struct event *e, const json_t *from, struct arena *a)
{
	const json_t *command = json_object_get(from, "command");
	struct text joined = TEXT_INIT;

	store_all(e, failure_members, COUNT(failure_members), from, a);
	for (size_t i = 0; i < json_array_size(command); i++) {
		const char *word = json_string_value(json_array_get(command, i));

		text_fmt(&joined, "%s%s", i ? " " : "", word ? word : "");
	}
	if (joined.len)
		e->failure.command = arena_str(a, joined.s);
	text_release(&joined);
}

static bool find_kind(const char *name, enum event_kind *kind)
{
	for (size_t i = 0; name && i < COUNT(kinds); i++) {
		if (strcmp(kinds[i].name, name) != 0)
			continue;
		*kind = kinds[i].kind;
		return true;
	}
	return false;
}

static void fill(struct event *e, const json_t *o, struct arena *a)
{
	static const char *const lists[] = {"steps", "artifacts", "checks", "untested"};

	store_all(e, members, COUNT(members), o, a);
	for (size_t i = 0; i < COUNT(lists); i++)
		if (json_is_array(json_object_get(o, lists[i])))
			store_items(e, json_object_get(o, lists[i]), a);
	if (e->kind == EVENT_GRID_PLAN || e->kind == EVENT_GRID)
		store_cells(e, json_object_get(o, "cells"), a);
	if (e->kind == EVENT_STEP_DONE)
		store_failure(e, o, a);
	else if (e->kind == EVENT_VERDICT)
		store_failure(e, json_object_get(o, "diagnosis"), a);
	else if (e->kind == EVENT_FINISHED)
		store_failure(e, json_object_get(o, "failure"), a);
	if (e->kind == EVENT_FINISHED)
		store_all(e, count_members, COUNT(count_members), json_object_get(o, "steps"), a);
	if (e->kind == EVENT_FINISHED && !e->step)
		e->step = json_object_get(json_object_get(o, "failure"), "step")
				  ? field_text(json_object_get(o, "failure"), "step", a)
				  : NULL;
	if (e->kind == EVENT_CHECK)
		e->untested = json_is_null(json_object_get(o, "ok"));
	if (e->kind == EVENT_MILESTONE && !e->text)
		e->text = e->step;
}

bool event_parse(struct event *e, bool *known, const char *line, size_t len, struct arena *a,
	struct error *err)
{
	json_error_t why;
	json_t *o = json_loadb(line, len, 0, &why);

	memset(e, 0, sizeof *e);
	*known = false;
	if (!json_is_object(o)) {
		json_decref(o);
		return error_set(err, ERROR_INTERNAL, "a line of the event log is damaged (%s)",
			o ? "no object" : why.text);
	}
	e->json = arena_strn(a, line, len);
	*known = find_kind(json_string_value(json_object_get(o, "event")), &e->kind);
	if (*known)
		fill(e, o, a);
	json_decref(o);
	return true;
}

bool event_is_last(const struct event *e)
{
	return e->kind == EVENT_FINISHED || e->kind == EVENT_GRID || e->kind == EVENT_LOST ||
	       (e->kind == EVENT_VERDICT && !e->cell);
}
