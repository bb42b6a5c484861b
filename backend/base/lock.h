/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks between processes, as flock(2) on a file: they vanish with their holder, whatever ends it. A lock belongs to the open
 * file, so a forked child that keeps the fd keeps the lock. The content of the file is the pid of the last exclusive holder,
 * for messages only. The file's time says when the lock was last taken: that is when the thing was last used.
 */
#ifndef LOCK_H
#define LOCK_H

#include "base/error.h"

enum lock_mode {
	LOCK_USE,   /* many may hold it: the thing stays as it is */
	LOCK_ALONE, /* nobody else holds it */
};

/* Tries without waiting. True: *fd is the held lock, or -1 when somebody else has it. */
CHECKED bool lock_try(const char *path, enum lock_mode mode, int *fd, struct error *err);

/* Writes our pid as that of the holder: for a process that got the lock from its parent. */
void lock_sign(int fd);

/* Gives up being alone but goes on using. */
void lock_share(int fd);
void lock_release(int fd); /* -1 is fine */

bool lock_is_held(const char *path); /* alone, by anybody */
bool lock_is_used(const char *path); /* in either way */
long lock_holder(const char *path);  /* pid as written, 0 when not known */

#endif
