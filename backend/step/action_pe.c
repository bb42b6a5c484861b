/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pe FILE STUB NAME CONTENT...: writes a program for firmware to start: STUB plus a section for each NAME CONTENT. See pe.h. */
#include "base/error.h"
#include "base/vec.h"
#include "image/pe.h"
#include "step/action.h"

#include "base/banned.h"

bool action_pe(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct pe_sections sections = {0};
	bool ok =
		args->n % 2 == 0 || error_set(err, ERROR_PROFILE,
					    "a program's sections are written NAME CONTENT, each");

	(void)c;
	for (size_t i = 2; ok && i < args->n; i += 2)
		vec_push(&sections, (struct pe_section){args->at[i], args->at[i + 1]});
	ok = ok && pe_append(args->at[0], args->at[1], &sections, err);
	vec_release(&sections);
	return ok;
}
