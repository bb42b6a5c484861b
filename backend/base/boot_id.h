/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which life of the machine this is: another one after each restart. */
#ifndef BOOT_ID_H
#define BOOT_ID_H

#include "base/text.h"

void boot_id(struct text *out); /* a word, added to out; "unknown" where the kernel does not tell */

#endif
