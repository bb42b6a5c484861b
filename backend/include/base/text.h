/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string. `s` is never NULL and always NUL-terminated (len does not count the NUL); start with TEXT_INIT, end with
 * text_release, which leaves it usable again. Running out of memory aborts the program.
 */
#ifndef TEXT_H
#define TEXT_H

#include "base/error.h"
#include <stddef.h>

struct text {
	char *s;
	size_t len, cap;
};

extern char text_empty[1];
#define TEXT_INIT               \
	{                       \
		.s = text_empty \
	}

void text_add(struct text *t, const void *bytes, size_t len);
void text_str(struct text *t, const char *s);
void text_char(struct text *t, char c);
void text_fmt(struct text *t, const char *fmt, ...) FORMAT(2, 3);
void text_clear(struct text *t); /* keeps the memory */
void text_release(struct text *t);
char *text_detach(
	struct text *t); /* returns the string, which the caller frees; t is empty afterwards */

/* Opens a file for reading; -1 with an error for what is not there or is no file: a pipe would be waited for, a device has no
 * end. */
int file_open(const char *path, struct error *err);

/* Reads a whole file, at most `limit` bytes; a longer file is an error. */
CHECKED bool text_read_file(struct text *t, const char *path, size_t limit, struct error *err);

/* Allocates heap memory or aborts; release it with free(). */
void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
