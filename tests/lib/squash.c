/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls the action with a step and a unit that exist for it only. */
#include "squash.h"

#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"
#include "plan/step.h"
#include "proc/proc.h"
#include "step/action.h"

bool squash_make(
	struct tree *t, const char *path, const char *method, long long epoch, struct error *err)
{
	struct unit unit = {.name = "root-live", .tree = t};
	struct step step = {.id = "root-live.write", .unit = &unit};
	struct place place = {.cache = "."};
	struct action_context c = {.step = &step, .place = &place, .progress_fd = -1};
	struct strings args = {0};
	bool ok;

	vec_push(&args, path);
	vec_push(&args, method);
	vec_push(&args, arena_fmt(t->arena, "%lld", epoch));
	proc_environment(&step.env, t->arena);
	ok = action_squashfs(&c, &args, err);
	vec_release(&args);
	return ok;
}
