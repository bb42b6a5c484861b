/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pager between this process and its terminal: the program in PAGER, else less; none if PAGER is empty or `cat`, or the program
 * is missing. From pager_start to pager_end standard output is a pipe to it, and only the pager reacts to Ctrl-C.
 */
#ifndef PAGER_H
#define PAGER_H

struct pager;

struct pager *pager_start(void); /* NULL: no pager, output goes where it went before */

/* Flushes standard output, then waits until the pager ends; NULL is allowed. */
void pager_end(struct pager *p);

#endif
