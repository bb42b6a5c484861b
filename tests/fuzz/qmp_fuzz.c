/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an emulator says over its control connection, in whatever pieces: what is kept of it is bounded. */
#include "boot/qmp.h"
#include "base/text.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size ? data[0] % size : 0;
	struct qmp q;

	qmp_init(&q);
	qmp_screendump(&q, "shot.png");
	qmp_feed(&q, (const char *)data, half);
	qmp_feed(&q, (const char *)data + half, size - half);
	replay_must(q.in.len <= QMP_LINE && (!q.in.len || !memchr(q.in.s, '\n', q.in.len)));
	qmp_release(&q);
	return 0;
}
