/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See hand_plan.h. */
#include "base/arena.h"
#include "base/vec.h"
#include "hand_plan.h"
#include "scratch.h"

void world_make(struct world *w)
{
	*w = (struct world){.profile = "p"};
	scratch_make(&w->s);
	w->plan.profile = w->profile;
	w->plan.cache = w->s.place.cache;
	w->plan.output = scratch_path(&w->s, "out");
}

void world_remove(struct world *w)
{
	for (size_t i = 0; i < w->plan.steps.n; i++) {
		struct step *s = w->plan.steps.at[i];

		for (size_t k = 0; k < s->actions.n; k++)
			vec_release(&s->actions.at[k].args);
		vec_release(&s->actions);
		vec_release(&s->env);
		vec_release(&s->count);
		vec_release(&s->needs);
		vec_release(&s->needed_by);
	}
	vec_release(&w->plan.steps);
	arena_release(&w->plan.arena);
	scratch_remove(&w->s);
}

struct unit *add_unit(struct world *w, const char *name)
{
	struct arena *a = &w->plan.arena;
	struct unit *u = arena_alloc(a, sizeof *u);

	u->name = name;
	u->key = arena_fmt(a, "%s-key", name);
	u->inputs = arena_fmt(a, "inputs of %s\n", name);
	u->result = arena_fmt(a, "%s/stage/%s-1", w->plan.cache, name);
	u->work = arena_fmt(a, "%s/work/%s-1", w->plan.cache, name);
	return u;
}

static void add_action(
	struct step *s, const char *verb, const char *one, const char *two, const char *three)
{
	struct action a = {.verb = verb};

	vec_push(&a.args, one);
	if (two)
		vec_push(&a.args, two);
	if (three)
		vec_push(&a.args, three);
	vec_push(&s->actions, a);
}

struct step *add_step(
	struct world *w, struct unit *u, const char *id, const char *script, struct step *needs)
{
	struct step *s = arena_alloc(&w->plan.arena, sizeof *s);

	s->id = id;
	s->title = id;
	s->unit = u;
	s->pool = POOL_CPU;
	add_action(s, "run", "sh", "-c", script);
	vec_push(&s->env, "PATH=/usr/local/bin:/usr/bin:/bin");
	vec_push(&s->env, arena_fmt(&w->plan.arena, "TOP=%s", w->s.folder));
	if (needs) {
		vec_push(&s->needs, needs);
		vec_push(&needs->needed_by, s);
	}
	vec_push(&w->plan.steps, s);
	return s;
}

struct step *ends_unit(struct world *w, struct step *s)
{
	s->last = true;
	add_action(s, "publish", arena_fmt(&w->plan.arena, "%s/stage", s->unit->work),
		s->unit->result, NULL);
	return s;
}
