/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A package index: archives of the wanted packages with a whole digest and an address that can be asked for, or one sentence. */
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include "source/debian.h"
#include "source/transfer.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct package_wish wishes[] = {{"linux", "linux"}, {"gcc", "gcc-{series}"}};
	const struct package_wishes all = {wishes, 2, 2};
	const struct suite suite = {"stable", "https://deb.example.org/debian/", NULL, "main"};
	struct arena arena = ARENA_INIT;
	struct archive_list out = {0};
	struct error err = {0};

	if (!debian_read_index(
		    foreign_put("Sources", data, size), &suite, &all, &arena, &out, &err))
		replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	for (size_t i = 0; i < out.n; i++) {
		const struct archive *a = &out.at[i];

		replay_must(hash_is_hex(a->sha256) && transfer_url_ok(a->url) &&
			    !strstr(a->url + 8, "/../"));
		replay_must(strncmp(a->url, suite.uri, strlen(suite.uri)) == 0 && *a->file);
	}
	arena_release(&arena);
	return 0;
}
