/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expansion never silently leaves a name unresolved, and words stay words. */
#include "base/arena.h"
#include "base/expand.h"
#include "base/text.h"
#include "base/vec.h"
#include "replay.h"
#include <string.h>

static const char *lookup(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	*is_list = strcmp(name, "list") == 0;
	return *is_list			    ? "one two  three"
	       : strcmp(name, "value") == 0 ? "with {value} blanks"
					    : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct strings words = {0}, again = {0};
	struct text out = TEXT_INIT;
	struct error err = {0};
	const char *source = arena_strn(&arena, (const char *)data, size);

	if (!expand(&out, source, lookup, NULL, &err))
		replay_must(err.kind != ERROR_NONE && err.text[0]);
	if (!expand_words(&words, &arena, source, lookup, NULL, &err))
		replay_must(err.kind != ERROR_NONE && err.text[0]);
	for (size_t i = 0; i < words.n; i++)
		expand_print(&out, words.at[i], NULL, NULL);
	if (!expand_marked(&again, &arena, &words, lookup, NULL, &err))
		replay_must(err.kind != ERROR_NONE && err.text[0]);
	text_release(&out);
	arena_release(&arena);
	return 0;
}
