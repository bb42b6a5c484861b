/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ext4 FILE LABEL SIZE EPOCH [grows]: writes the unit's listing as an ext4 file system of SIZE MiB; auto: as large as needed. */
#include "base/error.h"
#include "image/ext4.h"
#include "step/image.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static bool read_size(const char *word, uint64_t *mib, struct error *err)
{
	char *end = NULL;

	*mib = 0;
	if (strcmp(word, "auto") == 0)
		return true;
	errno = 0;
	*mib = strtoull(word, &end, 10);
	return (!errno && end != word && !*end && *mib) ||
	       error_set(err, ERROR_INTERNAL, "'%s' is neither MiB nor auto", word);
}

bool action_ext4(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct ext4_options o = {.label = args->at[1], .grows = args->n > 4};
	struct image_job j;
	uint64_t size = 0;

	if (args->n > 5 || (o.grows && strcmp(args->at[4], "grows") != 0))
		return error_set(
			err, ERROR_PROFILE, "'ext4' is written FILE LABEL SIZE EPOCH [grows]");
	if (!read_size(args->at[2], &o.mib, err) ||
		!image_begin(&j, c, args->at[0], args->at[3], err))
		return false;
	o.epoch = j.epoch;
	if (!ext4_write(j.tree, args->at[0], &o, &size, image_tell, &j.context, err))
		return false;
	dprintf(STDOUT_FILENO, "%s: %zu entries, ext4 '%s', %" PRIu64 " MiB\n", args->at[0],
		j.tree->entries.n, o.label, size >> 20);
	return true;
}
