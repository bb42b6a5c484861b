/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest that says what it likes while its shell is asked: only lines with both marks are an answer, and it is bounded. */
#include "boot/talk.h"
#include "base/text.h"
#include "boot/console.h"
#include "replay.h"
#include <string.h>

static void take(void *ctx, const char *line, size_t len)
{
	struct talk *t = ctx;

	if (talk_line(t, line, len))
		replay_must(t->answered && !t->asked && strstr(line, "-end-"));
	replay_must(t->output.len <= TALK_OUTPUT);
}

static void take_nothing(void *ctx, const char *line, size_t len)
{
	(void)ctx;
	(void)line;
	(void)len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct console c;
	struct talk t;

	talk_init(&t, "0f");
	talk_ask(&t, "uname -r");
	talk_again(&t, "uname -r");
	console_init(&c, take_nothing, take, &t);
	console_feed(&c, data, size);
	console_end(&c);
	console_release(&c);
	talk_release(&t);
	return 0;
}
