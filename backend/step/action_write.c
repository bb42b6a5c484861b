/* SPDX-License-Identifier: GPL-2.0-or-later */
/* write FILE LINE...: a file that tells a build system what it cannot be told on its command line. */
#include "base/copy.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "step/action.h"
#include "step/confine.h"

#include "base/banned.h"

bool action_write(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct text out = TEXT_INIT;
	bool ok;

	for (size_t i = 1; i < args->n; i++)
		text_fmt(&out, "%s\n", args->at[i]);
	ok = confine_check(c, args->at[0], err) && copy_make_parent(args->at[0], err) &&
	     place_write_file(args->at[0], out.s, out.len, err);
	text_release(&out);
	return ok;
}
