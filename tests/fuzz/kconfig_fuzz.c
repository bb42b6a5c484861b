/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fragment or a whole configuration that somebody sent: what is wished of it stands in what it is merged into. */
#include "kconfig/kconfig.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

static const char *value_of(
	const struct kconfig_result *r, const struct kconfig_wishes *w, size_t i)
{
	return kconfig_result_find(r, w->at[i].either[0].symbol);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kconfig_wishes w = {0};
	struct arena arena = ARENA_INIT;
	struct kconfig_result r;
	struct text merged = TEXT_INIT;
	struct error err = {0};
	bool wished =
		kconfig_wish(&w, &arena, foreign_put("fragment", data, size), KCONFIG_THEIRS, &err);

	replay_must(wished || (err.kind == ERROR_PROFILE && err.text[0]));
	kconfig_merge(&w, arena_strn(&arena, (const char *)data, size), &merged);
	replay_must(kconfig_result_read(&r, foreign_put(".config", merged.s, merged.len), &err));
	for (size_t i = 0; i < w.n; i++)
		replay_must(w.at[i].n && value_of(&r, &w, i));
	kconfig_result_release(&r);
	text_release(&merged);
	arena_release(&arena);
	return 0;
}
