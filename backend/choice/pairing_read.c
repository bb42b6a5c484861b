/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads share/pairings/NAME.pairing. */
#include "choice/pairing_rows.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const struct conf_field pair_fields[] = {
	{"when", CONF_GUARD, offsetof(struct pair, when)},
	{"left", CONF_TEXT, offsetof(struct pair, cure.left)},
	{"right", CONF_TEXT, offsetof(struct pair, cure.right)},
	{"reason", CONF_TEXT, offsetof(struct pair, cure.reason)},
	{"remedy", CONF_TEXT, offsetof(struct pair, remedy)},
	{"source", CONF_TEXT, offsetof(struct pair, cure.source)},
	{NULL, CONF_TEXT, 0},
};

static const struct conf_field tool_fields[] = {
	{"ask", CONF_TEXT, offsetof(struct tool, ask)},
	{NULL, CONF_TEXT, 0},
};

static bool is_sign(const char *word)
{
	static const char *const signs[] = {"<", "<=", ">", ">=", "="};

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (strcmp(signs[i], word) == 0)
			return true;
	return false;
}

static bool read_side(struct side *s, const char *text, struct arena *a, struct error *err)
{
	struct strings words = {0};
	bool ok = conf_words(text, a, &words, err);

	*s = (struct side){0};
	if (ok && (words.n % 2 == 0 || words.n > 1 + 2 * PAIRING_BOUNDS))
		ok = error_set(err, ERROR_PROFILE,
			"'%s' is not written NAME, or NAME and one or two bounds such as '>= 6.8 < 7'",
			text);
	for (size_t i = 1; ok && i < words.n; i += 2) {
		ok = is_sign(words.at[i]) ||
		     error_set(err, ERROR_PROFILE, "'%s' is none of < <= > >= =", words.at[i]);
		s->bounds[s->n++] = (struct bound){words.at[i], words.at[i + 1]};
	}
	if (ok)
		s->name = words.at[0];
	return ok;
}

static bool is_fact(const char *key)
{
	for (const struct conf_field *f = pair_fields; f->key; f++)
		if (strcmp(f->key, key) == 0)
			return true;
	return false;
}

static bool take_gift(
	struct pairings *p, struct pair *q, const struct conf_line *line, struct error *err)
{
	if (line->guard->n)
		return error_set(err, ERROR_PROFILE,
			"'%s' cannot have a guard here; 'when' is that of the whole cure",
			line->key);
	vec_push_in(&p->arena, &q->cure.gives, (struct cure_gift){line->key, line->value});
	return true;
}

static bool take_pair(struct pairings *p, const struct conf_line *line, struct error *err)
{
	struct pair *q;

	if (!line->key) {
		vec_push_in(&p->arena, &p->pairs,
			(struct pair){.cure.name = line->name,
				.cures = strcmp(line->kind, "cure") == 0,
				.file = arena_str(&p->arena, line->file),
				.line = line->line});
		return true;
	}
	q = &p->pairs.at[p->pairs.n - 1];
	if (q->cures && !is_fact(line->key))
		return take_gift(p, q, line, err);
	if (!conf_store(pair_fields, line, q, &p->arena, err))
		return false;
	if (strcmp(line->key, "left") == 0) {
		if (!read_side(&q->left, q->cure.left, &p->arena, err))
			return false;
		q->cure.component = q->left.name;
		return true;
	}
	return strcmp(line->key, "right") != 0 ||
	       read_side(&q->right, q->cure.right, &p->arena, err);
}

static bool take_section(void *ctx, const struct conf_line *line, struct error *err)
{
	struct pairings *p = ctx;

	if (!conf_in(line, "[tool NAME] [pair NAME] [cure NAME] [tried]", err))
		return false;
	if (strcmp(line->kind, "pair") == 0 || strcmp(line->kind, "cure") == 0)
		return take_pair(p, line, err);
	if (strcmp(line->kind, "tool") == 0) {
		if (!line->key) {
			vec_push_in(&p->arena, &p->tools, (struct tool){.name = line->name});
			return true;
		}
		return conf_store(tool_fields, line, &p->tools.at[p->tools.n - 1], &p->arena, err);
	}
	if (line->key && strcmp(line->key, "passed") != 0)
		return error_set(err, ERROR_PROFILE, "'%s' is not known here; [tried] has 'passed'",
			line->key);
	if (line->key)
		vec_push_in(&p->arena, &p->tried, line->value);
	return true;
}

static bool read_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct pairings *p = ctx;

	(void)relative;
	return conf_read(path, &p->arena, take_section, p, err);
}

static bool is_tool(const struct pairings *p, const char *name)
{
	for (size_t i = 0; i < p->tools.n; i++)
		if (strcmp(p->tools.at[i].name, name) == 0)
			return true;
	return false;
}

static bool complete_pair(const struct pairings *p, const struct pair *q, struct error *err)
{
	const struct cure *c = &q->cure;

	if (!q->cures)
		return (q->left.name && q->right.name && c->reason && q->remedy && c->source) ||
		       error_set(err, ERROR_PROFILE,
			       "%s:%d: pair '%s' needs left, right, reason, remedy and source",
			       q->file, q->line, c->name);
	if (!q->left.name || !c->reason || !c->source || !c->gives.n || q->remedy)
		return error_set(err, ERROR_PROFILE,
			"%s:%d: cure '%s' needs left, reason, source and what it gives the recipe, and has no remedy",
			q->file, q->line, c->name);
	return !is_tool(p, q->left.name) ||
	       error_set(err, ERROR_PROFILE,
		       "%s:%d: cure '%s' has tool '%s' on its left, where the component stands that is cured",
		       q->file, q->line, c->name, q->left.name);
}

static bool complete(const struct pairings *p, struct error *err)
{
	for (size_t i = 0; i < p->pairs.n; i++)
		if (!complete_pair(p, &p->pairs.at[i], err))
			return false;
	for (size_t i = 0; i < p->tools.n; i++)
		if (!p->tools.at[i].ask)
			return error_set(err, ERROR_PROFILE,
				"share/pairings: tool '%s' needs 'ask'", p->tools.at[i].name);
	return true;
}

bool pairings_load(struct pairings **out, const struct place *place, struct error *err)
{
	struct pairings *p = xmalloc(sizeof *p);

	*p = (struct pairings){.arena = ARENA_INIT};
	*out = p;
	if (place_each(place, "share/pairings", ".pairing", read_file, p, err) && complete(p, err))
		return true;
	pairings_free(p);
	*out = NULL;
	return false;
}

void pairings_free(struct pairings *p)
{
	if (!p)
		return;
	arena_release(&p->arena);
	free(p);
}
