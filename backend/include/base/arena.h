/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is released as a whole: the catalogue, a profile, a plan each own one. Start with ARENA_INIT.
 * All functions return memory that lives until arena_release; out of memory aborts.
 */
#ifndef ARENA_H
#define ARENA_H

#include "base/error.h"
#include <stddef.h>

struct arena {
	struct arena_block *blocks;
};

#define ARENA_INIT   \
	{            \
		NULL \
	}

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for anything */
char *arena_str(struct arena *a, const char *s); /* NULL stays NULL */
char *arena_strn(struct arena *a, const char *s, size_t len);
char *arena_fmt(struct arena *a, const char *fmt, ...) FORMAT(2, 3);
void arena_release(struct arena *a);

/* Like vec_push, for a vector that lives in the arena from its first element on: it needs no vec_release. */
#define vec_push_in(a, v, ...)                                                   \
	((v)->at = arena_room((a), (v)->at, (v)->n, &(v)->cap, sizeof *(v)->at), \
		(v)->at[(v)->n++] = (__VA_ARGS__))
void *arena_room(struct arena *a, void *at, size_t n, size_t *cap, size_t size);

#endif
