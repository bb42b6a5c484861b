/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of an event log, perhaps cut off or scribbled over: an event, one to be passed over, or a sentence. */
#include "base/arena.h"
#include "replay.h"
#include "run/event_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	struct event e = {0};
	bool known = false;

	if (event_parse(&e, &known, (const char *)data, size, &arena, &err)) {
		if (known)
			replay_must(e.n_items == 0 || e.items);
	} else {
		replay_must(err.kind != ERROR_NONE && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
