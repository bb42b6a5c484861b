/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever the bytes: names from a program's headers are short, on one line, and not empty. */
#include "base/arena.h"
#include "base/elf.h"
#include "base/vec.h"
#include "replay.h"
#include <string.h>

static void judge(const char *name)
{
	replay_must(*name && strlen(name) < 256 && !strpbrk(name, "\n\r\033"));
}

/* A section lies within the file. */
static void judge_section(const uint8_t *data, size_t size)
{
	struct error err = {0};
	const char *at = NULL;
	size_t len = 0;

	if (!elf_section(data, size, ".modinfo", &at, &len, &err))
		replay_must(err.text[0] != '\0');
	else if (at)
		replay_must(len <= size && (size_t)((const uint8_t *)at - data) <= size - len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	struct elf e;

	if (elf_is(data, size)) {
		if (elf_read(&e, data, size, &arena, &err)) {
			replay_must(e.bits == 32 || e.bits == 64);
			if (e.loader)
				judge(e.loader);
			for (size_t i = 0; i < e.needed.n; i++)
				judge(e.needed.at[i]);
		} else {
			replay_must(err.text[0] != '\0');
		}
		judge_section(data, size);
		elf_has_relocation(data, size, 1);
	}
	arena_release(&arena);
	return 0;
}
