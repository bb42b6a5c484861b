/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recovery files: the unsaved state of a profile, one file per profile name in the state folder, written with every change and
 * removed when nothing is unsaved any more. If one exists at the start, the last session crashed.
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "choice/profile.h"

void recover_write(const struct place *place,
	const struct profile *p); /* best effort: editing goes on without it */
void recover_forget(const struct place *place, const char *name);
bool recover_find(
	const struct place *place, struct text *name); /* the name of the profile that has one */
CHECKED bool recover_read(struct profile *p, const struct catalog *c, const struct place *place,
	const char *name, struct error *err);

#endif
