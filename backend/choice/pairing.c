/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks chosen versions against the table of pairs: refusals, cures, and tried combinations. */
#include "choice/pairing_rows.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/version.h"
#include "choice/pairing.h"
#include "proc/proc.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

enum { TOOL_OUTPUT = 4096 };

static bool fits(const struct side *s, const char *version)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct bound *b = &s->bounds[i];
		int order = version_compare(version, b->version);
		bool holds = strchr(b->sign, '=') && order == 0;

		holds = holds || (*b->sign == '<' && order < 0) || (*b->sign == '>' && order > 0);
		if (!holds)
			return false;
	}
	return true;
}

static struct tool *find_tool(struct pairings *p, const char *name)
{
	for (size_t i = 0; i < p->tools.n; i++)
		if (strcmp(p->tools.at[i].name, name) == 0)
			return &p->tools.at[i];
	return NULL;
}

/* The first word that starts with a digit: "GNU ld (GNU Binutils for Debian) 2.40". */
static const char *version_in(struct arena *a, const char *output)
{
	while (*output) {
		size_t len;

		output += strspn(output, " \t\n()");
		len = strcspn(output, " \t\n()");
		if (isdigit((unsigned char)*output))
			return arena_strn(a, output, len);
		output += len;
	}
	return "";
}

/* A tool that is missing or prints nothing has no version: whatever needs it reports that better. */
static const char *ask_tool(struct pairings *p, struct tool *t)
{
	struct text out = TEXT_INIT;
	struct strings argv = {0};
	struct error ignored;
	int status;

	if (t->version)
		return t->version;
	t->version = "";
	if (conf_words(t->ask, &p->arena, &argv, &ignored) && argv.n) {
		vec_push_in(&p->arena, &argv, NULL);
		if (proc_capture(argv.at, NULL, NULL, TOOL_OUTPUT, &out, &status, &ignored) &&
			status == 0)
			t->version = version_in(&p->arena, out.s);
	}
	text_release(&out);
	return t->version;
}

const char *pairings_tool(struct pairings *p, const char *name)
{
	struct tool *t = find_tool(p, name);

	return t ? ask_tool(p, t) : NULL;
}

struct question {
	struct pairings *pairings;
	pairing_version *version;
	const void *ctx;
};

/* NULL: not part of this. *is_tool: a tool of this machine. */
static const char *version_of(const struct question *q, const struct side *s, bool *is_tool)
{
	const char *chosen = q->version(q->ctx, s->name);
	struct tool *t = chosen ? NULL : find_tool(q->pairings, s->name);
	const char *version = t ? ask_tool(q->pairings, t) : chosen;

	*is_tool = t != NULL;
	return version && *version ? version : NULL;
}

bool pair_refuses(struct pairings *p, const struct pair *pair, pairing_version *version,
	const void *ctx, struct error *err)
{
	const struct question q = {p, version, ctx};
	bool left_tool, right_tool;
	const char *left = pair->cures ? NULL : version_of(&q, &pair->left, &left_tool);
	const char *right =
		left && fits(&pair->left, left) ? version_of(&q, &pair->right, &right_tool) : NULL;

	if (!right || !fits(&pair->right, right))
		return false;
	error_set(err, left_tool || right_tool ? ERROR_HOST : ERROR_PROFILE,
		"%s %s and %s %s do not go together: %s; %s (%s)", pair->left.name, left,
		pair->right.name, right, pair->cure.reason, pair->remedy, pair->cure.source);
	return true;
}

bool pairings_check(struct pairings *p, const struct profile *profile, pairing_version *version,
	const void *ctx, struct error *err)
{
	for (size_t i = 0; i < p->pairs.n; i++)
		if (guard_holds(&p->pairs.at[i].when, profile_lookup, profile) &&
			pair_refuses(p, &p->pairs.at[i], version, ctx, err))
			return false;
	return true;
}

static bool applies(const struct question *q, const struct pair *pair)
{
	bool tool;
	const char *version = version_of(q, &pair->left, &tool);

	if (!version || !fits(&pair->left, version))
		return false;
	if (!pair->right.name)
		return true;
	version = version_of(q, &pair->right, &tool);
	return version && fits(&pair->right, version);
}

struct cures pairings_cures(struct pairings *p, const struct profile *profile,
	pairing_version *version, const void *ctx)
{
	const struct question q = {p, version, ctx};
	struct cures found = {0};

	for (size_t i = 0; i < p->pairs.n; i++)
		if (p->pairs.at[i].cures &&
			guard_holds(&p->pairs.at[i].when, profile_lookup, profile) &&
			applies(&q, &p->pairs.at[i]))
			vec_push_in(&p->arena, &found, &p->pairs.at[i].cure);
	return found;
}

struct cures pairings_cures_of(struct pairings *p, const char *component, const char *version)
{
	struct cures found = {0};

	for (size_t i = 0; i < p->pairs.n; i++) {
		const struct pair *q = &p->pairs.at[i];

		if (q->cures && strcmp(q->left.name, component) == 0 && fits(&q->left, version))
			vec_push_in(&p->arena, &found, &q->cure);
	}
	return found;
}

struct strings pairings_tried(struct pairings *p, const char *component, const char *version)
{
	const char *word = arena_fmt(&p->arena, "%s=%s", component, version);
	struct strings found = {0};
	struct error ignored;

	for (size_t i = 0; i < p->tried.n; i++) {
		struct strings words = {0};

		if (conf_words(p->tried.at[i], &p->arena, &words, &ignored))
			for (size_t k = 0; k < words.n; k++)
				if (strcmp(words.at[k], word) == 0)
					vec_push_in(&p->arena, &found, p->tried.at[i]);
	}
	return found;
}
