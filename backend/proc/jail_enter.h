/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a process into the sandbox that proc/jail.h describes. */
#ifndef JAIL_ENTER_H
#define JAIL_ENTER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "proc/jail.h"

/* In the order in which they count when a path is viewed twice. */
enum jail_kind {
	JAIL_READ,   /* read-only, ours; what is not there is left out */
	JAIL_SYSTEM, /* read-only, with its owners; what is not there is left out; a link stays one */
	JAIL_COVER, /* where a folder is seen through one of the others, it is empty */
	JAIL_WRITE, /* ours */
};

struct jail_view {
	enum jail_kind kind;
	const char *path; /* absolute */
};

/* What a step may use up (share/host/sandbox). 0: no limit. */
struct jail_bounds {
	long processes, memory, temporary, first;
};

struct jail {
	struct jail_power power;
	struct jail_bounds bounds;
	VEC(struct jail_view) views;
	const char *folder; /* one of those to write in */
};

/* The views of this machine and of the program's data: share/host/sandbox, and the folders of the PATH `search`. In the arena. */
CHECKED bool jail_open(struct jail *j, const struct jail_power *power, const struct place *p,
	const char *search, struct arena *a, struct error *err);
void jail_add(struct jail *j, struct arena *a, enum jail_kind kind, const char *path);
void jail_sort(struct jail *j); /* after the last jail_add: folders before what lies in them */

/* A program that PATH `search` has, or that is a path, but that cannot run inside, because what it leads to is not seen. */
struct jail_hidden {
	const char *program;
	const char *found, *wanted; /* in PATH; what it leads to */
	const char *folder;	    /* what would have to be seen */
};
bool jail_hides(struct jail_hidden *h, const struct jail *j, const char *search,
	const char *program, struct arena *a);

/* In a forked child, before exec. True: this process (with processes of its own it is a grandchild of the caller, which passes on
 * how it ended) is inside. False: `doing` says what was tried, and errno why it failed. Never an end of the caller's own. */
bool jail_enter(const struct jail *j, const char **doing);

/* A pipe that the program inside opens again by its name, as /dev/stderr for example, must be its user's. */
void jail_hand_over(const struct jail *j, int fd);

/* Parts of jail_enter: a user name space in which root of the disk is nobody, made where /proc shows ourselves (-1: errno); and
 * the root folder inside, with such owners (-1: as they are). */
int jail_owners(void);
bool jail_root(const struct jail *j, int owners, const char **doing);

enum { JAIL_NOBODY = 65534 };

#endif
