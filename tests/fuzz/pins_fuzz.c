/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lock file that somebody sent: sources with version and whole digest, each once, or one sentence and none. */
#include "source/pins.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "foreign.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	struct pins p;

	if (!pins_read(&p, foreign_put("a.lock", data, size), &arena, &err))
		replay_must(err.kind == ERROR_PROFILE && err.text[0] && !p.n);
	for (size_t i = 0; i < p.n; i++) {
		replay_must(p.at[i].version && hash_is_hex(p.at[i].sha256) && p.at[i].size >= 0);
		replay_must(pins_find(&p, p.at[i].component) == &p.at[i]);
	}
	arena_release(&arena);
	return 0;
}
