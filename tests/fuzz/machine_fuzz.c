/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual machine as somebody describes it: a command line that begins with a program, or one sentence. */
#include "boot/machine.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/facts.h"
#include "choice/profile.h"
#include "foreign.h"
#include "replay.h"

static void use(const struct machine *m, const struct catalog *c)
{
	struct strings argv = {0}, names = {0};
	struct profile profile;
	struct facts facts = {.profile = &profile};
	struct arena arena = ARENA_INIT;
	struct error err = {0};

	profile_init(&profile, c, "a");
	facts_set(&facts, "medium", "%s", m->media.n ? m->media.at[0].name : "kernel");
	machine_refusal(m, &facts);
	for (size_t i = 0; i < m->media.n; i++)
		medium_formats(&m->media.at[i], &facts, &arena, &names);
	if (machine_argv(m, &facts, &arena, &argv, &err))
		replay_must(argv.n && argv.at[0]);
	else
		replay_must(err.text[0]);
	facts_release(&facts);
	profile_release(&profile);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalog c = {.place = foreign_place()};
	struct error err = {0};
	struct machine m;

	foreign_put("share/machines/a.machine", data, size);
	if (machine_load(&m, &c, "a", &err))
		use(&m, &c);
	else
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
	machine_release(&m);
	return 0;
}
