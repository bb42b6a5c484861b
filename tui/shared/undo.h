/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The changes of this session, so that each can be undone and redone. A change is the value of one option before and after; NULL
 * is "not set: the default".
 */
#ifndef UNDO_H
#define UNDO_H

#include "base/vec.h"

#include <stdbool.h>

struct change {
	char *name, *before, *after;
};

struct undo {
	VEC(struct change) made;
	size_t at; /* changes before this one are in effect, those from here on were undone */
};

void undo_push(struct undo *u, const char *name, const char *before,
	const char *after); /* forgets what was undone */
/* The change to undo; NULL if there is none. */
const struct change *undo_back(struct undo *u);
/* The change to redo; NULL if there is none. */
const struct change *undo_forward(struct undo *u);
void undo_release(struct undo *u);

#endif
