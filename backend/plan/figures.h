/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What steps took where they were measured: share/measured/NAME.steps, written by tests/bench/figures from the history of real
 * builds. They tell what a step costs before it ever ran here.
 *
 *   step[GUARD] = STEP CPU OBJECTS SYMBOLS BYTES
 *
 * CPU: seconds of processors' time. OBJECTS, SYMBOLS: see struct history_entry. BYTES: of the component's archive, 0 for what has
 * none. Of several lines of one step the last counts whose guard holds. A line `vary = STEP OPTION ...` is for the tool: which
 * choices make a step cheaper or dearer.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include "base/guard.h"
#include "base/place.h"
#include "plan/plan.h"

/* Whoever asks: its choices, and the traits that guards may name. */
struct figures_for {
	const struct place *place;
	const struct traits *traits;
	guard_lookup *lookup;
	const void *ctx;
};
CHECKED bool figures_read(
	struct figures *out, struct arena *a, const struct figures_for *who, struct error *err);
/* NULL: it was not measured with such choices. */
const struct figure *figures_find(const struct figures *f, const char *step);

#endif
