/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches and their series: names that stay below the tree, or one sentence. */
#include "base/arena.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"
#include "source/patches.h"
#include <string.h>

static void try_series(const char *text, struct arena *a)
{
	struct patch_series series = {0};
	struct error err = {0};

	if (!patch_series_read(&series, text, a, &err))
		replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	for (size_t i = 0; i < series.n; i++) {
		const struct patch_name *p = &series.at[i];

		replay_must(*p->file && *p->file != '/' && strcmp(p->file, "..") != 0 &&
			    strncmp(p->file, "../", 3) != 0 && !strstr(p->file, "/../"));
		replay_must(p->strip >= 0 && p->strip <= 9);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct patch_facts facts;
	struct error err = {0};
	char *text = arena_strn(&arena, (const char *)data, size);

	try_series(text, &arena);
	for (int strip = 0; strip < 3; strip++)
		if (!patch_check(text, size, strip, &facts, &arena, &err))
			replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	patch_complaint(text, &arena);
	arena_release(&arena);
	return 0;
}
