/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pager between this process and its terminal: what PAGER says, else less; nothing when that is empty, `cat`, or not there.
 * From pager_start to pager_end standard output is a pipe to it, and Ctrl-C is for the pager alone.
 */
#ifndef PAGER_H
#define PAGER_H

struct pager;

struct pager *pager_start(void); /* NULL: output goes on to where it went */

/* Standard output is flushed before. Waits until the person has seen enough; NULL is fine. */
void pager_end(struct pager *p);

#endif
