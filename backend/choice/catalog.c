/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the options, recipes, styles and formats of the data folders, once. */
#include "choice/catalog.h"

#include "base/arena.h"
#include "choice/catalog_load.h"

#include "base/banned.h"

bool catalog_load(struct catalog *c, const struct place *place, struct error *err)
{
	*c = (struct catalog){.arena = ARENA_INIT, .place = place};
	if (format_load_all(c, err) && option_load_all(c, err) && recipe_load_all(c, err) &&
		style_load_all(c, err)) {
		option_name_recipes(c);
		return true;
	}
	catalog_release(c);
	return false;
}

void catalog_release(struct catalog *c)
{
	arena_release(&c->arena);
	*c = (struct catalog){.arena = ARENA_INIT};
}
