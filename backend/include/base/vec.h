/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A typed growing array: `VEC(int) v = {0}; vec_push(&v, 3); v.at[0]; v.n; vec_release(&v);`
 * Name the struct when it crosses a function boundary: two anonymous structs are two types.
 *
 * A vector lives on the heap (vec_push, vec_release) or in an arena (vec_push_in, see arena.h, no release), never in both. Which
 * one is seen at its capacity, even on the heap and odd in an arena: taking one for the other aborts at once.
 */
#ifndef VEC_H
#define VEC_H

#include <stddef.h>

#define VEC(T)                 \
	struct {               \
		T *at;         \
		size_t n, cap; \
	}

void *vec_room(void *at, size_t n, size_t *cap, size_t size); /* room for one more, or abort */
void vec_drop(void *at, size_t cap);

#define vec_push(v, ...)                                                  \
	((v)->at = vec_room((v)->at, (v)->n, &(v)->cap, sizeof *(v)->at), \
		(v)->at[(v)->n++] = (__VA_ARGS__))
#define vec_release(v) (vec_drop((v)->at, (v)->cap), (v)->at = NULL, (v)->n = 0, (v)->cap = 0)

/* The most common one. Each user documents who owns the strings. */
struct strings {
	const char **at;
	size_t n, cap;
};

#endif
