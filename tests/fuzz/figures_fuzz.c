/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's tables of what was measured: what is taken a forecast can count with, or there is one sentence. */
#include "base/arena.h"
#include "base/error.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "foreign.h"
#include "plan/figures.h"
#include "plan/package_facts.h"
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
	const struct catalog c = {.place = foreign_place()};
	const struct profile p = {.catalog = &c};
	const struct settings settings = {0};
	struct package_facts facts;
	struct error err = {0};

	foreign_put("share/measured/a.steps", data, size);
	if (figures_read(&f, &a, &who, &err))
		for (size_t i = 0; i < f.n; i++)
			replay_must(*f.at[i].step && f.at[i].cpu >= 0 && f.at[i].cpu < 1e9);
	else
		replay_must(err.text[0]);
	figures_find(&f, "linux.build");
	arena_release(&a);
	foreign_put("share/measured/a.steps", data, 0);
	foreign_put("share/measured/a.packages", data, size);
	if (package_facts_load(&facts, &p, &settings, &err)) {
		for (size_t i = 0; i < facts.sizes.n; i++)
			replay_must(*facts.sizes.at[i].package && !(facts.sizes.at[i].bytes >> 50));
		for (size_t i = 0; i < facts.tried.n; i++)
			replay_must(facts.tried.at[i].package && facts.tried.at[i].date);
		package_facts_release(&facts);
	} else {
		replay_must(err.text[0]);
	}
	foreign_put("share/measured/a.packages", data, 0);
	return 0;
}
