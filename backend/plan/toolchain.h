/* SPDX-License-Identifier: GPL-2.0-or-later */
/* This machine's compiler, as share/host/toolchain describes it. */
#ifndef TOOLCHAIN_H
#define TOOLCHAIN_H

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"

/* What compiles: the tools listed in share/host/toolchain, each by the hash of its file. */
CHECKED bool toolchain_print(const struct place *place, struct text *out, struct error *err);

/* The path of one of the compiler's own files, in the arena; NULL if it has no file of that name. */
CHECKED bool toolchain_file(const struct place *place, const struct strings *flags,
	const char *name, struct arena *a, const char **path, struct error *err);

#endif
