/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The date of an archive: within what images can hold, or one sentence. */
#include "cache/dates.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct place nowhere = {.cache = "/nonexistent"};
	const char *path = foreign_put("a.tar", data, size);
	time_t newest = -1;
	struct error err = {0};

	if (dates_find(&nowhere, path, &newest, &err))
		replay_must(newest >= 0 && newest <= 0xffffffffLL);
	else
		replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	return 0;
}
