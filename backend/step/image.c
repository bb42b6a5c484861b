/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the actions that write an image share. */
#include "step/image.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "image/inventory.h"
#include "step/action.h"
#include "tree/firmware.h"
#include "tree/tree.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void image_tell(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

static bool read_epoch(const char *word, time_t *epoch, struct error *err)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(word, &end, 10);
	/* newc and squashfs store dates in 32 bits */
	if (errno || end == word || *end || n < 0 || n > 0xffffffffLL)
		return error_set(
			err, ERROR_INTERNAL, "'%s' is not a date in seconds since 1970", word);
	*epoch = (time_t)n;
	return true;
}

/* The firmware that the system's modules name is listed beside its image, for the manifest. */
static bool keep_firmware(const struct tree *t, const char *folder, struct error *err)
{
	struct firmware_list list = {0};
	bool ok = firmware_collect(&list, t, err) && firmware_save(&list, folder, err);

	return ok;
}

/* So are the contents and their sizes. */
static bool keep_inventory(const struct tree *t, const char *folder, struct error *err)
{
	struct inventory c = {.arena = ARENA_INIT, .compression = ""};
	bool ok = inventory_add_tree(&c, t, err) && inventory_save(&c, folder, err);

	inventory_release(&c);
	return ok;
}

bool image_compressed(const char *path, const char *method, struct error *err)
{
	struct arena a = ARENA_INIT;
	const char *folder = dirname(arena_str(&a, path));
	struct inventory c;
	bool ok = inventory_load(&c, folder, err);

	c.compression = strcmp(method, "none") == 0 ? "" : method;
	ok = ok && inventory_save(&c, folder, err);
	inventory_release(&c);
	arena_release(&a);
	return ok;
}

bool image_begin(struct image_job *j, const struct action_context *c, const char *path,
	const char *epoch, struct error *err)
{
	const char *folder;

	*j = (struct image_job){.context = *c, .tree = c->step->unit->tree};
	if (!j->tree)
		return error_set(err, ERROR_INTERNAL,
			"%s has no listing of what goes into the image", c->step->id);
	folder = dirname(arena_str(j->tree->arena, path));
	return read_epoch(epoch, &j->epoch, err) && tree_settle(j->tree, err) &&
	       place_make_folder(folder, err) && keep_firmware(j->tree, folder, err) &&
	       keep_inventory(j->tree, folder, err);
}
