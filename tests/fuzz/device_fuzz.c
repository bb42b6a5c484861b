/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine says of its disks (the first byte says which table): mounts, swaps, udev's records with a stranger's label. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "foreign.h"
#include "replay.h"
#include "step/device_system.h"

enum { FILES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[FILES] = {
		"proc/self/mountinfo", "proc/swaps", "run/udev/data/b8:1"};
	const struct block stick = {.name = "sda1", .number = "8:1", .mounted = ""};
	struct arena arena = ARENA_INIT;
	struct block_system s;
	const char *type, *label;
	struct error err = {0};

	for (size_t i = 0; i < FILES; i++) {
		bool mine = size && data[0] % FILES == i;

		foreign_put(files[i], mine ? data + 1 : data, mine ? size - 1 : 0);
	}
	foreign_put("sys/class/block/sda", "", 0);
	foreign_put("sys/class/block/sda1", "", 0);
	replay_must(block_system_load(&s, foreign_place(), &arena, &err));
	block_content(&s, &stick, &type, &label);
	replay_must(type && label);
	arena_release(&arena);
	return 0;
}
