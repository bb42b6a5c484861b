/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores lines of the file syntax in fields of structs, splits words and finds near names. */
#include "base/conf.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

bool conf_in(const struct conf_line *line, const char *sections, struct error *err)
{
	size_t len = strlen(line->kind);

	if (!len && !*sections)
		return true;
	for (const char *at = sections; len && (at = strstr(at, line->kind)); at += len)
		if (at > sections && at[-1] == '[' && at[len] == (*line->name ? ' ' : ']'))
			return true;
	if (!*sections)
		return error_set(err, ERROR_PROFILE, "there are no [sections] in this file");
	if (!len)
		return error_set(err, ERROR_PROFILE,
			"'%s' stands before the first section; a section here is %s", line->key,
			sections);
	return error_set(err, ERROR_PROFILE, "a section here is %s, not [%s%s%s]", sections,
		line->kind, *line->name ? " " : "", line->name);
}

bool conf_is_yes(const char *value)
{
	return value && strcmp(value, "yes") == 0;
}

static bool yes_or_no(const char *value, bool *into, struct error *err)
{
	*into = conf_is_yes(value);
	if (*into || strcmp(value, "no") == 0)
		return true;
	return error_set(err, ERROR_PROFILE, "'%s' is neither yes nor no", value);
}

static bool number(const char *value, long *into, struct error *err)
{
	char *end;

	errno = 0;
	*into = strtol(value, &end, 10);
	if (*value && !*end && errno == 0)
		return true;
	return error_set(err, ERROR_PROFILE, "'%s' is not a whole number", value);
}

static bool text(const struct conf_line *line, const char **into, struct error *err)
{
	if (*into)
		return error_set(err, ERROR_PROFILE, "'%s' is given twice", line->key);
	*into = line->value;
	return true;
}

static bool unknown(
	const struct conf_field *fields, const struct conf_line *line, struct error *err)
{
	const char *names[64] = {
		NULL}; /* cppcheck 2.17 does not see that every one read was set before */
	const char *near;
	size_t n = 0;

	for (; n < 64 && fields[n].key; n++)
		names[n] = fields[n].key;
	near = conf_nearest(line->key, names, n);
	if (near)
		return error_set(err, ERROR_PROFILE, "unknown key '%s'; did you mean '%s'?",
			line->key, near);
	return error_set(err, ERROR_PROFILE, "unknown key '%s'", line->key);
}

bool conf_store(const struct conf_field *fields, const struct conf_line *line, void *into,
	struct arena *a, struct error *err)
{
	for (const struct conf_field *f = fields; f->key; f++) {
		void *at = (char *)into + f->offset;

		if (strcmp(f->key, line->key) != 0)
			continue;
		switch (f->type) {
		case CONF_TEXT:
			return text(line, at, err);
		case CONF_WORDS:
			return conf_words(line->value, a, at, err); /* a repeated key adds words */
		case CONF_NUMBER:
			return number(line->value, at, err);
		case CONF_YESNO:
			return yes_or_no(line->value, at, err);
		case CONF_GUARD:
			return guard_parse(at, a, line->value, line->traits, err);
		}
	}
	return unknown(fields, line, err);
}

#define BLANKS " \t\n"

bool conf_words(const char *source, struct arena *a, struct strings *out, struct error *err)
{
	struct text word = TEXT_INIT;
	const char *s = source;
	bool ok = true;

	for (s += strspn(s, BLANKS); ok && *s; s += strspn(s, BLANKS)) {
		bool quoted = false;

		text_clear(&word);
		while (*s && (quoted || !strchr(BLANKS, *s))) {
			size_t plain = strcspn(s, quoted ? "\"\\" : BLANKS "\"\\");

			text_add(&word, s, plain);
			s += plain;
			if (*s == '"') {
				quoted = !quoted;
				s++;
			} else if (*s == '\\') {
				s += s[1] != '\0';
				text_char(&word, *s++);
			}
		}
		if (quoted)
			ok = error_set(err, ERROR_PROFILE, "a quotation mark is not closed in: %s",
				source);
		else
			vec_push_in(a, out, arena_str(a, word.s));
	}
	text_release(&word);
	return ok;
}

/* Edit distance (Levenshtein) of words of at most 63 characters; longer words never match. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], la = strlen(a), lb = strlen(b);

	if (la > 63 || lb > 63)
		return 64;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t above = row[j];
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[lb];
}

const char *conf_nearest(const char *word, const char *const *names, size_t n)
{
	size_t best = strlen(word) / 3 + 1;
	const char *near = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(word, names[i]);

		if (d < best || (d == best && !near)) {
			best = d;
			near = names[i];
		}
	}
	return near;
}
