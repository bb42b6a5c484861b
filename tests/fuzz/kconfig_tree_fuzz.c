/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kconfig files of a source tree, which may name themselves: definitions and conditions, each of which can be judged. */
#include "kconfig/kconfig_tree.h"
#include "base/error.h"
#include "base/text.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

static const char *look_up(const void *ctx, const char *symbol)
{
	(void)ctx;
	return *symbol == 'A' ? "y" : *symbol == 'B' ? "\"text\"" : "n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *folder = foreign_place()->cache;
	struct kconfig_tree t;
	struct text unmet = TEXT_INIT;
	struct error err = {0};

	foreign_put("Kconfig", data, size);
	replay_must(kconfig_tree_read(&t, folder, folder, "x86", &err));
	for (size_t i = 0; i < t.n; i++) {
		replay_must(t.at[i].symbol && t.at[i].line > 0 && t.at[i].file);
		for (size_t k = 0; k < t.at[i].needs.n; k++) {
			text_clear(&unmet);
			replay_must(kconfig_unmet(t.at[i].needs.at[k], look_up, NULL, &unmet) ==
				    (unmet.len > 0));
		}
	}
	text_release(&unmet);
	kconfig_tree_release(&t);
	return 0;
}
