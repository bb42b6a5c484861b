/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's recipe that is looked over: each fault has a file, a sentence and a line that is one. */
#include "base/error.h"
#include "choice/catalog.h"
#include "choice/catalog_load.h"
#include "choice/package.h"
#include "foreign.h"
#include "plan/recipe_check.h"
#include "replay.h"

#include <string.h>

static void take_fault(void *ctx, const struct recipe_fault *f)
{
	(void)ctx;
	replay_must(f->file && f->line >= 0 && f->text && *f->text);
}

static void put(const char *file, const char *text)
{
	foreign_put(file, (const uint8_t *)text, strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalog c = {.place = foreign_place()};
	struct recipe_check k = {.catalog = &c, .say = take_fault};
	const struct strings all = {0};
	struct error err = {0};

	put("share/tables/recipe-keys", "summary = a\nneeds = b\noption. = c\nfile = d\n");
	put("share/tables/licences",
		"licence = MIT Zlib\nexception = a-exception\ndeprecated = GPL-2.0 GPL-2.0-only\n");
	put("share/styles/s.style", "made =\n[step build]\nrun = make {goal}\n");
	foreign_put("share/recipes/a/recipe", data, size);
	if (!style_load_all(&c, &err) || !recipe_load_all(&c, &err) ||
		!package_load_all(&c, &err) || !recipe_check(&k, &all, &err))
		replay_must(err.text[0]);
	else
		replay_must(k.recipes == 1);
	catalog_release(&c);
	return 0;
}
