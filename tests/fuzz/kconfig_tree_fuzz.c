/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kconfig files of a source tree, which may name themselves: definitions and conditions, each of which can be judged. */
#include "kconfig/kconfig_tree.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

static const char *look_up(const void *ctx, const char *symbol)
{
	(void)ctx;
	return *symbol == 'A' ? "y" : *symbol == 'B' ? "\"text\"" : "n";
}

/* Some can be set, and that again takes others. */
static bool set(void *ctx, const char *symbol)
{
	struct strings *wanted = ctx;

	if (*symbol != 'C' || wanted->n > 20)
		return false;
	vec_push(wanted, look_up(NULL, symbol));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *folder = foreign_place()->cache;
	struct kconfig_tree t;
	struct text unmet = TEXT_INIT;
	struct strings wanted = {0};
	const struct kconfig_cure cure = {set, &wanted, &wanted, size % 2};
	struct error err = {0};

	foreign_put("Kconfig", data, size);
	replay_must(kconfig_tree_read(&t, folder, folder, "x86", &err));
	for (size_t i = 0; i < t.n; i++) {
		replay_must(t.at[i].symbol && t.at[i].line > 0 && t.at[i].file);
		for (size_t k = 0; k < t.at[i].needs.n; k++) {
			text_clear(&unmet);
			replay_must(kconfig_unmet(t.at[i].needs.at[k], look_up, NULL, &unmet) ==
				    (unmet.len > 0));
			wanted.n = 0;
			replay_must(kconfig_curable(t.at[i].needs.at[k], look_up, NULL, &cure) ||
				    !wanted.n);
			/* what holds as it is needs nothing */
			replay_must(unmet.len || cure.whole || !wanted.n);
		}
	}
	vec_release(&wanted);
	text_release(&unmet);
	kconfig_tree_release(&t);
	return 0;
}
