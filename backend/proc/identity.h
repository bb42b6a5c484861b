/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who a process is inside a user name space (user_namespaces(7)). */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

/* In the user name space that process `pid` (0: ourselves) has just made, these ids inside are those outside, and there are no
 * others: files keep their owner, and nobody gains rights. Groups cannot be dropped there any more. errno. */
bool identity_map(pid_t pid, unsigned uid_inside, unsigned uid, unsigned gid_inside, unsigned gid);

#endif
