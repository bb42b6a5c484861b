/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds units, steps and their order to a plan. */
#include "plan/plan_steps.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"
#include "plan/plan.h"

#include <string.h>

#include "base/banned.h"

static const char *result(
	struct arena *a, const char *cache, const char *folder, const char *name, const char *key)
{
	return arena_fmt(a, "%s/%s/%s-%.20s", cache, folder, name, key);
}

const char *plan_stage(struct arena *a, const char *cache, const char *component, const char *key)
{
	return result(a, cache, "stage", component, key);
}

struct unit *plan_unit(struct plan *p, const char *name, const char *folder, const char *inputs)
{
	struct unit *u = arena_alloc(&p->arena, sizeof *u);
	char key[HASH_HEX];

	u->name = name;
	vec_push_in(&p->arena, &p->units, u);
	if (!inputs)
		return u;
	hash_bytes(inputs, strlen(inputs), key);
	u->key = arena_str(&p->arena, key);
	u->inputs = inputs;
	u->result = result(&p->arena, p->cache, folder, name, key);
	u->work = result(&p->arena, p->cache, "work", name, key);
	return u;
}

struct step *plan_step(struct plan *p, struct unit *unit, const char *id, const char *title)
{
	struct step *s = arena_alloc(&p->arena, sizeof *s);

	s->id = id;
	s->title = title;
	s->unit = unit;
	s->pool = POOL_CPU;
	vec_push_in(&p->arena, &p->steps, s);
	return s;
}

void plan_needs(struct plan *p, struct step *s, struct step *needed)
{
	vec_push_in(&p->arena, &s->needs, needed);
	vec_push_in(&p->arena, &needed->needed_by, s);
}

void plan_action(struct plan *p, struct step *s, enum action_verb verb, const struct strings *args)
{
	vec_push_in(&p->arena, &s->actions, (struct action){.verb = verb, .args = *args});
}

void plan_publish(struct plan *p, struct step *s)
{
	struct strings args = {0};

	vec_push_in(&p->arena, &args, arena_fmt(&p->arena, "%s/stage", s->unit->work));
	vec_push_in(&p->arena, &args, s->unit->result);
	plan_action(p, s, ACTION_publish, &args);
	s->last = true;
}
