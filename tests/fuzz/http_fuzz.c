/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request from the guest: incomplete, or answered; with the file only for its own path. */
#include "base/text.h"
#include "boot/http.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http h = {.listener = -1, .path = "/word", .body = "the body"};
	struct text answer = TEXT_INIT;
	bool found = false;

	if (http_answer(&h, (const char *)data, size, &answer, &found)) {
		replay_must(strncmp(answer.s, "HTTP/1.", 7) == 0);
		replay_must(!found || memmem(data, size, "/word", 5));
	}
	text_release(&answer);
	return 0;
}
