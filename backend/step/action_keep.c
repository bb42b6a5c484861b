/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keep FROM TO...: copies files or folders of the build into the unfinished stage. licence WHERE FROM TO: a licence text of the
 * source, which the recipe's line WHERE names. licences TO TITLE FROM...: several of them in one text.
 */
#include "base/copy.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "step/action.h"

#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

#define LARGEST_LICENCE ((size_t)4 * 1024 * 1024)

static bool keep(const char *from, const char *to, struct error *err)
{
	struct stat st;

	if (lstat(from, &st) != 0)
		return error_set(
			err, ERROR_STEP, "%s was to be kept, but the build did not make it", from);
	if (S_ISLNK(st.st_mode))
		return error_set(err, ERROR_STEP,
			"%s was to be kept, but it is a link; the recipe must name what it leads to",
			from);
	return copy_make_parent(to, err) && copy_tree(from, to, err);
}

bool action_keep(const struct action_context *c, const struct strings *args, struct error *err)
{
	(void)c;
	if (args->n % 2)
		return error_set(err, ERROR_STEP,
			"%s was to be kept, but the recipe does not say where",
			args->at[args->n - 1]);
	for (size_t i = 0; i < args->n; i += 2)
		if (!keep(args->at[i], args->at[i + 1], err))
			return false;
	return true;
}

bool action_licence(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *from = args->at[1], *to = args->at[2];
	struct stat st;

	(void)c;
	if (lstat(from, &st) != 0 || !S_ISREG(st.st_mode))
		return error_set(err, ERROR_STEP,
			"%s: the source has no file %s, which is to be a licence text; name those that it has",
			args->at[0], from);
	return copy_make_parent(to, err) && copy_tree(from, to, err);
}

bool action_licences(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct text all = TEXT_INIT, one = TEXT_INIT;
	bool ok = true;

	(void)c;
	for (size_t i = 1; ok && i + 1 < args->n; i += 2) {
		text_clear(&one);
		ok = text_read_file(&one, args->at[i + 1], LARGEST_LICENCE, err);
		text_fmt(&all, "%s==== %s ====\n\n", i > 1 ? "\n" : "", args->at[i]);
		text_add(&all, one.s, one.len);
		if (one.len && one.s[one.len - 1] != '\n')
			text_char(&all, '\n');
	}
	ok = ok && copy_make_parent(args->at[0], err) &&
	     place_write_soon(args->at[0], all.s, all.len, err);
	text_release(&all);
	text_release(&one);
	return ok;
}
