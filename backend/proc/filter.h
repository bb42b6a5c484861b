/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes system calls from this process and from all that it starts (seccomp(2)), which answer EACCES from then on. Always those
 * to the kernel's store of keys; `alone` also those that reach other programs where no name spaces keep them apart: sockets, what
 * System V shares, and the ring that would do all of it unseen. Pairs of sockets that a program makes for itself remain.
 *
 * Which machine this is, as the kernel's filter sees it, is read from our own ELF header. Calls of another one, those of 32 bit
 * programs for example, pass unless `alone`.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>

bool filter_possible(void);
/* For good. The process must have no_new_privs. errno. */
bool filter_enter(bool alone);

#endif
