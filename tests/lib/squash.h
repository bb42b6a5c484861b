/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A squashfs as a build writes it: the action itself, with mksquashfs of this machine. */
#ifndef SQUASH_H
#define SQUASH_H

#include "base/error.h"
#include "tree/tree.h"

CHECKED bool squash_make(
	struct tree *t, const char *path, const char *method, long long epoch, struct error *err);

#endif
