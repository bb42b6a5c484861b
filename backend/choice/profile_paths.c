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

/* How many bytes of "NAME=PATH" stand before the path, where each path is for something that has a name. */
static size_t before_path(const struct option *o, const char *word)
{
	return o->named && strchr(word, '=') ? strcspn(word, "=") + 1 : 0;
}

/* Does the word hold a path? In a list a file of the person's wins over a value that happens to have its name; behind a name it
 * does not. */
static bool is_path(const struct option *o, const char *word, const char *file)
{
	if (o->named)
		return before_path(o, word) && !is_value(o, word + before_path(o, word));
	return !is_value(o, word) || (o->type == OPTION_PATHS && access(file, F_OK) == 0);
}

/* The word with another path in it. */
static const char *with_path(
	const struct option *o, struct arena *a, const char *word, const char *path)
{
	return arena_fmt(a, "%.*s%s", (int)before_path(o, word), word, path);
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
		const char *word = out->at[i];
		const char *file = profile_file(p, a, word + before_path(o, word));

		if (is_path(o, word, file))
			out->at[i] = with_path(o, a, word, file);
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
		const char *word = words.at[i], *path = word + before_path(o, word);
		const char *here = place_path(a, NULL, path);
		bool move = strncmp(path, "~/", 2) != 0 && !is_value(o, path) && path[0] != '/' &&
			    (!o->named || path != word) && access(here, F_OK) == 0 &&
			    (!p->path || access(profile_file(p, a, path), F_OK) != 0);

		moved |= move;
		if (move)
			word = with_path(o, a, word, here);
		if (o->type == OPTION_PATHS)
			profile_quote_path(&out, word);
		else
			text_str(&out, word);
	}
	if (moved)
		*value = arena_str(a, out.s);
	text_release(&out);
	return ok;
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *whole = place_path(a, NULL, path);

	return arena_strn(a, whole, (size_t)(strrchr(whole, '/') - whole));
}

/* The word as it has to be elsewhere. In a list of names, such as services, those with a '/' that lead to a file are paths. */
static const char *kept(
	const struct option *o, struct arena *a, const char *folder, const char *word)
{
	const char *path = word + before_path(o, word), *file = place_path(a, folder, path);
	bool moves = o->type == OPTION_LIST ? strchr(word, '/') && access(file, F_OK) == 0
					    : is_path(o, word, file);

	return moves && path[0] != '/' && strncmp(path, "~/", 2) != 0 ? with_path(o, a, word, file)
								      : word;
}

static void keep_words(struct setting *s, struct arena *a, const char *folder)
{
	struct strings words = {0};
	struct text out = TEXT_INIT;
	struct error ignored;
	bool moved = false;

	if (s->option->type == OPTION_PATH)
		vec_push_in(a, &words, s->value);
	else if (!conf_words(s->value, a, &words, &ignored))
		return;
	for (size_t i = 0; i < words.n; i++) {
		const char *word = kept(s->option, a, folder, words.at[i]);

		moved |= word != words.at[i];
		if (s->option->type == OPTION_PATHS)
			profile_quote_path(&out, word);
		else
			text_fmt(&out, "%s%s", out.len ? " " : "", word);
	}
	if (moved)
		s->value = s->effective = arena_str(a, out.s);
	text_release(&out);
}

void profile_keep_files(struct profile *p, const char *origin, const char *path)
{
	const char *folder = origin ? folder_of(&p->arena, origin) : NULL;

	if (!folder || strcmp(folder, folder_of(&p->arena, path)) == 0)
		return;
	for (size_t i = 0; i < p->set.n; i++) {
		enum option_type type = p->set.at[i].option->type;

		if (type == OPTION_PATH || type == OPTION_PATHS || type == OPTION_LIST)
			keep_words(&p->set.at[i], &p->arena, folder);
	}
}
