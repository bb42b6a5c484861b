/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Untrusted lines searched with a shipped table (the first byte chooses it): whatever the bytes, every hit has its sentences. */
#include "base/arena.h"
#include "base/known.h"
#include "base/vec.h"
#include "replay.h"
#include <string.h>

enum { BYTES = 512 }; /* more of them test nothing new and take time */

static const char *any_fact(const void *ctx, const char *name)
{
	(void)ctx;
	return name;
}

static struct known *table(bool boot)
{
	static struct known tables[2];
	struct known *k = &tables[boot];
	struct place place = {0};
	struct error err;

	if (!k->rows.n) {
		vec_push_in(&place.arena, &place.data, ".");
		replay_must(known_load(k, &place, boot ? "boot" : "build",
			(struct known_facts){any_fact, NULL}, &err));
		arena_release(&place.arena);
	}
	known_reset(k);
	return k;
}

static void look(const struct known *k)
{
	const struct known_row *best = known_best(k, NULL);
	struct arena arena = ARENA_INIT;
	const char *cause, *remedy;

	for (size_t i = 0; i < k->seen.n; i++) {
		const struct known_row *row = k->seen.at[i];

		replay_must(row->kind != KNOWN_PROMPT && *row->line);
		replay_must(row->about.n || row->kind > KNOWN_ERROR || best->rank >= row->rank);
		known_tell(k, row, NULL, &arena, &cause, &remedy);
		replay_must(row->kind != KNOWN_MESSAGE || (*cause && *remedy));
	}
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct known *k = table(size && data[0] % 2);
	char rest[BYTES + 1] = "";

	size = size < BYTES ? size : BYTES;
	for (size_t n; size; data += n, size -= n) {
		const uint8_t *end = memchr(data, '\n', size);

		n = end ? (size_t)(end - data) + 1 : size;
		known_line(k, n % 2 ? NULL : "emulator", (const char *)data, n - (end != NULL));
		memcpy(rest, data, n);
		rest[n] = '\0';
	}
	look(k);
	known_find(k, KNOWN_PROMPT, rest);
	return 0;
}
