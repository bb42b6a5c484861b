/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of an event log, perhaps truncated or damaged: an event, one to skip, or an error. An event that was read can be
 * written, and reading that again gives the same event. */
#include "base/arena.h"
#include "base/text.h"
#include "replay.h"
#include "run/event.h"

#include <string.h>

static void write_again(const struct event *e)
{
	struct text first = TEXT_INIT, second = TEXT_INIT;
	struct arena arena = ARENA_INIT;
	struct event again = {0};
	struct error err = {0};
	bool known = false;

	event_write(e, EVENT_LINE, &first);
	replay_must(event_parse(&again, &known, first.s, first.len, &arena, &err) && known);
	replay_must(again.kind == e->kind);
	event_write(&again, EVENT_LINE, &second);
	replay_must(strcmp(first.s, second.s) == 0);
	arena_release(&arena);
	text_release(&first);
	text_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	struct event e = {0};
	bool known = false;

	if (!event_parse(&e, &known, (const char *)data, size, &arena, &err))
		replay_must(err.kind != ERROR_NONE && err.text[0]);
	else if (known)
		write_again(&e);
	arena_release(&arena);
	return 0;
}
