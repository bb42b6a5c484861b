/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data folders of a stranger (the first byte says which kind of file): formats, traits, options, recipes, styles, groups. What is
 * taken
 * has all that it needs, or there is one sentence.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/catalog_load.h"
#include "choice/format.h"
#include "choice/package.h"
#include "choice/recipe.h"
#include "foreign.h"
#include "replay.h"

enum { KINDS = 6 };

static void judge(const struct catalog *c)
{
	for (size_t i = 0; i < c->formats.n; i++)
		replay_must(c->formats.at[i]->name && c->formats.at[i]->file);
	for (size_t i = 0; i < c->options.options.n; i++)
		replay_must(c->options.options.at[i].name && c->options.options.at[i].fallback);
	for (size_t i = 0; i < c->recipes.n; i++)
		replay_must(c->recipes.at[i]->version && c->recipes.at[i]->style);
	for (size_t i = 0; i < c->packages.n; i++)
		replay_must(package_find(c, c->packages.at[i]->name) && c->packages.at[i]->section);
	for (size_t i = 0; i < c->options.of_packages.n; i++)
		replay_must(c->options.of_packages.at[i]->values.n > 1);
	for (size_t i = 0; i < c->groups.n; i++)
		replay_must(c->groups.at[i]->summary && c->groups.at[i]->packages.n);
	for (size_t i = 0; i < c->styles.n; i++)
		replay_must(c->styles.at[i]->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[KINDS] = {"share/images/a.image", "share/images/a.traits",
		"share/options/a.options", "share/recipes/a/recipe", "share/styles/a.style",
		"share/groups/a.group"};
	struct catalog c = {.place = foreign_place()};
	struct error err = {0};
	bool ok;

	for (size_t i = 0; i < KINDS; i++) {
		bool mine = size && data[0] % KINDS == i;

		foreign_put(files[i], mine ? data + 1 : data, mine ? size - 1 : 0);
	}
	switch (size ? data[0] % KINDS : 0) {
	case 2:
		ok = option_load_all(&c, &err);
		break;
	case 3:
		ok = recipe_load_all(&c, &err) && package_load_all(&c, &err);
		break;
	case 4:
		ok = style_load_all(&c, &err);
		break;
	case 5:
		ok = package_load_groups(&c, &err);
		break;
	default:
		ok = format_load_all(&c, &err);
	}
	if (ok)
		judge(&c);
	else
		replay_must(err.text[0]);
	catalog_release(&c);
	return 0;
}
