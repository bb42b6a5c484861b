/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that is said to hold a public key: lines without control characters that begin with their type, or one sentence. */
#include "choice/ssh_key.h"
#include "base/arena.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	const char *line = ssh_key_from_file(foreign_put("id.pub", data, size), &arena, &err);

	if (line) {
		replay_must(ssh_key_accept(line, &err));
		replay_must(!strpbrk(line, "\r\033") && strchr(line, ' ') && strstr(line, "AAAA"));
	} else {
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
