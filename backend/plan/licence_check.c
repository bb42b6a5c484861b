/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Licence expressions: names of share/tables/licences with AND, OR, WITH and parentheses (SPDX specification 2.3, annex D). */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/vec.h"
#include "plan/recipe_check.h"

#include <string.h>

#include "base/banned.h"

enum { DEEPEST = 16 };

struct licences {
	struct arena arena;
	struct strings licences, exceptions;
	struct strings deprecated; /* whole lines: the name, and what takes its place */
};

struct parser {
	const struct licences *known;
	const char *at;
	int depth;
	struct error *err;
};

static bool take_row(void *ctx, const struct conf_line *line, struct error *err)
{
	struct licences *l = ctx;

	if (!conf_in(line, "", err))
		return false;
	if (strcmp(line->key, "licence") == 0)
		return conf_words(line->value, &l->arena, &l->licences, err);
	if (strcmp(line->key, "exception") == 0)
		return conf_words(line->value, &l->arena, &l->exceptions, err);
	vec_push_in(&l->arena, &l->deprecated, line->value);
	return true;
}

static bool has(const struct strings *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

/* The next word, "" at the end; a parenthesis is one. */
static const char *next(struct parser *p, struct arena *a)
{
	size_t n;

	p->at += strspn(p->at, " \t\n");
	n = strchr("()", *p->at) ? *p->at != '\0' : strcspn(p->at, " \t\n()");
	p->at += n;
	return arena_strn(a, p->at - n, n);
}

static bool next_is(struct parser *p, struct arena *a, const char *word)
{
	const char *before = p->at;

	if (strcmp(next(p, a), word) == 0)
		return true;
	p->at = before;
	return false;
}

static bool unknown(
	struct parser *p, const struct strings *names, const char *what, const char *name)
{
	const char *near = conf_nearest(name, names->at, names->n);

	return error_set(p->err, ERROR_PROFILE, "SPDX knows no %s '%s'%s%s%s", what, name,
		near ? "; did you mean "
		     : "; https://spdx.org/licenses lists them, LicenseRef-NAME is for others",
		near ? near : "", near ? "?" : "");
}

static bool one_licence(struct parser *p, struct arena *a)
{
	char *name = arena_str(a, next(p, a));
	size_t len = strlen(name);
	bool plus;

	if (!len || strchr("()", *name))
		return error_set(p->err, ERROR_PROFILE, "a licence is missing before '%s'",
			*name ? name : "the end");
	plus = len > 1 && name[len - 1] == '+';
	if (plus)
		name[--len] = '\0';
	for (size_t i = 0; i < p->known->deprecated.n; i++) {
		const char *row = p->known->deprecated.at[i];

		if (strncmp(row, name, len) != 0 || (row[len] != ' ' && row[len]))
			continue;
		if (plus)
			return error_set(p->err, ERROR_PROFILE,
				"the name '%s+' is deprecated; write %s-or-later", name, name);
		return error_set(p->err, ERROR_PROFILE, "the name '%s' is deprecated%s%s", name,
			row[len] ? "; write" : "", row + len);
	}
	if (strncmp(name, "LicenseRef-", 11) != 0 && !has(&p->known->licences, name))
		return unknown(p, &p->known->licences, "licence", name);
	if (next_is(p, a, "WITH")) {
		const char *exception = next(p, a);

		if (!has(&p->known->exceptions, exception))
			return unknown(p, &p->known->exceptions, "exception", exception);
	}
	return true;
}

/* Licences with AND and OR between them; which of the two binds closer makes no difference to what is well-formed. */
static bool licences(struct parser *p, struct arena *a)
{
	do {
		if (next_is(p, a, "(")) {
			if (++p->depth > DEEPEST)
				return error_set(p->err, ERROR_PROFILE, "too many parentheses");
			if (!licences(p, a))
				return false;
			if (!next_is(p, a, ")"))
				return error_set(p->err, ERROR_PROFILE, "a ')' is missing");
			p->depth--;
		} else if (!one_licence(p, a)) {
			return false;
		}
	} while (next_is(p, a, "AND") || next_is(p, a, "OR"));
	return true;
}

bool licence_check(const struct place *place, const char *expression, struct error *err)
{
	struct licences known = {.arena = ARENA_INIT};
	struct parser p = {.known = &known, .at = expression, .err = err};
	bool ok = conf_find(place, "share/tables/licences", "the names of licences are not known",
		NULL, &known.arena, take_row, &known, err);

	ok = ok && licences(&p, &known.arena);
	if (ok && *next(&p, &known.arena))
		ok = error_set(err, ERROR_PROFILE,
			"'%s' is not a licence expression; write AND or OR between licences, as in GPL-2.0-only AND MIT",
			expression);
	arena_release(&known.arena);
	return ok;
}
