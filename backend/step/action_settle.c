/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settle FILE FORMAT: makes the identifiers of a virtual machine's disk depend only on the image. See vdisk.h. */
#include "image/vdisk.h"
#include "step/action.h"

#include "base/banned.h"

bool action_settle(const struct action_context *c, const struct strings *args, struct error *err)
{
	return vdisk_settle(args->at[0], args->at[1], c->step->unit->key, err);
}
