/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compressed file, or one in an archive, that may be damaged: bytes, or one sentence; what has been read of it is never more
 * than it has. */
#include "base/error.h"
#include "base/inflate.h"
#include "foreign.h"
#include "replay.h"

struct seen {
	size_t size;
	uint64_t bytes;
};

static bool take(void *ctx, const void *bytes, size_t len, uint64_t consumed, struct error *err)
{
	struct seen *s = ctx;

	replay_must(bytes && len && consumed <= s->size);
	s->bytes += len;
	return s->bytes < 1 << 22 || error_set(err, ERROR_SOURCE, "that is enough");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen s = {.size = size}, member = {.size = size};
	struct error err = {0};
	const char *file = foreign_put("file", data, size);

	if (!inflate_file(file, take, &s, &err))
		replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	err = (struct error){0};
	if (!inflate_member(file, "data.tar", take, &member, &err))
		replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	return 0;
}
