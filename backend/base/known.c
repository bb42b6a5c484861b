/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads tables of known messages and searches lines for them. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/known.h"
#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/banned.h"

#define SHORTEST 3 /* bytes of a text that are hashed */
#define GROUPS	 10

static const char *const kinds[] = {"message", "error", "milestone", "prompt", "aside"};

static const struct conf_field fields[] = {
	{"match", CONF_TEXT, offsetof(struct known_row, match)},
	{"event", CONF_TEXT, offsetof(struct known_row, event)},
	{"from", CONF_TEXT, offsetof(struct known_row, from)},
	{"rank", CONF_NUMBER, offsetof(struct known_row, rank)},
	{"about", CONF_WORDS, offsetof(struct known_row, about)},
	{"cause", CONF_TEXT, offsetof(struct known_row, cause)},
	{"remedy", CONF_TEXT, offsetof(struct known_row, remedy)},
	{"send", CONF_TEXT, offsetof(struct known_row, send)},
	{"log", CONF_TEXT, offsetof(struct known_row, log)},
	{"part", CONF_TEXT, offsetof(struct known_row, part)},
	{"program", CONF_TEXT, offsetof(struct known_row, program)},
	{"when", CONF_GUARD, offsetof(struct known_row, when)},
	{"host", CONF_YESNO, offsetof(struct known_row, host)},
	{"fatal", CONF_YESNO, offsetof(struct known_row, fatal)},
	{"spoils", CONF_YESNO, offsetof(struct known_row, spoils)},
	{"retry", CONF_YESNO, offsetof(struct known_row, retry)},
	{0},
};

/* ---- texts that every line matching an expression must contain ---- */

static size_t read_choice(struct strings *out, const char **s, struct arena *a);

/* Replaces the texts from `first` on by those from `last` on if these are longer. */
static void keep_longer(struct strings *out, size_t first, size_t last, size_t *best, size_t length)
{
	size_t n = out->n - last;

	out->n = last;
	if (length <= *best)
		return;
	memmove(out->at + first, out->at + last, n * sizeof *out->at);
	out->n = first + n;
	*best = length;
}

static const char *end_of_bracket(const char *s)
{
	s += s[1] == '^' ? 2 : 1;
	for (s += *s == ']'; *s != ']'; s++)
		if (s[0] == '[' && s[1] == ':')
			s = strstr(s, ":]") + 1;
	return s;
}

/* One alternative: its longest run of literal characters, or what a group in it requires. */
static size_t read_branch(struct strings *out, const char **at, struct arena *a)
{
	struct text run = TEXT_INIT;
	size_t first = out->n, best = 0;
	const char *s = *at;

	while (*s && *s != '|' && *s != ')') {
		bool plain = !strchr(*s == '\\' ? "<>`'" : ".[^$(", s[*s == '\\']) &&
			     (*s != '\\' || !isalnum((unsigned char)s[1]));
		size_t last = out->n, group = 0;
		bool optional;

		s += *s == '\\';
		if (plain) {
			text_add(&run, s, 1);
		} else if (*s == '(') {
			s++;
			group = read_choice(out, &s, a);
		} else if (*s == '[') {
			s = end_of_bracket(s);
		}
		s++;
		optional = *s == '*' || *s == '?' || *s == '{';
		if (plain && optional) /* a whole UTF-8 character */
			while (((unsigned char)run.s[--run.len] & 0xc0) == 0x80)
				;
		keep_longer(out, first, last, &best, optional ? 0 : group);
		if (optional || *s == '+')
			s = *s == '{' ? strchr(s, '}') : s;
		if (plain && !optional && *s != '+' && *s && *s != '|' && *s != ')')
			continue;
		vec_push_in(a, out, arena_strn(a, run.s, run.len));
		keep_longer(out, first, out->n - 1, &best, run.len);
		text_clear(&run);
		s += optional || *s == '+';
	}
	text_release(&run);
	*at = s;
	return best;
}

/*
 * Puts texts into `out` so that every line matching the expression contains one of them, up to the expression's end or a closing
 * bracket. Returns the length of the shortest; 0: some matching lines may contain none.
 */
static size_t read_choice(struct strings *out, const char **s, struct arena *a)
{
	size_t shortest = read_branch(out, s, a);

	while (**s == '|') {
		size_t next;

		++*s;
		next = read_branch(out, s, a);
		shortest = next < shortest ? next : shortest;
	}
	return shortest;
}

/* ---- tables ---- */

static size_t *bucket(struct known *k, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t three = s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16;

	return &k->buckets[three * 0x9e3779b1U >> 20];
}

static bool add_text(struct known *k, struct known_row *row, const char *s, struct error *err)
{
	struct known_text text = {.s = s, .len = strlen(s), .row = row};

	if (text.len < SHORTEST)
		return error_set(err, ERROR_PROFILE,
			"'%s' is too short to be looked for: it takes %d bytes", s, SHORTEST);
	text.next = *bucket(k, s);
	vec_push_in(&k->arena, &k->texts, text);
	*bucket(k, s) = k->texts.n;
	row->texts++;
	return true;
}

static bool compile(struct known_row *row, struct error *err)
{
	int why = regcomp(&row->regex, row->match, REG_EXTENDED);
	char reason[200];

	row->compiled = why == 0;
	if (row->compiled)
		return true;
	regerror(why, &row->regex, reason, sizeof reason);
	return error_set(
		err, ERROR_PROFILE, "'%s' is no regular expression: %s", row->match, reason);
}

static void add_row(struct known *k, const struct conf_line *line)
{
	struct known_row *row = arena_alloc(&k->arena, sizeof *row);

	while (strcmp(kinds[row->kind], line->kind) != 0)
		row->kind++;
	row->id = line->name;
	row->rank = KNOWN_RANK;
	row->file = line->file;
	row->number = line->line;
	vec_push_in(&k->arena, &k->rows, row);
}

static bool take_row(void *ctx, const struct conf_line *line, struct error *err)
{
	struct known *k = ctx;
	struct known_row *row;

	if (!conf_in(
		    line, "[message ID] [error ID] [milestone NAME] [prompt NAME] [aside ID]", err))
		return false;
	if (!line->key) {
		add_row(k, line);
		return true;
	}
	row = k->rows.at[k->rows.n - 1];
	if (strcmp(line->key, "text") == 0)
		return add_text(k, row, line->value, err);
	return conf_store(fields, line, row, &k->arena, err) &&
	       (strcmp(line->key, "match") != 0 || compile(row, err));
}

/* Values of the names in a row's sentences. */
struct filling {
	const struct known *known;
	const struct known_row *row;
	const char *groups[GROUPS], *free;
};

static const char *fill_in(void *ctx, const char *name, bool *is_list)
{
	const struct filling *f = ctx;
	size_t group = (size_t)(name[0] - '0');

	*is_list = false;
	if (group < GROUPS && !name[1] && f->row->compiled && group <= f->row->regex.re_nsub)
		return f->groups[group] ? f->groups[group] : "";
	if (strcmp(name, "free") == 0)
		return f->free ? f->free : "an unknown amount";
	return f->known->facts.get ? f->known->facts.get(f->known->facts.ctx, name) : NULL;
}

static bool find_needed(struct known *k, struct known_row *row, struct error *err)
{
	const char *s = row->match;
	struct strings needed = {0};
	bool ok = true;

	if (s && !row->texts && read_choice(&needed, &s, &k->arena) >= SHORTEST)
		for (size_t i = 0; ok && i < needed.n; i++)
			ok = add_text(k, row, needed.at[i], err);
	return ok;
}

static bool complete(struct known *k, struct known_row *row, struct error *err)
{
	struct filling f = {.known = k, .row = row};
	struct text t = TEXT_INIT;
	bool ok = find_needed(k, row, err);

	if (!row->texts && !row->match && !row->event)
		ok = error_set(err, ERROR_PROFILE, "text, match and event are missing");
	else if (!row->texts && row->match && row->kind != KNOWN_PROMPT)
		ok = error_set(err, ERROR_PROFILE,
			"no %d bytes are in all lines that '%s' fits; give it a text", SHORTEST,
			row->match);
	else if (row->kind == KNOWN_MESSAGE && (!row->cause || !row->remedy))
		ok = error_set(err, ERROR_PROFILE, "it needs a cause and a remedy");
	else if (row->kind == KNOWN_MESSAGE)
		ok = expand(&t, row->cause, fill_in, &f, err) &&
		     expand(&t, row->remedy, fill_in, &f, err) &&
		     (!row->program || expand(&t, row->program, fill_in, &f, err));
	else if (row->log)
		ok = expand(&t, row->log, fill_in, &f, err);
	text_release(&t);
	return ok ||
	       error_in(err, "%s:%d: [%s %s]", row->file, row->number, kinds[row->kind], row->id);
}

bool known_load(struct known *k, const struct place *p, const char *name, struct known_facts facts,
	struct error *err)
{
	bool ok;

	*k = (struct known){.facts = facts};
	ok = conf_find(p, arena_fmt(&k->arena, "share/diagnosis/%s.table", name),
		"install bootsmith again or set BOOTSMITH_PATH", NULL, &k->arena, take_row, k, err);
	for (size_t i = 0; ok && i < k->rows.n; i++)
		ok = complete(k, k->rows.at[i], err);
	return ok;
}

void known_release(struct known *k)
{
	for (size_t i = 0; i < k->rows.n; i++)
		if (k->rows.at[i]->compiled)
			regfree(&k->rows.at[i]->regex);
	arena_release(&k->said);
	arena_release(&k->arena);
}

void known_reset(struct known *k)
{
	for (size_t i = 0; i < k->seen.n; i++)
		k->seen.at[i]->line = NULL;
	k->seen.n = 0;
	arena_release(&k->said);
}

/* ---- lines ---- */

/* Marks the rows that have a text in this line, and copies the line for their expressions. False: there are none. */
static bool mark(struct known *k, const char *line, size_t len)
{
	bool any = false;

	k->lines++;
	for (size_t i = 0; i + SHORTEST <= len; i++) {
		for (size_t n = *bucket(k, line + i); n; n = k->texts.at[n - 1].next) {
			const struct known_text *t = &k->texts.at[n - 1];

			if (t->len <= len - i && memcmp(line + i, t->s, t->len) == 0) {
				t->row->marked = k->lines;
				any = true;
			}
		}
	}
	/* a NUL would end the line for an expression */
	for (size_t i = 0; i < len; i++)
		k->copy[i] = line[i] ? line[i] : ' ';
	k->copy[len] = '\0';
	return any;
}

static bool is_so(const struct known *k, const struct known_row *row)
{
	return !row->when.n ||
	       (k->facts.get && guard_holds(&row->when, k->facts.get, k->facts.ctx));
}

static bool fits(const struct known *k, const struct known_row *row)
{
	return (row->texts || row->compiled) && (!row->texts || row->marked == k->lines) &&
	       (!row->compiled || regexec(&row->regex, k->copy, 0, NULL, 0) == 0) && is_so(k, row);
}

static bool is_from(const struct known_row *row, const char *from)
{
	return from && row->from ? strcmp(from, row->from) == 0 : from == row->from;
}

/* Shows the line to the rows of one kind, or to all but those of that kind. */
static bool show(struct known *k, const char *from, enum known_kind kind, bool same)
{
	bool any = false;

	for (size_t i = 0; i < k->rows.n; i++) {
		struct known_row *row = k->rows.at[i];

		if ((row->kind == kind) != same || row->kind == KNOWN_PROMPT ||
			!is_from(row, from) || (!same && row->line) || !fits(k, row))
			continue;
		any = true;
		if (row->line)
			continue;
		row->line = arena_str(&k->said, k->copy);
		vec_push_in(&k->arena, &k->seen, row);
	}
	return any;
}

void known_line(struct known *k, const char *from, const char *line, size_t len)
{
	if (mark(k, line, len < KNOWN_LINE ? len : KNOWN_LINE) && !show(k, from, KNOWN_ASIDE, true))
		show(k, from, KNOWN_ASIDE, false);
}

static bool explains(const struct known_row *row, const char *check)
{
	bool ok = row->about.n == 0;

	for (size_t i = 0; check && i < row->about.n; i++)
		ok = ok || strcmp(row->about.at[i], check) == 0;
	return ok && row->kind <= KNOWN_ERROR;
}

const struct known_row *known_best(const struct known *k, const char *check)
{
	const struct known_row *best = NULL;

	for (size_t i = 0; i < k->seen.n; i++)
		if (explains(k->seen.at[i], check) && (!best || k->seen.at[i]->rank > best->rank))
			best = k->seen.at[i];
	return best;
}

const struct known_row *known_event(const struct known *k, const char *event, const char *check)
{
	for (size_t i = 0; i < k->rows.n; i++) {
		const struct known_row *row = k->rows.at[i];

		if (row->event && strcmp(row->event, event) == 0 && is_so(k, row) &&
			explains(row, check))
			return row;
	}
	return NULL;
}

const struct known_row *known_find(struct known *k, enum known_kind kind, const char *line)
{
	mark(k, line, strnlen(line, KNOWN_LINE));
	for (size_t i = 0; i < k->rows.n; i++)
		if (k->rows.at[i]->kind == kind && fits(k, k->rows.at[i]))
			return k->rows.at[i];
	return NULL;
}

static const char *sentence(const char *source, struct filling *f, struct arena *a)
{
	struct text t = TEXT_INIT;
	struct error err;
	/* its names were checked when the table was read */
	const char *s = source && expand(&t, source, fill_in, f, &err) ? arena_str(a, t.s) : "";

	text_release(&t);
	return s;
}

static struct filling filling_of(
	const struct known *k, const struct known_row *row, const char *free, struct arena *a)
{
	struct filling f = {.known = k, .row = row, .free = free};
	regmatch_t at[GROUPS];

	if (row->line && row->compiled && regexec(&row->regex, row->line, GROUPS, at, 0) == 0)
		for (size_t i = 0; i < GROUPS; i++)
			if (at[i].rm_so >= 0)
				f.groups[i] = arena_strn(a, row->line + at[i].rm_so,
					(size_t)(at[i].rm_eo - at[i].rm_so));
	return f;
}

void known_tell(const struct known *k, const struct known_row *row, const char *free,
	struct arena *a, const char **cause, const char **remedy)
{
	struct filling f = filling_of(k, row, free, a);

	*cause = sentence(row->cause, &f, a);
	*remedy = sentence(row->remedy, &f, a);
}

const char *known_log(const struct known *k, const struct known_row *row, struct arena *a)
{
	struct filling f = filling_of(k, row, NULL, a);

	return sentence(row->log, &f, a);
}

const char *known_program(const struct known *k, const struct known_row *row, struct arena *a)
{
	struct filling f = filling_of(k, row, NULL, a);

	return sentence(row->program, &f, a);
}
