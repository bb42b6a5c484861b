/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one filter between foreign bytes (build logs, serial output, file names, HTTP headers, profile text) and a terminal. The
 * output has no control characters and no escape sequences: sequences are dropped as ECMA-48 delimits them, other controls become
 * ^X, bytes that are not UTF-8 become U+FFFD, bidirectional and zero-width controls become <U+....>.
 */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include "base/text.h"

#include <stdbool.h>

/* Appends one line's worth of `bytes`; tabs become spaces up to the next multiple of 8. The newline must have been removed. */
void printable(struct text *out, const void *bytes, size_t len);

/* The same for text of several lines: \n is kept, \r before \n is dropped. */
void printable_lines(struct text *out, const void *bytes, size_t len);

/* Is all of it well-formed UTF-8? */
bool is_utf8(const char *s, size_t len);

#endif
