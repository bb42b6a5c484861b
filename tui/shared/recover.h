/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recovery files: the unsaved state of a profile, NAME.PID.unsaved in the state folder, written with every change and removed
 * as soon as nothing is unsaved any more. One whose session does not live was cut off. Sessions are seen by their seats: a
 * file PID.session that is locked as long as the session lives and says which profile it has open.
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "choice/profile.h"

struct recover_seat {
	bool taken;
	int fd;
};

/* Says to other sessions that this one has this profile (a path) open; best effort. */
void recover_sit(const struct place *place, struct recover_seat *seat, const char *profile);
void recover_stand(const struct place *place, struct recover_seat *seat);
/* The process of another living session that has it open; 0: none. */
long recover_other(const struct place *place, const char *profile);

/* Best effort: editing continues even if it fails. */
void recover_write(const struct place *place, const struct profile *p);
void recover_forget(const struct place *place, const char *name); /* what this session wrote */

/* What sessions that live no more left: the name of a profile, its choices, and away with them. */
bool recover_find(const struct place *place, struct text *name);
CHECKED bool recover_read(struct profile *p, const struct catalog *c, const struct place *place,
	const char *name, struct error *err);
void recover_drop(const struct place *place, const char *name);

#endif
