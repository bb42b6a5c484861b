/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The graph of a plan, piece by piece: units, the steps of each, what these do and which waits for which. Whoever makes a plan
 * builds it with these, and settles it in the end; then plan_release is all that has to be done.
 */
#ifndef PLAN_STEPS_H
#define PLAN_STEPS_H

#include "plan/plan.h"

/* A unit whose key is the hash of its inputs; result and work are named after it. `inputs` NULL: one that leaves nothing in the
 * cache and has none of these. */
struct unit *plan_unit(struct plan *p, const char *name, const char *folder, const char *inputs);
struct step *plan_step(struct plan *p, struct unit *unit, const char *id, const char *title);
void plan_needs(struct step *s, struct step *needed);

/* The words become the plan's. */
void plan_action(struct plan *p, struct step *s, enum action_verb verb, const struct strings *args);

/* The step is the last of its unit: what the unit's steps put into stage/ is its result. */
void plan_publish(struct plan *p, struct step *s);

/* All is there: vectors move to the plan's arena. */
void plan_settle(struct plan *p);

#endif
