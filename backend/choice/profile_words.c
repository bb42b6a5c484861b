/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list with some words more or less (profile.h). */
#include "choice/profile.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/package.h"

#include <string.h>

#include "base/banned.h"

static size_t place_of(const struct strings *list, const char *word)
{
	size_t i = 0;

	while (i < list->n && strcmp(list->at[i], word) != 0)
		i++;
	return i;
}

/* What is chosen as it is written, else the default. */
static bool words_now(const struct profile *p, const struct option *o, struct arena *a,
	struct strings *out, struct error *err)
{
	const char *now = profile_chosen(p, o->name);

	if (o->type != OPTION_LIST && o->type != OPTION_PATHS)
		return error_set(err, ERROR_PROFILE,
			"%s is one value, no list: += and -= are for lists; write %s=VALUE",
			o->name, o->name);
	return conf_words(now ? now : o->fallback, a, out, err);
}

static const char *joined(const struct option *o, const struct strings *words, struct arena *a)
{
	struct text out = TEXT_INIT;
	const char *value;

	for (size_t i = 0; i < words->n; i++) {
		if (o->type == OPTION_PATHS)
			profile_quote_path(&out, words->at[i]);
		else
			text_fmt(&out, "%s%s", i ? " " : "", words->at[i]);
	}
	value = out.len ? arena_str(a, out.s) : NULL;
	text_release(&out);
	return value;
}

bool profile_more(struct profile *p, const struct option *o, const char *words, const char **value,
	struct error *err)
{
	struct strings now = {0}, added = {0};

	if (!words_now(p, o, &p->arena, &now, err) || !conf_words(words, &p->arena, &added, err))
		return false;
	for (size_t i = 0; i < added.n; i++)
		if (place_of(&now, added.at[i]) == now.n)
			vec_push_in(&p->arena, &now, added.at[i]);
	*value = joined(o, &now, &p->arena);
	return true;
}

static void take_out(struct strings *list, size_t at)
{
	memmove(list->at + at, list->at + at + 1, (list->n - at - 1) * sizeof *list->at);
	list->n--;
}

/* A package that is there by way of groups: their other packages stand in their place. */
static bool leave_group(
	const struct profile *p, struct strings *now, const char *word, struct arena *a)
{
	bool found = false;

	for (size_t i = 0; i < now->n; i++) {
		const struct package_group *g =
			*now->at[i] == '@' ? package_group_find(p->catalog, now->at[i]) : NULL;

		if (!g || place_of(&g->packages, word) == g->packages.n)
			continue;
		found = true;
		take_out(now, i--);
		for (size_t k = 0; k < g->packages.n; k++)
			if (strcmp(g->packages.at[k], word) != 0 &&
				place_of(now, g->packages.at[k]) == now->n)
				vec_push_in(a, now, g->packages.at[k]);
	}
	return found;
}

bool profile_less(struct profile *p, const struct option *o, const char *words, const char **value,
	struct error *err)
{
	struct strings now = {0}, gone = {0};

	if (!words_now(p, o, &p->arena, &now, err) || !conf_words(words, &p->arena, &gone, err))
		return false;
	for (size_t i = 0; i < gone.n; i++) {
		size_t at = place_of(&now, gone.at[i]);
		bool was = at < now.n;

		if (was)
			take_out(&now, at);
		if (o->recipes)
			was |= leave_group(p, &now, gone.at[i], &p->arena);
		if (!was)
			return error_set(err, ERROR_PROFILE,
				"%s has no '%.80s' that could be taken away; `bootsmith show %s` shows what it has",
				o->name, gone.at[i], p->name);
	}
	*value = joined(o, &now, &p->arena);
	if (!*value && *o->fallback)
		return error_set(err, ERROR_PROFILE, "%s needs at least one value", o->name);
	return true;
}
