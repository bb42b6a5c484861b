/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grows typed arrays. */
#include "base/vec.h"

#include "base/text.h"

#include <stdlib.h>

void *vec_room(void *at, size_t n, size_t *cap, size_t size)
{
	if (*cap % 2)
		abort(); /* it lives in an arena */
	if (n < *cap)
		return at;
	*cap = *cap ? *cap * 2 : 8;
	if (*cap > (size_t)-1 / size)
		abort();
	return xrealloc(at, *cap * size);
}

void vec_drop(void *at, size_t cap)
{
	if (cap % 2)
		abort();
	free(at);
}
