/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk FILE TABLE BOOT-CODE LOADER TYPE NAME FILE...: writes a disk with one partition for each TYPE NAME FILE. BOOT-CODE is the
 * first stage of a loader, or "-" for none. LOADER is its image, which goes into the gap before the first partition; with "-" the
 * first partition contains it.
 */
#include "base/error.h"
#include "base/vec.h"
#include "image/disk.h"
#include "step/action.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { PATH, TABLE, CODE, LOADER, PARTITIONS };

static bool make_bootable(
	const struct strings *args, const struct disk_partitions *parts, struct error *err)
{
	const char *code = args->at[CODE], *loader = args->at[LOADER];
	bool in_gap = strcmp(loader, "-") != 0;

	if (strcmp(code, "-") == 0)
		return true;
	if (in_gap && !disk_fill_gap(args->at[PATH], loader, err))
		return false;
	return disk_make_bootable(
		args->at[PATH], code, in_gap ? DISK_GAP : parts->at[0].start, err);
}

bool action_disk(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct disk_partitions parts = {0};
	uint64_t size = 0;
	bool ok = (args->n - PARTITIONS) % 3 == 0 ||
		  error_set(err, ERROR_PROFILE,
			  "a disk's partitions are written TYPE NAME FILE, each");

	for (size_t i = PARTITIONS; ok && i < args->n; i += 3)
		vec_push(&parts, (struct disk_partition){.type = args->at[i],
					 .name = args->at[i + 1],
					 .file = args->at[i + 2]});
	ok = ok &&
	     disk_write(args->at[PATH], args->at[TABLE], c->step->unit->key, &parts, &size, err) &&
	     make_bootable(args, &parts, err);
	for (size_t i = 0; ok && i < parts.n; i++)
		dprintf(STDOUT_FILENO, "partition %zu %s: %" PRIu64 " bytes at %" PRIu64 "\n",
			i + 1, parts.at[i].name, parts.at[i].size, parts.at[i].start);
	vec_release(&parts);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %" PRIu64 " bytes\n", args->at[PATH], size);
	else
		unlink(args->at[PATH]);
	return ok;
}
