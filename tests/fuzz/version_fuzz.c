/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two versions, one a line, of any origin: an order that is the same from both sides. */
#include "base/version.h"
#include "base/arena.h"
#include "base/text.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	char *b = arena_strn(&arena, (const char *)data, size), *a = strsep(&b, "\n");
	struct text series = TEXT_INIT;
	int order;

	b = b ? b : a;
	order = version_compare(a, b);
	replay_must((order > 0) == (version_compare(b, a) < 0));
	replay_must(version_compare(a, a) == 0);
	version_series(a, &series);
	version_in_series(a, series.s);
	text_release(&series);
	arena_release(&arena);
	return 0;
}
