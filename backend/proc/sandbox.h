/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives up rights of this process for good: for children that read untrusted bytes. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdint.h>

/* Allows writing only below `writable` (NULL: nowhere), to /dev/null and to what is already open; limits file size to
 * `file_bytes`, limits memory, and lets no program gain rights. What this system does not support is skipped: this is a second
 * line of defence, not the first. */
void sandbox_enter(const char *writable, uint64_t file_bytes);

#endif
