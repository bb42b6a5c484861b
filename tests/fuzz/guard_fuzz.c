/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A parsed guard prints as one that means the same. */
#include "base/arena.h"
#include "base/guard.h"
#include "base/text.h"
#include "replay.h"
#include <string.h>

static const char *lookup(const void *ctx, const char *name)
{
	(void)ctx;
	return name[0] == 'a' ? "one two" : name[0] == 'b' ? "one" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct text printed = TEXT_INIT, again = TEXT_INIT;
	struct guard g = {0}, h = {0};
	struct error err = {0};
	const char *values[] = {"one", "two"};
	struct trait trait = {"a", "t", {values, 2, 2}};
	const struct traits traits = {&trait, 1, 1};
	const char *source = arena_strn(&arena, (const char *)data, size);

	if (guard_parse(&g, &arena, source, &traits, &err)) {
		guard_print(&g, &printed);
		replay_must(guard_parse(&h, &arena, printed.s, NULL, &err));
		guard_print(&h, &again);
		replay_must(strcmp(printed.s, again.s) == 0);
		replay_must(guard_holds(&g, lookup, NULL) == guard_holds(&h, lookup, NULL));
	}
	text_release(&printed);
	text_release(&again);
	arena_release(&arena);
	return 0;
}
