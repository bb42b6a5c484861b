/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep FROM TO...: copies files or folders of the build into the unfinished stage. */
#include "base/copy.h"
#include "base/error.h"
#include "step/action.h"

#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

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
