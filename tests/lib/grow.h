/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a reader of foreign bytes take twice the time for twice the bytes? A file of the corpus is grown behind some of its
 * beginnings, by one byte again and again, by its last line, and by lines with a number in them that is always another, which no
 * comparison with all lines before survives. CPU time is measured, so the machine need not be quiet; still `make bench` does it,
 * not `make check`.
 */
#ifndef GROW_H
#define GROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False, with a line for each case on standard output, if some growth costs more than in proportion. */
bool grow_try(const char *name, const uint8_t *seed, size_t len);

#endif
