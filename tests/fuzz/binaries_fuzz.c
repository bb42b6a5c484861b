/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which source package a binary one comes from, in a stranger's Sources file: there is an answer for each, or one sentence. */
#include "base/arena.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"
#include "source/debian.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *names[] = {"liba-dev", "b"};
	const struct strings binaries = {.at = names, .n = 2};
	struct strings packages = {0};
	struct arena a = ARENA_INIT;
	struct error err = {0};
	bool ok = debian_find_packages(
		foreign_put("Sources", data, size), &binaries, &a, &packages, &err);

	replay_must(ok || err.text[0]);
	replay_must(packages.n == 2 && packages.at[0] && packages.at[1]);
	arena_release(&a);
	return 0;
}
