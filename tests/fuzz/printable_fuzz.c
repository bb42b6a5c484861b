/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever goes in, no control character and no broken UTF-8 comes out, and filtering twice changes nothing. */
#include "base/printable.h"
#include "base/text.h"
#include "replay.h"
#include <stdlib.h>
#include <string.h>

static void look(const struct text *t, bool lines)
{
	for (size_t i = 0; i < t->len; i++) {
		unsigned char c = (unsigned char)t->s[i];

		replay_must(c >= 0x20 || (lines && c == '\n'));
		replay_must(c != 0x7f);
		/* C1 controls are U+0080 to U+009F: C2 followed by 80 to 9F */
		replay_must(c != 0xC2 || (unsigned char)t->s[i + 1] >= 0xA0);
		/* continuation bytes follow a lead, and a lead is followed by enough of them */
		if (c >= 0xC0) {
			size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;

			for (; more; more--)
				replay_must(((unsigned char)t->s[++i] & 0xC0) == 0x80);
		} else {
			replay_must(c < 0x80);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text once = TEXT_INIT, twice = TEXT_INIT;

	printable_lines(&once, data, size);
	look(&once, true);
	printable_lines(&twice, once.s, once.len);
	replay_must(strcmp(once.s, twice.s) == 0);
	text_clear(&once);
	printable(&once, data, size);
	look(&once, false);
	text_release(&once);
	text_release(&twice);
	return 0;
}
