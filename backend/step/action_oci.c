/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oci FILE NAME OS ARCH EPOCH COMMAND...: writes the unit's listing as a container image that runs the command. */
#include "base/vec.h"
#include "image/oci.h"
#include "step/image.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/banned.h"

bool action_oci(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct strings command = {0};
	struct oci_options o = {
		.name = args->at[1], .os = args->at[2], .arch = args->at[3], .command = &command};
	struct image_job j;
	uint64_t size = 0;
	bool ok = image_begin(&j, c, args->at[0], args->at[4], err);

	for (size_t i = 5; ok && i < args->n; i++)
		vec_push(&command, args->at[i]);
	if (ok) {
		o.epoch = j.epoch;
		o.tell = image_tell;
		o.tell_ctx = &j.context;
		ok = oci_write(j.tree, args->at[0], &o, &size, err);
	}
	vec_release(&command);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %zu entries, %" PRIu64 " bytes\n", args->at[0],
			j.tree->entries.n, size);
	return ok;
}
