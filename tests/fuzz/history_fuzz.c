/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of what steps cost, perhaps scribbled over: lines that make sense count, the others do not. */
#include "cache/history.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct history h;

	foreign_put("history", data, size);
	history_load(&h, foreign_place());
	for (size_t i = 0; i < h.entries.n; i++) {
		const struct history_entry *e = &h.entries.at[i];

		replay_must(*e->step && *e->profile && e->seconds >= 0 && e->seconds < 1e8);
	}
	history_find(&h, "linux", "first-boot");
	history_release(&h);
	return 0;
}
