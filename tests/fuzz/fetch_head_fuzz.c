/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Header lines of a server, each in memory of just its length: what is kept may be sent back, and stored in a line of a file. */
#include "replay.h"
#include "source/fetch_head.h"
#include <string.h>

static void judge(const struct text *t)
{
	replay_must(t->len <= HEAD_LONGEST_VALIDATOR);
	for (size_t i = 0; i < t->len; i++)
		replay_must(t->s[i] >= ' ' && t->s[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct head h = HEAD_INIT;

	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t n = end ? (size_t)(end - data) + 1 : size;
		char *line = malloc(n);

		replay_must(line);
		memcpy(line, data, n);
		head_take(&h, line, n);
		free(line);
		judge(&h.etag);
		judge(&h.modified);
		replay_must(!h.has_range || !h.range_total || h.range_start < h.range_total);
		data += n;
		size -= n;
	}
	head_release(&h);
	return 0;
}
