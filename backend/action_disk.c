/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk FILE BOOT-CODE TYPE NAME FILE...: a disk with a partition for each three words. BOOT-CODE is the first stage of the loader
 * in the first partition, or "-" for none.
 */
#include "action.h"
#include "disk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "banned.h"

bool action_disk(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *path = args->at[0], *code = args->at[1];
	struct disk_partitions parts = {0};
	uint64_t size = 0;
	bool ok = (args->n - 2) % 3 == 0 ||
		  error_set(err, ERROR_PROFILE,
			  "a disk's partitions are written TYPE NAME FILE, each");

	for (size_t i = 2; ok && i < args->n; i += 3)
		vec_push(&parts, (struct disk_partition){.type = args->at[i],
					 .name = args->at[i + 1],
					 .file = args->at[i + 2]});
	ok = ok && disk_write(path, c->step->unit->key, &parts, &size, err);
	if (ok && strcmp(code, "-") != 0)
		ok = disk_make_bootable(path, code, parts.at[0].start, err);
	for (size_t i = 0; ok && i < parts.n; i++)
		dprintf(STDOUT_FILENO, "partition %zu %s: %" PRIu64 " bytes at %" PRIu64 "\n",
			i + 1, parts.at[i].name, parts.at[i].size, parts.at[i].start);
	vec_release(&parts);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %" PRIu64 " bytes\n", path, size);
	else
		unlink(path);
	return ok;
}
