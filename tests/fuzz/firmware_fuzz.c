/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules out of somebody's sources: names of firmware, each of one line, or one sentence; a kept list reads back. */
#include "tree/firmware.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include "tree/tree.h"
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct tree_entry module = {.path = "/lib/modules/1/a.ko",
		.owner = "linux",
		.mode = S_IFREG | 0644,
		.content = (const char *)data,
		.content_len = size};
	struct tree t = {.arena = &arena};
	struct firmware_list found = {0}, kept = {0};
	struct text said = TEXT_INIT;
	struct error err = {0};

	vec_push_in(&arena, &t.entries, module);
	if (!firmware_collect(&found, &t, &err))
		replay_must(err.text[0]);
	for (size_t i = 0; i < found.n; i++)
		replay_must(*found.at[i].file && !strpbrk(found.at[i].file, "\n\r\033"));
	firmware_say(&found, &said);
	foreign_put("firmware", data, size);
	if (!firmware_load(&kept, foreign_place()->cache, &arena, &err))
		replay_must(err.text[0]);
	for (size_t i = 0; i < kept.n; i++)
		replay_must(kept.at[i].module && kept.at[i].file);
	text_release(&said);
	arena_release(&arena);
	return 0;
}
