/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serial output: lines without control characters and of bounded length, whatever the guest sends, in whatever pieces. */
#include "boot/console.h"
#include "replay.h"

static void take(void *ctx, const char *line, size_t len)
{
	(void)ctx;
	replay_must(len > 0 && len <= CONSOLE_LINE);
	for (size_t i = 0; i < len; i++)
		replay_must(line[i] == '\t' || (unsigned char)line[i] >= 0x20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size ? data[0] % size : 0;
	struct console c;

	console_init(&c, take, take, NULL);
	console_feed(&c, data, half);
	console_feed(&c, data + half, size - half);
	console_end(&c);
	console_release(&c);
	return 0;
}
