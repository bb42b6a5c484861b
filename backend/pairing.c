/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of pairs that do not go together, and of combinations that were tried. See pairing.h. */
#include "pairing.h"

#include "conf.h"
#include "proc.h"
#include "source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"

enum { MOST_BOUNDS = 2, TOOL_OUTPUT = 4096 };

struct bound {
	const char *sign, *version;
};

/* "linux >= 6.8 < 7" */
struct side {
	const char *name;
	struct bound bounds[MOST_BOUNDS];
	size_t n;
};

struct tool {
	const char *name, *ask;
	const char *version; /* NULL: not asked yet; "": it has none */
};

struct pair {
	const char *name, *file, *reason, *remedy, *source, *left_text, *right_text;
	int line;
	struct guard when;
	struct side left, right;
};

struct pairings {
	struct arena arena;
	VEC(struct tool) tools;
	VEC(struct pair) pairs;
	struct strings tried;
};

static const struct conf_field pair_fields[] = {
	{"when", CONF_GUARD, offsetof(struct pair, when)},
	{"left", CONF_TEXT, offsetof(struct pair, left_text)},
	{"right", CONF_TEXT, offsetof(struct pair, right_text)},
	{"reason", CONF_TEXT, offsetof(struct pair, reason)},
	{"remedy", CONF_TEXT, offsetof(struct pair, remedy)},
	{"source", CONF_TEXT, offsetof(struct pair, source)},
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
	if (ok && (words.n % 2 == 0 || words.n > 1 + 2 * MOST_BOUNDS))
		ok = error_set(err, ERROR_PROFILE,
			"'%s' is not written NAME, or NAME and one or two bounds such as '>= 6.8 < "
			"7'",
			text);
	for (size_t i = 1; ok && i < words.n; i += 2) {
		ok = is_sign(words.at[i]) ||
		     error_set(err, ERROR_PROFILE, "'%s' is none of < <= > >= =", words.at[i]);
		s->bounds[s->n++] = (struct bound){words.at[i], words.at[i + 1]};
	}
	if (ok)
		s->name = words.at[0];
	vec_release(&words);
	return ok;
}

static bool take_pair(struct pairings *p, const struct conf_line *line, struct error *err)
{
	struct pair *q;

	if (!line->key) {
		vec_push(&p->pairs, (struct pair){.name = line->name,
					    .file = arena_str(&p->arena, line->file),
					    .line = line->line});
		return true;
	}
	q = &p->pairs.at[p->pairs.n - 1];
	if (!conf_store(pair_fields, line, q, &p->arena, err))
		return false;
	if (strcmp(line->key, "left") == 0)
		return read_side(&q->left, q->left_text, &p->arena, err);
	return strcmp(line->key, "right") != 0 ||
	       read_side(&q->right, q->right_text, &p->arena, err);
}

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct pairings *p = ctx;

	if (strcmp(line->kind, "pair") == 0)
		return take_pair(p, line, err);
	if (strcmp(line->kind, "tool") == 0) {
		if (!line->key) {
			vec_push(&p->tools, (struct tool){.name = line->name});
			return true;
		}
		return conf_store(tool_fields, line, &p->tools.at[p->tools.n - 1], &p->arena, err);
	}
	if (strcmp(line->kind, "tried") != 0)
		return error_set(
			err, ERROR_PROFILE, "a section is [tool NAME], [pair NAME] or [tried]");
	if (line->key && strcmp(line->key, "passed") != 0)
		return error_set(err, ERROR_PROFILE, "'%s' is not known here; [tried] has 'passed'",
			line->key);
	if (line->key)
		vec_push(&p->tried, line->value);
	return true;
}

static bool read_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct pairings *p = ctx;

	(void)relative;
	return conf_read(path, &p->arena, take_line, p, err);
}

static bool complete(const struct pairings *p, struct error *err)
{
	for (size_t i = 0; i < p->pairs.n; i++) {
		const struct pair *q = &p->pairs.at[i];

		if (!q->left.name || !q->right.name || !q->reason || !q->remedy || !q->source)
			return error_set(err, ERROR_PROFILE,
				"%s:%d: pair '%s' needs left, right, reason, remedy and source",
				q->file, q->line, q->name);
	}
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
	vec_release(&p->tools);
	vec_release(&p->pairs);
	vec_release(&p->tried);
	arena_release(&p->arena);
	free(p);
}

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

/* The first word that begins with a digit: "GNU ld (GNU Binutils for Debian) 2.40". */
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

/* A tool that is missing or says nothing has no version: what needs it says so better. */
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
		vec_push(&argv, NULL);
		if (proc_capture(argv.at, NULL, NULL, TOOL_OUTPUT, &out, &status, &ignored) &&
			status == 0)
			t->version = version_in(&p->arena, out.s);
	}
	vec_release(&argv);
	text_release(&out);
	return t->version;
}

struct question {
	struct pairings *pairings;
	pairing_version *version;
	const void *ctx;
};

/* NULL: it is no part of this. *is_tool: it is the machine's. */
static const char *version_of(const struct question *q, const struct side *s, bool *is_tool)
{
	const char *chosen = q->version(q->ctx, s->name);
	struct tool *t = chosen ? NULL : find_tool(q->pairings, s->name);
	const char *version = t ? ask_tool(q->pairings, t) : chosen;

	*is_tool = t != NULL;
	return version && *version ? version : NULL;
}

static bool check_one(const struct question *q, const struct pair *pair, struct error *err)
{
	bool left_tool, right_tool;
	const char *left = version_of(q, &pair->left, &left_tool);
	const char *right =
		left && fits(&pair->left, left) ? version_of(q, &pair->right, &right_tool) : NULL;

	if (!right || !fits(&pair->right, right))
		return true;
	return error_set(err, left_tool || right_tool ? ERROR_HOST : ERROR_PROFILE,
		"%s %s and %s %s do not go together: %s; %s (%s)", pair->left.name, left,
		pair->right.name, right, pair->reason, pair->remedy, pair->source);
}

bool pairings_check(struct pairings *p, const struct profile *profile, pairing_version *version,
	const void *ctx, struct error *err)
{
	const struct question q = {p, version, ctx};

	for (size_t i = 0; i < p->pairs.n; i++)
		if (guard_holds(&p->pairs.at[i].when, profile_lookup, profile) &&
			!check_one(&q, &p->pairs.at[i], err))
			return false;
	return true;
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
					vec_push(&found, p->tried.at[i]);
		vec_release(&words);
	}
	vec_settle(&found, &p->arena);
	return found;
}
