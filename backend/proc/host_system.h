/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which distribution this is, from os-release(5), and its list of packages (share/host/NAME.packages). */
#ifndef HOST_SYSTEM_H
#define HOST_SYSTEM_H

#include "base/place.h"

struct host_package {
	const char *need; /* name in share/host/needs */
	struct strings names;
};

struct host_system {
	const char *title;		 /* "Debian GNU/Linux 12 (bookworm)" */
	struct strings refresh, install; /* commands; empty if the system is unknown */
	struct strings quickly; /* arguments that limit the waiting when no server answers */
	struct strings knows;	/* a command that tells whether a package exists */
	const char *warning;	/* a side effect of installing worth mentioning; NULL: none */
	VEC(struct host_package) packages;
};

/* Everything lives in the arena. `os_release` NULL: this machine's file. An unknown system has no list; that is not an error. */
CHECKED bool host_system_load(struct host_system *s, const struct place *p, const char *os_release,
	struct arena *a, struct error *err);

const struct host_package *host_package_find(
	const struct host_system *s, const char *need); /* NULL if unknown */

#endif
