/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of known boot messages and the search in it. See diagnose.h. */
#include "boot/diagnose.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"

#include "base/banned.h"

static const struct conf_field fields[] = {
	{"text", CONF_TEXT, offsetof(struct diagnosis_row, text)},
	{"match", CONF_TEXT, offsetof(struct diagnosis_row, match)},
	{"event", CONF_TEXT, offsetof(struct diagnosis_row, event_name)},
	{"from", CONF_TEXT, offsetof(struct diagnosis_row, from)},
	{"cause", CONF_TEXT, offsetof(struct diagnosis_row, cause)},
	{"remedy", CONF_TEXT, offsetof(struct diagnosis_row, remedy)},
	{"send", CONF_TEXT, offsetof(struct diagnosis_row, send)},
	{"about", CONF_WORDS, offsetof(struct diagnosis_row, about)},
	{"rank", CONF_NUMBER, offsetof(struct diagnosis_row, rank)},
	{"fatal", CONF_YESNO, offsetof(struct diagnosis_row, fatal)},
	{"spoils", CONF_YESNO, offsetof(struct diagnosis_row, spoils)},
	{"retry", CONF_YESNO, offsetof(struct diagnosis_row, retry)},
	{NULL, CONF_TEXT, 0},
};

static const char *const events[] = {
	[DIAGNOSIS_SILENT] = "silent",
	[DIAGNOSIS_SILENT_KVM] = "silent-kvm",
	[DIAGNOSIS_SILENT_RESET] = "silent-reset",
	[DIAGNOSIS_STUCK] = "stuck",
	[DIAGNOSIS_NO_SHELL] = "no-shell",
	[DIAGNOSIS_SLOW] = "slow",
	[DIAGNOSIS_RESET] = "reset",
	[DIAGNOSIS_OFF] = "off",
	[DIAGNOSIS_STAYED] = "stayed",
	[DIAGNOSIS_EMULATOR] = "emulator",
	[DIAGNOSIS_CANCELLED] = "cancelled",
	[DIAGNOSIS_CHECK] = "check",
};

static bool find_event(struct diagnosis_row *row, struct error *err)
{
	if (!row->event_name)
		return true;
	for (size_t i = 1; i < sizeof events / sizeof *events; i++)
		if (strcmp(events[i], row->event_name) == 0)
			row->event = (enum diagnosis_event)i;
	return row->event != DIAGNOSIS_NONE ||
	       error_set(err, ERROR_PROFILE, "'%s' is not an event a boot can notice",
		       row->event_name);
}

static bool compile(struct diagnosis_row *row, struct error *err)
{
	char words[200];
	int code;

	if (!row->match)
		return true;
	code = regcomp(&row->regex, row->match, REG_EXTENDED | REG_NOSUB);
	if (code) {
		regerror(code, &row->regex, words, sizeof words);
		return error_set(err, ERROR_PROFILE, "'%s' is not a regular expression: %s",
			row->match, words);
	}
	row->has_regex = true;
	return true;
}

static bool new_row(struct diagnosis_table *t, const struct conf_line *line, struct error *err)
{
	static const char *const kinds[] = {"message", "milestone", "prompt"};
	struct diagnosis_row *row;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i], line->kind) != 0)
			continue;
		row = arena_alloc(&t->arena, sizeof *row);
		row->kind = kinds[i];
		row->id = line->name;
		vec_push(&t->rows, row);
		return true;
	}
	return error_set(err, ERROR_PROFILE,
		"a section here is [message ID], [milestone NAME] or [prompt NAME], not [%s]",
		line->kind);
}

static bool take(void *ctx, const struct conf_line *line, struct error *err)
{
	struct diagnosis_table *t = ctx;

	if (!line->key)
		return new_row(t, line, err);
	if (!t->rows.n || !*line->kind)
		return error_set(
			err, ERROR_PROFILE, "'%s' stands before the first section", line->key);
	return conf_store(fields, line, t->rows.at[t->rows.n - 1], &t->arena, err);
}

static bool complete(struct diagnosis_row *row, struct error *err)
{
	bool message = strcmp(row->kind, "message") == 0;

	if (!row->from)
		row->from = "guest";
	if (!find_event(row, err) || !compile(row, err))
		return error_in(err, "[%s %s]", row->kind, row->id);
	if (!row->text && !row->match && row->event == DIAGNOSIS_NONE)
		return error_set(err, ERROR_PROFILE, "[%s %s] says neither text nor match",
			row->kind, row->id);
	if (message && (!row->cause || !row->remedy))
		return error_set(
			err, ERROR_PROFILE, "[message %s] needs a cause and a remedy", row->id);
	return true;
}

bool diagnose_read(struct diagnosis_table *t, const char *path, struct error *err)
{
	size_t first = t->rows.n;

	if (!conf_read(path, &t->arena, take, t, err))
		return false;
	for (size_t i = first; i < t->rows.n; i++)
		if (!complete(t->rows.at[i], err))
			return error_in(err, "%s", path);
	return true;
}

static void add_literal(struct text *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("\\.[](){}*+?^$|", *s))
			text_char(out, '\\');
		text_char(out, *s);
	}
}

static bool join_patterns(struct diagnosis_table *t, struct error *err)
{
	struct text all = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; i < t->rows.n; i++) {
		const struct diagnosis_row *row = t->rows.at[i];

		if ((!row->text && !row->match) || strcmp(row->from, "guest") != 0 ||
			strcmp(row->kind, "prompt") == 0)
			continue;
		text_str(&all, all.len ? "|" : "");
		if (row->text)
			add_literal(&all, row->text);
		else
			text_fmt(&all, "(%s)", row->match);
	}
	if (all.len) {
		ok = regcomp(&t->any, all.s, REG_EXTENDED | REG_NOSUB) == 0;
		t->has_any = ok;
	}
	text_release(&all);
	return ok || error_set(err, ERROR_PROFILE,
			     "the messages of the table do not fit together in one search");
}

bool diagnose_load(struct diagnosis_table *t, const struct place *p, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	*t = (struct diagnosis_table){0};
	ok = place_find(p, "share/diagnosis/boot.table", &path)
		     ? diagnose_read(t, path.s, err) && join_patterns(t, err)
		     : error_set(err, ERROR_INTERNAL,
			       "share/diagnosis/boot.table is missing; install bootsmith again or "
			       "set BOOTSMITH_PATH");
	text_release(&path);
	return ok;
}

void diagnose_release(struct diagnosis_table *t)
{
	for (size_t i = 0; i < t->rows.n; i++) {
		if (t->rows.at[i]->has_regex)
			regfree(&t->rows.at[i]->regex);
	}
	if (t->has_any)
		regfree(&t->any);
	diagnose_reset(t);
	vec_release(&t->rows);
	arena_release(&t->arena);
}

void diagnose_reset(struct diagnosis_table *t)
{
	for (size_t i = 0; i < t->rows.n; i++) {
		t->rows.at[i]->order = 0;
		free(t->rows.at[i]->line);
		t->rows.at[i]->line = NULL;
	}
	t->seen = 0;
	t->fatal = false;
}

/* The literal piece is looked for first: a guest may flood us with lines, and a regular expression costs far more. */
static bool fits(const struct diagnosis_row *row, const char *line)
{
	if (!row->text && !row->has_regex)
		return false;
	if (row->text && !strstr(line, row->text))
		return false;
	return !row->has_regex || regexec(&row->regex, line, 0, NULL, 0) == 0;
}

bool diagnose_is_known(const struct diagnosis_table *t, const char *line)
{
	return !t->has_any || regexec(&t->any, line, 0, NULL, 0) == 0;
}

const struct diagnosis_row *diagnose_line(
	struct diagnosis_table *t, const char *from, const char *line)
{
	const struct diagnosis_row *found = NULL;

	for (size_t i = 0; i < t->rows.n; i++) {
		struct diagnosis_row *row = t->rows.at[i];

		if (row->order || strcmp(row->kind, "message") != 0 ||
			strcmp(row->from, from) != 0 || !fits(row, line))
			continue;
		row->order = ++t->seen;
		row->line = xstrdup(line);
		t->fatal = t->fatal || row->fatal;
		if (!found || row->rank > found->rank)
			found = row;
	}
	return found;
}

static bool explains(const struct diagnosis_row *row, const char *check)
{
	if (!row->about.n)
		return true;
	for (size_t i = 0; check && i < row->about.n; i++)
		if (strcmp(row->about.at[i], check) == 0)
			return true;
	return false;
}

const struct diagnosis_row *diagnose_best(const struct diagnosis_table *t, const char *check)
{
	const struct diagnosis_row *best = NULL;

	for (size_t i = 0; i < t->rows.n; i++) {
		const struct diagnosis_row *row = t->rows.at[i];

		if (!row->order || !explains(row, check))
			continue;
		if (!best || row->rank > best->rank ||
			(row->rank == best->rank && row->order < best->order))
			best = row;
	}
	return best;
}

const struct diagnosis_row *diagnose_spoiled(const struct diagnosis_table *t)
{
	for (size_t i = 0; i < t->rows.n; i++)
		if (t->rows.at[i]->order && t->rows.at[i]->spoils)
			return t->rows.at[i];
	return NULL;
}

const struct diagnosis_row *diagnose_event(
	const struct diagnosis_table *t, enum diagnosis_event event)
{
	for (size_t i = 0; i < t->rows.n; i++)
		if (t->rows.at[i]->event == event)
			return t->rows.at[i];
	return NULL;
}

struct diagnosis_row *diagnose_find(
	const struct diagnosis_table *t, const char *kind, const char *line)
{
	for (size_t i = 0; i < t->rows.n; i++)
		if (strcmp(t->rows.at[i]->kind, kind) == 0 && fits(t->rows.at[i], line))
			return t->rows.at[i];
	return NULL;
}
