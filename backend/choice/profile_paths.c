/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files and folders that a profile names: one treatment of paths for every choice. See profile.h. */
#include "choice/profile.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static bool is_value(const struct option *o, const char *word)
{
	for (size_t i = 0; i < o->values.n; i++)
		if (strcmp(o->values.at[i].name, word) == 0)
			return true;
	return false;
}

const char *profile_file(const struct profile *p, struct arena *a, const char *path)
{
	const char *slash = p->path ? strrchr(p->path, '/') : NULL;

	return place_path(
		a, slash ? arena_strn(a, p->path, (size_t)(slash - p->path)) : NULL, path);
}

/* A single path is all of its value, with its blanks; of several each is a word. */
static bool words_of(const struct option *o, const char *value, struct arena *a,
	struct strings *out, struct error *err)
{
	if (o->type == OPTION_PATHS)
		return conf_words(value, a, out, err);
	if (*value)
		vec_push_in(a, out, value);
	return true;
}

bool profile_paths(const struct profile *p, const struct option *o, struct arena *a,
	struct strings *out, struct error *err)
{
	size_t first = out->n;

	if (!words_of(o, profile_get(p, o->name), a, out, err))
		return false;
	for (size_t i = first; i < out->n; i++) {
		const char *file = profile_file(p, a, out->at[i]);

		/* in a list a file of the person's wins over a value that happens to have its name */
		if (!is_value(o, out->at[i]) ||
			(o->type == OPTION_PATHS && access(file, F_OK) == 0))
			out->at[i] = file;
	}
	return true;
}

/* As a word of a list, so that conf_words gives it back. */
void profile_quote_path(struct text *out, const char *path)
{
	if (out->len)
		text_char(out, ' ');
	text_char(out, '"');
	for (; *path; path++) {
		if (strchr("\"\\", *path))
			text_char(out, '\\');
		text_char(out, *path);
	}
	text_char(out, '"');
}

bool profile_typed_paths(const struct profile *p, const struct option *o, const char **value,
	struct arena *a, struct error *err)
{
	struct strings words = {0};
	struct text out = TEXT_INIT;
	bool ok = words_of(o, *value, a, &words, err), moved = false;

	for (size_t i = 0; ok && i < words.n; i++) {
		const char *word = words.at[i], *here = place_path(a, NULL, word);
		bool move = strncmp(word, "~/", 2) != 0 && !is_value(o, word) && word[0] != '/' &&
			    access(here, F_OK) == 0 &&
			    (!p->path || access(profile_file(p, a, word), F_OK) != 0);

		moved |= move;
		if (o->type == OPTION_PATHS)
			profile_quote_path(&out, move ? here : word);
		else
			text_str(&out, move ? here : word);
	}
	if (moved)
		*value = arena_str(a, out.s);
	text_release(&out);
	return ok;
}
