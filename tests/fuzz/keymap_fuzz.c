/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of keyboard layouts: the map that the kernel's program reads, always of one length, or one sentence. */
#include "choice/keymap.h"
#include "base/error.h"
#include "base/text.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

enum { LENGTH = 7 + 256 + 8 * 128 * 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text out = TEXT_INIT;
	struct error err = {0};

	if (keymap_print(foreign_put("keymaps", data, size), "de", &out, &err))
		replay_must(out.len == LENGTH && memcmp(out.s, "bkeymap", 7) == 0);
	else
		replay_must(err.kind == ERROR_PROFILE && err.text[0] && !out.len);
	text_release(&out);
	return 0;
}
