/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names and their values for machine files and checks: what the boot found out (the accelerator, an address), before the
 * profile's choices. A later value of a name replaces an earlier one.
 */
#ifndef FACTS_H
#define FACTS_H

#include "base/expand.h"
#include "choice/profile.h"

struct fact {
	const char *name, *value;
};

struct facts {
	struct arena arena;
	VEC(struct fact) of;
	const struct profile *profile; /* may be NULL */
};

void facts_set(struct facts *f, const char *name, const char *fmt, ...) FORMAT(3, 4);
/* With each comma doubled: in the emulator's lists a single comma starts the next element. */
void facts_set_doubled(struct facts *f, const char *name, const char *value);
const char *facts_get(const struct facts *f, const char *name); /* NULL: unknown */
void facts_release(struct facts *f);

guard_lookup facts_lookup; /* ctx of all three: struct facts * */
expand_lookup facts_expand;
expand_lookup
	facts_expand_regex; /* values quoted, so that a regular expression matches them literally */

#endif
