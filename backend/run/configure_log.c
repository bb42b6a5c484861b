/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks the lines of a config.log. */
#include "run/configure_log.h"

#include <stdbool.h>
#include <string.h>

#include "base/banned.h"

/* "configure:3543: WORD" */
static bool is_mark(const char *line, size_t len, const char *word)
{
	static const char name[] = "configure:";
	size_t n = sizeof name - 1;

	if (len < n || memcmp(line, name, n) != 0)
		return false;
	while (n < len && line[n] >= '0' && line[n] <= '9')
		n++;
	return len - n > strlen(word) && memcmp(line + n, word, strlen(word)) == 0;
}

/* Of the line at `text`, which may be the last one and have no end. */
static size_t line_of(const char *text, size_t len, size_t *whole)
{
	const char *end = memchr(text, '\n', len);
	size_t line = end ? (size_t)(end - text) : len;

	*whole = line + (end != NULL);
	return line;
}

const char *configure_log_question(const char *log, size_t len, size_t *part_len)
{
	const char *part = NULL;
	size_t whole;

	*part_len = 0;
	for (size_t at = 0; at < len; at += whole) {
		size_t line = line_of(log + at, len - at, &whole);

		if (part && is_mark(log + at, line, ": error:")) {
			*part_len = (size_t)(log + at - part);
			return part;
		}
		if (is_mark(log + at, line, ": checking "))
			part = log + at + line;
	}
	return NULL;
}

const char *configure_log_answer(const char *part, size_t len, size_t *line_len)
{
	size_t whole;

	for (size_t at = 0; at < len; at += whole) {
		*line_len = line_of(part + at, len - at, &whole);
		if (*line_len && !is_mark(part + at, *line_len, ":") && part[at] != '|')
			return part + at;
	}
	*line_len = 0;
	return NULL;
}

const char *configure_log_last(const char *log, size_t len, const char *mark, size_t *part_len)
{
	const char *part = NULL;
	size_t whole;

	*part_len = 0;
	for (size_t at = 0; at < len; at += whole) {
		size_t line = line_of(log + at, len - at, &whole);

		if (memmem(log + at, line, mark, strlen(mark))) {
			part = log + at + whole;
			*part_len = len - at - whole;
		}
	}
	return part;
}
