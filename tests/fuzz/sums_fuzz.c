/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of digests from a server: what is found in it is a digest, and stands there before the file's name. */
#include "base/arena.h"
#include "base/hash.h"
#include "replay.h"
#include "source/origin.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = ARENA_INIT;
	const char *text = arena_strn(&a, (const char *)data, size);
	char hex[HASH_HEX];

	if (sums_find(text, "linux-6.12.30.tar.xz", hex)) {
		replay_must(hash_is_hex(hex));
		replay_must(strstr(text, hex) != NULL);
	}
	arena_release(&a);
	return 0;
}
