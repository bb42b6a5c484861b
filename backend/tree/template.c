/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expands templates line by line: {name}, "@if GUARD: ", "@each NAME: " and "@open: ". See rootfs.h. */
#include "tree/rootfs.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

enum { DEEPEST = 8 };

struct template
{
	struct text *out;
	const struct profile *profile;
	expand_lookup *lookup;
	void *ctx;
	const char *item; /* of the innermost @each; NULL outside */
	int depth;
	struct arena arena; /* of the line */
};

static const char *name_or_item(void *ctx, const char *name, bool *is_list)
{
	struct template *t = ctx;

	if (t->item && strcmp(name, "item") == 0) {
		*is_list = false;
		return t->item;
	}
	return t->lookup(t->ctx, name, is_list);
}

static const char open_line[] = "@open: ";

static bool one_line(struct template *t, const char *line, struct error *err);

/* Splits "WORD ARGUMENT: REST"; a directive without a colon is an error, because it would end up in the file. */
static bool cut(struct template *t, const char *line, const char *word, char **argument,
	const char **rest, struct error *err)
{
	size_t skip = strlen(word);
	const char *colon = strchr(line, ':');

	if (!colon)
		return error_set(err, ERROR_PROFILE, "'%s' is written '%s...: LINE'", word, word);
	*argument = arena_strn(&t->arena, line + skip, (size_t)(colon - line) - skip);
	*rest = colon + 1 + (colon[1] == ' ');
	return true;
}

static bool when(struct template *t, const char *line, struct error *err)
{
	struct guard g;
	const char *rest;
	char *condition;

	if (!cut(t, line, "@if ", &condition, &rest, err) ||
		!guard_parse(&g, &t->arena, condition, &t->profile->catalog->traits, err))
		return false;
	return !guard_holds(&g, profile_lookup, t->profile) || one_line(t, rest, err);
}

static bool each(struct template *t, const char *line, struct error *err)
{
	struct strings words = {0};
	const char *rest, *value, *outer = t->item;
	bool is_list, ok;
	char *name;

	if (!cut(t, line, "@each ", &name, &rest, err))
		return false;
	value = name_or_item(t, name, &is_list);
	if (!value)
		return error_set(err, ERROR_PROFILE, "'@each %s': there is no such list", name);
	ok = conf_words(value, &t->arena, &words, err);
	for (size_t i = 0; ok && i < words.n; i++) {
		t->item = words.at[i];
		ok = one_line(t, rest, err);
	}
	t->item = outer;
	return ok;
}

static bool one_line(struct template *t, const char *line, struct error *err)
{
	bool ok;

	if (t->depth == DEEPEST)
		return error_set(err, ERROR_PROFILE,
			"more than %d conditions and lists on one line", DEEPEST);
	t->depth++;
	if (strncmp(line, "@if ", 4) == 0) {
		ok = when(t, line, err);
	} else if (strncmp(line, "@each ", 6) == 0) {
		ok = each(t, line, err);
	} else if (strncmp(line, open_line, sizeof open_line - 1) == 0) {
		ok = expand(t->out, line + sizeof open_line - 1, name_or_item, t, err);
	} else {
		ok = expand(t->out, line, name_or_item, t, err);
		text_char(t->out, '\n');
	}
	t->depth--;
	return ok;
}

bool template_expand(struct text *out, const char *file, const char *source,
	const struct profile *p, expand_lookup *lookup, void *ctx, struct error *err)
{
	struct template t = {.out = out, .profile = p, .lookup = lookup, .ctx = ctx};
	bool ok = true;

	for (int number = 1; ok && *source; number++) {
		size_t len = strcspn(source, "\n");

		ok = one_line(&t, arena_strn(&t.arena, source, len), err) ||
		     error_in(err, "%s:%d", file, number);
		source += len + (source[len] == '\n');
	}
	arena_release(&t.arena);
	return ok;
}
