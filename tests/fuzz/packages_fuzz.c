/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's Packages file: what is taken of it has a version and a file, whose names leave no folder, and a hash. */
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "foreign.h"
#include "replay.h"
#include "source/debian.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct suite suite = {.name = "sid", .uri = "http://mirror.invalid/"};
	struct package_wish wish[] = {{"a", "aa"}, {"b", "bb:amd64"}};
	const struct package_wishes wishes = {.at = wish, .n = 2};
	struct archive_list list = {0};
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	bool ok = debian_read_binaries(
		foreign_put("Packages", data, size), &suite, &wishes, &arena, &list, &err);

	replay_must(ok || err.text[0]);
	for (size_t i = 0; i < list.n; i++) {
		const struct archive *a = &list.at[i];

		replay_must(*a->version && !strchr(a->version, '/') && hash_is_hex(a->sha256));
		replay_must(!strchr(a->file, '/') && !strstr(a->url, ".."));
		replay_must(strncmp(a->url, suite.uri, strlen(suite.uri)) == 0);
	}
	arena_release(&arena);
	return 0;
}
