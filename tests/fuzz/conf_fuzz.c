/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of files that people edit: any bytes give settings or one error with a line number. */
#include "base/arena.h"
#include "base/conf.h"
#include "replay.h"
#include <string.h>

static bool take(void *ctx, const struct conf_line *line, struct error *err)
{
	size_t *lines = ctx;

	(void)err;
	(*lines)++;
	replay_must(line->line > 0 && line->kind && line->name);
	replay_must(!line->key || (*line->key && line->value && line->comment));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	size_t lines = 0;

	if (!conf_parse("fuzz", (const char *)data, size, &arena, take, &lines, NULL, &err)) {
		replay_must(err.kind == ERROR_PROFILE);
		replay_must(strncmp(err.text, "fuzz", 4) == 0);
	}
	arena_release(&arena);
	return 0;
}
