/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep FROM TO: a file or folder of the build into the stage in the making. */
#include "action.h"
#include "copy.h"

#include <string.h>
#include <sys/stat.h>

#include "banned.h"

bool action_keep(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *from = args->at[0], *to = args->at[1];
	struct stat st;

	(void)c;
	if (lstat(from, &st) != 0)
		return error_set(
			err, ERROR_STEP, "%s was to be kept, but the build did not make it", from);
	if (S_ISLNK(st.st_mode))
		return error_set(err, ERROR_STEP,
			"%s was to be kept, but it is a link; the recipe must name what it leads "
			"to",
			from);
	return copy_make_parent(to, err) && copy_tree(from, to, err);
}
