/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts the blocks of an unpacked index into lines. */
#include "source/index_lines.h"

#include "base/error.h"
#include "base/inflate.h"
#include "base/text.h"

#include <string.h>

#include "base/banned.h"

enum { LONGEST_LINE = 1 << 20 };

struct cutter {
	index_take *take;
	void *ctx;
	struct text line; /* read so far */
};

static bool take_block(
	void *ctx, const void *block, size_t len, uint64_t consumed, struct error *err)
{
	struct cutter *c = ctx;
	const char *bytes = block;

	(void)consumed;
	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end ? (size_t)(end - bytes) : len;

		if (c->line.len + n > LONGEST_LINE)
			return error_set(
				err, ERROR_SOURCE, "a line is longer than %d bytes", LONGEST_LINE);
		text_add(&c->line, bytes, n);
		if (end) {
			c->take(c->ctx, c->line.s);
			text_clear(&c->line);
			n++;
		}
		bytes += n;
		len -= n;
	}
	return true;
}

bool index_lines(const char *path, index_take *take, void *ctx, struct error *err)
{
	struct cutter c = {.take = take, .ctx = ctx, .line = TEXT_INIT};
	bool ok = inflate_file(path, take_block, &c, err);

	if (ok && c.line.len)
		take(ctx, c.line.s);
	text_release(&c.line);
	return ok;
}
