/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes rights away from this process, for good: for children that look at foreign bytes. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdint.h>

/* Nothing can be written but below `writable` (NULL: nothing at all), to /dev/null and to what is open already; no file may
 * exceed `file_bytes`, memory is bounded, no program gains rights. What this system cannot do is left out: it is a second wall,
 * not the first. */
void sandbox_enter(const char *writable, uint64_t file_bytes);

#endif
