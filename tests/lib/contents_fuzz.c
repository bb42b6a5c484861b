/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists a container of foreign bytes. An error has a sentence; a listing has no absolute path, no sum that is none, and in a disk
 * or a program no file larger than the whole.
 */
#include "base/error.h"
#include "base/hash.h"
#include "contents/contents.h"
#include "contents_fuzz.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int contents_fuzz(const uint8_t *data, size_t size, enum contents_kind kind)
{
	const char *path = foreign_put("file", data, size);
	struct contents c;
	struct error err = {0};

	if (!contents_list(&c, path, kind, &err)) {
		replay_must(err.text[0]);
		return 0;
	}
	for (size_t i = 0; i < c.of.n; i++) {
		const struct content *e = &c.of.at[i];

		replay_must(e->path && e->path[0] != '/');
		replay_must(!e->sha256[0] || hash_is_hex(e->sha256));
		if (kind == CONTENTS_DISK || kind == CONTENTS_PE)
			replay_must(e->size <= size);
	}
	contents_release(&c);
	return 0;
}
