/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bridge of this machine for the guest: an existing one, which QEMU's helper attaches the guest to, or one made for the run,
 * with a tap device in it. The latter needs CAP_NET_ADMIN. Its name contains its supervisor's pid; the supervisor removes it
 * whatever happens to the rest of the run. If the supervisor is gone too, making the next bridge removes it.
 */
#ifndef BRIDGE_H
#define BRIDGE_H

#include "base/error.h"
#include "base/vec.h"
#include <net/if.h>
#include <sys/types.h>

struct bridge {
	char name[IFNAMSIZ];
	int tap; /* -1: none; the guest's end, which disappears when everybody has closed it */
};

void bridge_init(struct bridge *b);

/* `first` and `second` become this machine's addresses on it, in a network of `bits`. */
CHECKED bool bridge_make(struct bridge *b, pid_t supervisor, const char *first, const char *second,
	unsigned bits, struct error *err);
void bridge_release(struct bridge *b); /* the tap; the bridge stays */
void bridge_remove(pid_t supervisor);

/* The one of `helpers` that may attach a guest to the bridge of this name; NULL: what is missing, and how to get it. */
const char *bridge_helper(const char *name, const struct strings *helpers, struct error *err);

#endif
