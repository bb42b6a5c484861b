/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores and looks up names with values. */
#include "choice/facts.h"

#include "base/arena.h"
#include "base/text.h"
#include "choice/option.h"
#include "choice/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void facts_set(struct facts *f, const char *name, const char *fmt, ...)
{
	char *value = NULL;
	va_list args;
	size_t i = 0;

	va_start(args, fmt);
	if (vasprintf(&value, fmt, args) < 0)
		abort();
	va_end(args);
	while (i < f->of.n && strcmp(f->of.at[i].name, name) != 0)
		i++;
	if (i == f->of.n)
		vec_push_in(&f->arena, &f->of, (struct fact){.name = arena_str(&f->arena, name)});
	f->of.at[i].value = arena_str(&f->arena, value);
	free(value);
}

void facts_set_doubled(struct facts *f, const char *name, const char *value)
{
	struct text out = TEXT_INIT;

	for (; *value; value++) {
		if (*value == ',')
			text_char(&out, ',');
		text_char(&out, *value);
	}
	facts_set(f, name, "%s", out.s ? out.s : "");
	text_release(&out);
}

const char *facts_get(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->of.n; i++)
		if (strcmp(f->of.at[i].name, name) == 0)
			return f->of.at[i].value;
	return f->profile ? profile_get(f->profile, name) : NULL;
}

void facts_release(struct facts *f)
{
	arena_release(&f->arena);
	*f = (struct facts){.profile = f->profile};
}

const char *facts_lookup(const void *ctx, const char *name)
{
	return facts_get(ctx, name);
}

const char *facts_expand(void *ctx, const char *name, bool *is_list)
{
	const struct facts *f = ctx;
	const struct option *o =
		f->profile ? option_find(&f->profile->catalog->options, name) : NULL;

	*is_list = o && (o->type == OPTION_LIST || o->type == OPTION_PATHS);
	return facts_get(f, name);
}

const char *facts_expand_regex(void *ctx, const char *name, bool *is_list)
{
	struct facts *f = ctx;
	struct text quoted = TEXT_INIT;
	const char *s = facts_get(f, name);
	const char *result;

	*is_list = false;
	if (!s)
		return NULL;
	for (; *s; s++) {
		if (strchr("\\.[](){}*+?^$|", *s))
			text_char(&quoted, '\\');
		text_char(&quoted, *s);
	}
	result = arena_str(&f->arena, quoted.s);
	text_release(&quoted);
	return result;
}
