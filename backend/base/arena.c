/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory handed out in slices of growing blocks and released as a whole. */
#include "base/arena.h"

#include "base/text.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->blocks;
	const size_t align = alignof(max_align_t);
	size_t room = (size + align - 1) / align * align;

	if (room < size)
		abort();
	if (!b || b->size - b->used < room) {
		size_t want = b ? b->size * 2 : FIRST_BLOCK;

		if (want > LARGEST_BLOCK)
			want = LARGEST_BLOCK;
		if (want < room)
			want = room;
		b = xmalloc(sizeof *b + want);
		b->next = a->blocks;
		b->used = 0;
		b->size = want;
		a->blocks = b;
	}
	b->used += room;
	return memset(b->bytes + b->used - room, 0, room);
}

char *arena_strn(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *arena_str(struct arena *a, const char *s)
{
	return s ? arena_strn(a, s, strlen(s)) : NULL;
}

char *arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	s = arena_alloc(a, (size_t)len + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return s;
}

/* What a vector has grown out of stays in the arena; as it doubles, that is less than the vector itself. */
void *arena_room(struct arena *a, void *at, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (*cap && *cap % 2 == 0)
		abort(); /* it lives on the heap */
	if (n < *cap)
		return at;
	*cap = *cap * 2 + 7; /* odd, see vec.h */
	if (*cap > (size_t)-1 / size)
		abort();
	more = arena_alloc(a, *cap * size);
	if (n)
		memcpy(more, at, n * size);
	return more;
}

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
}
