/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The graph of a plan, piece by piece: units, the steps of each, what these do and which waits for which. A plan is built with
 * these functions; all of it lives in the plan's arena.
 */
#ifndef PLAN_STEPS_H
#define PLAN_STEPS_H

#include "plan/plan.h"

/* A unit whose key is the hash of its inputs and names its result and work folders. `inputs` NULL: it leaves nothing in the cache
 * and has none of these. */
struct unit *plan_unit(struct plan *p, const char *name, const char *folder, const char *inputs);
struct step *plan_step(struct plan *p, struct unit *unit, const char *id, const char *title);
void plan_needs(struct plan *p, struct step *s, struct step *needed);

/* The plan takes ownership of the words. */
void plan_action(struct plan *p, struct step *s, enum action_verb verb, const struct strings *args);

/* The step is the last of its unit: its result is what the unit's steps put into stage/. */
void plan_publish(struct plan *p, struct step *s);

#endif
