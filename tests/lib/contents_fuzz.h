/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every kind of container; each has a target of its own, so that a fuzzer sees what it does there. */
#ifndef CONTENTS_FUZZ_H
#define CONTENTS_FUZZ_H

#include "contents/contents.h"
#include <stddef.h>
#include <stdint.h>

/* Returns 0, for the target to return. */
int contents_fuzz(const uint8_t *data, size_t size, enum contents_kind kind);

#endif
