/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan made by hand, whose steps are tiny shell commands, and a place for it. A step knows the test's folder as $TOP. */
#ifndef HAND_PLAN_H
#define HAND_PLAN_H

#include "plan/plan.h"
#include "scratch.h"

struct world {
	struct scratch s;
	struct plan plan;
	const char *profile;
};

void world_make(struct world *w);
void world_remove(struct world *w);

struct unit *add_unit(struct world *w, const char *name);

/* It runs the script once `needs` is done; NULL: it needs nothing. */
struct step *add_step(
	struct world *w, struct unit *u, const char *id, const char *script, struct step *needs);

/* Makes a step the last of its unit: what it put into stage/ is published. */
struct step *ends_unit(struct world *w, struct step *s);

#endif
