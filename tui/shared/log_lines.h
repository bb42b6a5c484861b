/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a text that may still grow, each made printable before it is stored: output of build programs or a guest can contain
 * anything. Of a very long log only the newest part is kept. No curses.
 */
#ifndef LOG_LINES_H
#define LOG_LINES_H

#include "base/text.h"

#include <stdint.h>

struct log_lines {
	char **at;
	size_t n, cap;
	struct text rest; /* an unfinished last line, raw */
	uint64_t offset;  /* of the file: read so far */
	uint64_t dropped; /* lines dropped from the start */
	size_t keep;	  /* maximum number of lines */
};

void log_lines_init(struct log_lines *l);
void log_lines_release(struct log_lines *l);
void log_lines_clear(struct log_lines *l); /* as if nothing had been read */

void log_lines_add(struct log_lines *l, const char *bytes, size_t len);
void log_lines_flush(struct log_lines *l); /* treats an unfinished last line as a line */
bool log_lines_grow(struct log_lines *l,
	const char *path); /* reads what was appended; true if there was something */

/* SIZE_MAX if it is not found. */
size_t log_lines_find(const struct log_lines *l, const char *raw_line);
size_t log_lines_skip(const char *line, int cols); /* bytes of the first `cols` columns */

#endif
