/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A results folder's manifest from elsewhere: names in it lead nowhere else, digests are whole; or one sentence. */
#include "cache/results.h"
#include "base/error.h"
#include "base/hash.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct results r;
	struct error err = {0};

	foreign_put("manifest.json", data, size);
	if (!results_load(&r, foreign_place()->cache, &err)) {
		replay_must(err.kind == ERROR_HOST && err.text[0]);
		return 0;
	}
	for (size_t i = 0; i < r.images.n; i++)
		replay_must(r.images.at[i].format && !strchr(r.images.at[i].file, '/'));
	for (size_t i = 0; i < r.components.n; i++)
		replay_must(r.components.at[i].name && r.components.at[i].version);
	for (size_t i = 0; i < r.artifacts.n; i++)
		replay_must(
			r.artifacts.at[i].file[0] != '.' && hash_is_hex(r.artifacts.at[i].sha256));
	results_release(&r);
	return 0;
}
