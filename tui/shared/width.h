/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How wide text is on a terminal: UTF-8 in, columns out. Widths come from the C library's tables, never from byte counts. Bytes
 * that are not UTF-8 count as one column each (they are drawn as a replacement character).
 */
#ifndef WIDTH_H
#define WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* One character of a NUL-terminated string: its bytes (at least 1, never past the NUL) and its code point. */
size_t width_next(const char *s, uint32_t *c);
size_t width_encode(char out[5], uint32_t c);

int width_of_char(uint32_t c); /* 0 for combining characters, 1 or 2 */
int width_of(const char *s);

/* How many bytes of `s` fit into `cols` columns; `used` (may be NULL) gets their width. */
size_t width_fit(const char *s, int cols, int *used);

/* The first line of `s` wrapped at blanks to `cols` columns: its bytes, and in `next` where the following line starts. */
size_t width_wrap(const char *s, int cols, size_t *next);
int width_lines(const char *s, int cols); /* how many there are of them */

#endif
