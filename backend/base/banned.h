/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that truncate, overflow or start a shell: using one does not compile. Included last by backend .c files. */
#ifndef BANNED_H
#define BANNED_H

#define BANNED(name) sorry_##name##_is_banned
#undef strcpy
#define strcpy(...) BANNED(strcpy)
#undef strcat
#define strcat(...) BANNED(strcat)
#undef strncpy
#define strncpy(...) BANNED(strncpy)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef strtok
#define strtok(...) BANNED(strtok)
#undef system
#define system(...) BANNED(system)
#undef popen
#define popen(...) BANNED(popen)

#endif
