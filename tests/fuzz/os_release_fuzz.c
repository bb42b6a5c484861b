/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a system says about itself: always a title and a code name, and words that are words. */
#include "proc/os_release.h"
#include "base/arena.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct os_release r;

	os_release_read(&r, foreign_put("os-release", data, size), &arena);
	replay_must(r.title && r.codename);
	for (size_t i = 0; i < r.ids.n; i++)
		replay_must(*r.ids.at[i] && !strpbrk(r.ids.at[i], " \t\n"));
	arena_release(&arena);
	return 0;
}
