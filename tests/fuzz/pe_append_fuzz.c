/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program for UEFI that gets further sections: they can be read from the result, or there is one sentence. */
#include "image/pe.h"
#include "base/error.h"
#include "base/vec.h"
#include "contents/contents.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pe_section one = {".cmdline", foreign_put("words", "quiet", 5)};
	const struct pe_sections sections = {&one, 1, 1};
	const char *made = foreign_put("made.efi", "", 0);
	struct contents c;
	struct error err = {0};
	bool is_there = false;

	if (!pe_append(made, foreign_put("stub.efi", data, size), &sections, &err)) {
		replay_must(err.text[0]);
		return 0;
	}
	if (!contents_list(&c, made, CONTENTS_PE, &err))
		return 0; /* the stub's own sections lie outside of it, or are too many for loaders */
	for (size_t i = 0; i < c.of.n; i++)
		is_there = is_there || strcmp(c.of.at[i].path, "section .cmdline") == 0;
	replay_must(is_there);
	contents_release(&c);
	return 0;
}
