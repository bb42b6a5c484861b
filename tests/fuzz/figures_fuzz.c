/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's table of what steps took: what is taken is a number that a forecast can count with, or there is one sentence. */
#include "base/arena.h"
#include "base/error.h"
#include "foreign.h"
#include "plan/figures.h"
#include "replay.h"

static const char *nothing(const void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return "";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct figures_for who = {foreign_place(), NULL, nothing, NULL};
	struct arena a = ARENA_INIT;
	struct figures f = {0};
	struct error err = {0};

	foreign_put("share/measured/a.steps", data, size);
	if (figures_read(&f, &a, &who, &err))
		for (size_t i = 0; i < f.n; i++)
			replay_must(*f.at[i].step && f.at[i].cpu >= 0 && f.at[i].cpu < 1e9);
	else
		replay_must(err.text[0]);
	figures_find(&f, "linux.build");
	arena_release(&a);
	return 0;
}
