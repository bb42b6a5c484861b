/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes units and steps with the functions that planning uses; each step runs its script with sh. */
#include "base/arena.h"
#include "base/vec.h"
#include "hand_plan.h"
#include "plan/plan.h"
#include "plan/plan_steps.h"
#include "proc/jail.h"
#include "scratch.h"

void world_make(struct world *w)
{
	*w = (struct world){.profile = "p"};
	scratch_make(&w->s);
	w->plan.profile = w->profile;
	w->plan.cache = w->s.place.cache;
	w->plan.output = scratch_path(&w->s, "out");
	w->plan.sandbox.wish = JAIL_OFF; /* its scripts meet in $TOP */
}

void world_remove(struct world *w)
{
	plan_release(&w->plan);
	scratch_remove(&w->s);
}

struct unit *add_unit(struct world *w, const char *name)
{
	struct arena *a = &w->plan.arena;
	struct unit *u = plan_unit(&w->plan, name, "stage", arena_fmt(a, "inputs of %s\n", name));

	u->result = arena_fmt(a, "%s/stage/%s-1", w->plan.cache, name);
	u->work = arena_fmt(a, "%s/work/%s-1", w->plan.cache, name);
	return u;
}

struct step *add_step(
	struct world *w, struct unit *u, const char *id, const char *script, struct step *needs)
{
	struct step *s = plan_step(&w->plan, u, id, id);
	struct strings args = {0};

	vec_push_in(&w->plan.arena, &args, "sh");
	vec_push_in(&w->plan.arena, &args, "-c");
	vec_push_in(&w->plan.arena, &args, script);
	plan_action(&w->plan, s, ACTION_run, &args);
	vec_push_in(&w->plan.arena, &s->env, "PATH=/usr/local/bin:/usr/bin:/bin");
	vec_push_in(&w->plan.arena, &s->env, arena_fmt(&w->plan.arena, "TOP=%s", w->s.folder));
	if (needs)
		plan_needs(&w->plan, s, needs);
	return s;
}

struct step *ends_unit(struct world *w, struct step *s)
{
	plan_publish(&w->plan, s);
	return s;
}
