/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks between processes, as flock(2) on a file: they vanish with their holder, however it ends. A lock belongs to the open
 * file, so a forked child that keeps the fd holds the lock too. The content of the file is the pid of the last exclusive holder,
 * for messages only. The file's time is when the lock was last taken, that is when the thing was last used.
 */
#ifndef LOCK_H
#define LOCK_H

#include "base/error.h"

enum lock_mode {
	LOCK_USE,   /* shared: the thing must not change */
	LOCK_ALONE, /* exclusive */
};

/* Tries once without waiting. True: *fd is the lock, or -1 if somebody else holds it. */
CHECKED bool lock_try(const char *path, enum lock_mode mode, int *fd, struct error *err);

/* Writes our pid as the holder's: for a process that inherited the lock from its parent. */
void lock_sign(int fd);

/* Makes an exclusive lock shared. */
void lock_share(int fd);
void lock_release(int fd); /* -1 is allowed */

bool lock_is_held(const char *path); /* is it held exclusively, by anybody? */
bool lock_is_used(const char *path); /* is it held in either way? */
long lock_holder(const char *path);  /* pid as written, 0 if unknown */

#endif
