/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads checks and judges the guest's answers. */
#include "boot/check.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/facts.h"
#include "proc/proc.h"

#include "base/banned.h"

enum { FOUND = 160 }; /* bytes of the guest's output quoted in a detail */

static const struct conf_field fields[] = {
	{"order", CONF_NUMBER, offsetof(struct check, order)},
	{"seconds", CONF_NUMBER, offsetof(struct check, seconds)},
	{"when", CONF_GUARD, offsetof(struct check, when)},
	{"given", CONF_TEXT, offsetof(struct check, given)},
	{"after", CONF_TEXT, offsetof(struct check, after)},
	{"event", CONF_TEXT, offsetof(struct check, event)},
	{"tool", CONF_TEXT, offsetof(struct check, tool)},
	{"cause", CONF_TEXT, offsetof(struct check, cause)},
	{"remedy", CONF_TEXT, offsetof(struct check, remedy)},
	{NULL, CONF_TEXT, 0},
};

static struct check_lines *lines_of(struct check *c, const char *key)
{
	const struct {
		const char *key;
		struct check_lines *lines;
	} table[] = {{"run", &c->run}, {"host", &c->host}, {"expect", &c->expect},
		{"refuse", &c->refuse}, {"pass", &c->pass}, {"fail", &c->fail}, {"skip", &c->skip}};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].key, key) == 0)
			return table[i].lines;
	return NULL;
}

static bool take_check(void *ctx, const struct conf_line *line, struct error *err)
{
	struct check_list *l = ctx;
	struct check *c;
	struct check_lines *lines;

	if (!conf_in(line, "[check NAME]", err))
		return false;
	if (!line->key) {
		c = arena_alloc(&l->arena, sizeof *c);
		c->name = line->name;
		c->file = line->file;
		vec_push_in(&l->arena, &l->of, c);
		return true;
	}
	c = l->of.at[l->of.n - 1];
	lines = lines_of(c, line->key);
	if (!lines && line->guard->n)
		return error_set(err, ERROR_PROFILE, "'%s' cannot have a guard", line->key);
	if (!lines)
		return conf_store(fields, line, c, &l->arena, err);
	vec_push_in(&l->arena, lines, (struct check_line){*line->guard, line->value});
	return true;
}

bool check_read(
	struct check_list *l, const char *path, const struct traits *traits, struct error *err)
{
	size_t first = l->of.n;

	if (!conf_read_guarded(path, traits, &l->arena, take_check, l, err))
		return false;
	for (size_t i = first; i < l->of.n; i++) {
		const struct check *c = l->of.at[i];

		if ((!c->run.n && !c->host.n) || !c->pass.n || !c->fail.n || !c->cause ||
			!c->remedy)
			return error_set(err, ERROR_PROFILE,
				"%s: [check %s] needs run or host, pass, fail, cause and remedy",
				path, c->name);
	}
	return true;
}

struct loader {
	struct check_list *list;
	const struct traits *traits;
};

static bool read_one(void *ctx, const char *relative, const char *path, struct error *err)
{
	const struct loader *l = ctx;

	(void)relative;
	return check_read(l->list, path, l->traits, err);
}

static int by_order(const void *a, const void *b)
{
	const struct check *const *x = a, *const *y = b;

	if ((*x)->order != (*y)->order)
		return (*x)->order < (*y)->order ? -1 : 1;
	return strcmp((*x)->name, (*y)->name);
}

bool check_load(struct check_list *l, const struct catalog *c, struct error *err)
{
	struct loader loader = {l, &c->traits};

	*l = (struct check_list){0};
	if (!place_each(c->place, "share/checks", ".check", read_one, &loader, err))
		return false;
	if (!l->of.n)
		return error_set(err, ERROR_INTERNAL,
			"there is no check in share/checks; install bootsmith again or set BOOTSMITH_PATH");
	check_sort(l);
	return true;
}

void check_sort(struct check_list *l)
{
	if (l->of.n)
		qsort(l->of.at, l->of.n, sizeof *l->of.at, by_order);
}

void check_release(struct check_list *l)
{
	arena_release(&l->arena);
}

bool check_applies(const struct check *c, struct facts *facts)
{
	const char *value = c->given ? facts_get(facts, c->given) : "given";

	return value && *value && guard_holds(&c->when, facts_lookup, facts);
}

/* The last line whose guard holds; "" if none does. */
static const char *chosen(const struct check_lines *lines, struct facts *facts)
{
	for (size_t i = lines->n; i-- > 0;)
		if (guard_holds(&lines->at[i].guard, facts_lookup, facts))
			return lines->at[i].value;
	return "";
}

bool check_command(const struct check *c, struct facts *facts, struct text *out, struct error *err)
{
	return expand(out, chosen(&c->run, facts), facts_expand, facts, err) ||
	       error_in(err, "%s: [check %s]", c->file, c->name);
}

bool check_host(const struct check *c, struct facts *facts, struct arena *a, struct strings *argv,
	struct error *err)
{
	return expand_words(argv, a, chosen(&c->host, facts), facts_expand, facts, err) ||
	       error_in(err, "%s: [check %s]", c->file, c->name);
}

static bool has_tool(const struct check *c)
{
	struct text path = TEXT_INIT;
	bool found = !c->tool || proc_find(c->tool, NULL, &path);

	text_release(&path);
	return found;
}

bool check_skips(const struct check *c, struct facts *facts, struct text *detail)
{
	const char *reason = chosen(&c->skip, facts);
	struct error err;

	text_clear(detail);
	if (!has_tool(c)) {
		text_fmt(detail,
			"%s is not installed on this machine; `bootsmith doctor` names its package",
			c->tool);
		return true;
	}
	if (*reason && !expand(detail, reason, facts_expand, facts, &err))
		text_str(detail, err.text);
	return *reason != '\0';
}

void check_detail(
	const struct check *c, struct facts *facts, bool ok, const char *found, struct text *detail)
{
	struct text short_found = TEXT_INIT;
	struct error err;
	size_t len = strcspn(found, "\n");

	printable(&short_found, found, len < FOUND ? len : FOUND);
	facts_set(facts, "found", "%s", short_found.s);
	text_clear(detail);
	if (!expand(detail, chosen(ok ? &c->pass : &c->fail, facts), facts_expand, facts, &err))
		text_str(detail, err.text);
	if (!detail->len)
		text_fmt(detail, "%s: [check %s] says nothing of how it ended", c->file, c->name);
	text_release(&short_found);
}

/* Does a line of the output match? `found` gets the first group, or the whole line. */
static bool fits(const char *output, const regex_t *regex, bool whole, struct text *found)
{
	struct text line = TEXT_INIT;
	regmatch_t at[2];
	bool hit = false;

	for (const char *s = output; !hit && *s;) {
		size_t len = strcspn(s, "\n");

		text_clear(&line);
		text_add(&line, s, len);
		hit = regexec(regex, line.s, 2, at, 0) == 0;
		s += len + (s[len] == '\n');
	}
	if (hit && found) {
		size_t i = regex->re_nsub && at[1].rm_so >= 0 ? 1 : 0;

		text_clear(found);
		if (whole)
			text_str(found, line.s);
		else
			text_add(found, line.s + at[i].rm_so, (size_t)(at[i].rm_eo - at[i].rm_so));
	}
	text_release(&line);
	return hit;
}

/* One expectation: does any line match? False with a sentence in `broken` if the data is wrong. */
static bool holds(const char *pattern, struct facts *facts, const char *output, bool whole,
	bool *hit, struct text *found, struct text *broken)
{
	struct text expanded = TEXT_INIT;
	struct error err;
	regex_t regex;
	bool ok = expand(&expanded, pattern, facts_expand_regex, facts, &err);

	if (!ok)
		text_str(broken, err.text);
	if (ok && regcomp(&regex, expanded.s, REG_EXTENDED) != 0) {
		text_fmt(broken, "'%s' is not a regular expression", expanded.s);
		ok = false;
	}
	if (ok) {
		*hit = fits(output, &regex, whole, found);
		regfree(&regex);
	}
	text_release(&expanded);
	return ok;
}

/* `found` gets what the first expected line says, or the first refused line itself. */
static bool all_hold(const struct check_lines *lines, bool wanted, struct facts *facts,
	const char *output, struct text *found, struct text *broken)
{
	bool all = true, first = true;

	for (size_t i = 0; i < lines->n && !broken->len; i++) {
		bool hit = false;

		if (!guard_holds(&lines->at[i].guard, facts_lookup, facts))
			continue;
		if (!holds(lines->at[i].value, facts, output, !wanted, &hit, first ? found : NULL,
			    broken))
			return false;
		first = wanted ? false : first && !hit;
		all = all && hit == wanted;
	}
	return all;
}

bool check_judge(
	const struct check *c, struct facts *facts, const char *output, struct text *detail)
{
	struct text found = TEXT_INIT, unwanted = TEXT_INIT, broken = TEXT_INIT;
	bool ok = all_hold(&c->expect, true, facts, output, &found, &broken) &&
		  all_hold(&c->refuse, false, facts, output, &unwanted, &broken);

	if (broken.len) {
		ok = false;
		text_clear(detail);
		text_fmt(detail, "%s: [check %s]: %s", c->file, c->name, broken.s);
	} else {
		check_detail(c, facts, ok,
			ok	       ? found.s
			: unwanted.len ? unwanted.s
			: *output      ? output
				       : "nothing",
			detail);
	}
	text_release(&found);
	text_release(&unwanted);
	text_release(&broken);
	return ok;
}
