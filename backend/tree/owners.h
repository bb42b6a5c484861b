/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who owns what in the overlay, and its modes, for systems of files that cannot say so: a list with a line for each
 *
 *   /srv/www/         -     www:www      a folder and everything in it; the mode is kept
 *   /usr/bin/helper   4755  root:audio   a file, folder or link
 *   /srv/a\040b       0600  1200:1200    numbers need no user; \ooo is a byte, as in fstab
 *
 * '#' begins a comment, a later line wins over an earlier one, `-` leaves mode or owner as it is. What is not in the overlay,
 * or nobody's name, is an error with file and line.
 */
#ifndef OWNERS_H
#define OWNERS_H

#include "choice/accounts.h"
#include "tree/tree.h"

/* What the overlay brings into the home of a user belongs to that user; the home itself stays closed to others. */
void owners_give_homes(struct tree *t, const struct accounts *accounts);

/* Changes the tree's entries from the overlay (those that win). */
CHECKED bool owners_apply(
	struct tree *t, const char *path, const struct accounts *accounts, struct error *err);

#endif
