/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * burn FILE DEVICE: writes an image to a device. reread FILE DEVICE: checks that the device holds it. Between the two whoever
 * started them keeps the device claimed (stick.c).
 */
#include "step/action.h"
#include "step/burn.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/banned.h"

static void tell(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

static bool perform(const struct action_context *c, const struct strings *args, const char *done,
	bool (*act)(struct burn *, struct error *), struct error *err)
{
	struct action_context told = *c;
	struct burn b = {.tell = tell, .ctx = &told};
	bool ok = burn_open(&b, args->at[0], args->at[1], err) && act(&b, err);

	burn_close(&b);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %" PRIu64 " bytes %s\n", b.device, b.bytes, done);
	return ok;
}

bool action_burn(const struct action_context *c, const struct strings *args, struct error *err)
{
	return perform(c, args, "written", burn_write, err);
}

bool action_reread(const struct action_context *c, const struct strings *args, struct error *err)
{
	return perform(c, args, "read back and compared", burn_compare, err);
}
