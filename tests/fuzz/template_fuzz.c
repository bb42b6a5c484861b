/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A template of a stranger's data folder: text, or one sentence with its line. */
#include "base/error.h"
#include "base/arena.h"
#include "base/text.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "foreign.h"
#include "replay.h"
#include "tree/rootfs.h"
#include <string.h>

static const char *look_up(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	*is_list = *name == 'b';
	return *name == 'a' ? "one" : *name == 'b' ? "one two" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct catalog catalog = {.place = foreign_place()};
	struct arena arena = ARENA_INIT;
	struct profile p;
	struct text out = TEXT_INIT;
	struct error err = {0};

	profile_init(&p, &catalog, "a");
	if (!template_expand(&out, "fuzz", arena_strn(&arena, (const char *)data, size), &p,
		    look_up, NULL, &err))
		replay_must(err.kind == ERROR_PROFILE && strncmp(err.text, "fuzz:", 5) == 0);
	text_release(&out);
	profile_release(&p);
	arena_release(&arena);
	return 0;
}
