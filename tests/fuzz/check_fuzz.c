/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's answer (what stands behind the first NUL) to checks that somebody wrote: a verdict with a sentence. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/check.h"
#include "choice/catalog.h"
#include "choice/facts.h"
#include "choice/profile.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

static void use(const struct check_list *l, const char *answer)
{
	const struct catalog catalog = {.place = foreign_place()};
	struct profile profile;
	struct facts facts = {.profile = &profile};
	struct text detail = TEXT_INIT;
	struct error err = {0};

	profile_init(&profile, &catalog, "a");
	for (size_t i = 0; i < l->of.n; i++) {
		const struct check *c = l->of.at[i];

		text_clear(&detail);
		if (!check_applies(c, &facts) || check_skips(c, &facts, &detail))
			continue;
		if (!check_command(c, &facts, &detail, &err))
			replay_must(err.text[0]);
		text_clear(&detail);
		check_judge(c, &facts, answer, &detail);
		replay_must(detail.len);
	}
	text_release(&detail);
	facts_release(&facts);
	profile_release(&profile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;
	const char *path = foreign_put("a.check", data, len);
	struct check_list l = {.arena = ARENA_INIT};
	struct error err = {0};

	if (check_read(&l, path, NULL, &err))
		use(&l, end ? arena_strn(&l.arena, (const char *)end + 1, size - len - 1) : "");
	else
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
	check_release(&l);
	return 0;
}
