/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records what an image is made of (inventory.h). part OUT NAME FILE...: these files went into the image OUT, as its part NAME.
 * same OUT FILE: OUT holds the same as the image FILE, in another form.
 */
#include "base/arena.h"
#include "image/inventory.h"
#include "step/action.h"

#include <libgen.h>

#include "base/banned.h"

bool action_part(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct arena a = ARENA_INIT;
	const char *folder = dirname(arena_str(&a, args->at[0]));
	struct inventory all;
	bool ok = inventory_load(&all, folder, err);

	(void)c;
	for (size_t i = 2; ok && i < args->n; i++)
		ok = inventory_add_part(&all, args->at[1], args->at[i], err);
	ok = ok && inventory_save(&all, folder, err);
	inventory_release(&all);
	arena_release(&a);
	return ok;
}

bool action_same(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct inventory all;
	bool ok = inventory_load(&all, dirname(arena_str(&a, args->at[1])), err) &&
		  inventory_save(&all, dirname(arena_str(&a, args->at[0])), err);

	(void)c;
	inventory_release(&all);
	arena_release(&a);
	return ok;
}
