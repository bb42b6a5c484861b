/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of its devices a machine gets: those that the kernel drives. What is known of its configuration, the finished one or
 * before a build what the choices ask for, becomes facts (machine.h); everything else is decided from these.
 */
#ifndef DRIVERS_H
#define DRIVERS_H

#include "boot/machine.h"
#include "plan/plan.h"

/* The finished configuration in a stage, if that is the kernel's; else no fact is set. */
void drivers_read(const struct machine *m, const char *stage, struct facts *facts);
/* That of a plan: finished if it is in the cache, else as far as the choices say. False: nothing can be said. */
bool drivers_foresee(const struct machine *m, const struct plan *p, struct facts *facts);

/* Asks the emulator for driven devices that not every version of it has. */
void drivers_ask(struct machine *m, struct facts *facts);
/* Sets the facts `nic`, `card`, `disk-type` and abilities. Does no harm when repeated. */
void drivers_fit(const struct machine *m, struct facts *facts);
/* The disk that is chosen; NULL: the machine knows none. */
const struct machine_device *drivers_disk(const struct machine *m, struct facts *facts);
/* Is it known that the kernel drives none of the machine's disks? */
bool drivers_has_no_disk(const struct facts *facts);
/* Makes {disk-number} this one, and {disk-device} the device's words for it. */
CHECKED bool drivers_number_disk(
	const struct machine *m, struct facts *facts, unsigned number, struct error *err);
/* What the kernel lacks to find its root on the medium ("CONFIG_X, CONFIG_Y"); NULL: nothing, or it is not known. */
const char *drivers_medium_lack(
	const struct machine_medium *medium, struct facts *facts, struct arena *a);

#endif
