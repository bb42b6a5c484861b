/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patching half of unpacking: differences are applied to the tree in the current process, which should be confined to it. */
#ifndef UNPACK_PATCH_H
#define UNPACK_PATCH_H

#include "source/unpack.h"

/* Is it the one difference of an old source package, not an archive? */
bool unpack_is_diff(const char *file);

/* ERROR_SOURCE: a patch is refused; ERROR_STEP: one does not fit. The tree is then of no use. */
CHECKED bool unpack_patches(const struct unpack *u, const char *tree, struct error *err);

#endif
