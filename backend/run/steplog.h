/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log file of one step: a head (actions, folder, environment), exactly what the step printed, and a foot (result and
 * seconds); head and foot are lines that begin with "# ". The file is bounded: of endless output the beginning and the last 256
 * KiB are kept. It also counts lines whose first word says that one object is done ("CC", "LD").
 */
#ifndef STEPLOG_H
#define STEPLOG_H

#include "plan/step.h"

#define STEPLOG_LIMIT ((uint64_t)64 * 1024 * 1024)
#define STEPLOG_TAIL  ((size_t)256 * 1024)

struct steplog {
	int fd;
	const struct strings *count;
	uint64_t limit, written, dropped;
	struct text tail; /* the newest output beyond the limit */
	char word[32];	  /* of the current line: its beginning ... */
	size_t word_len;
	bool counted;	/* ... and whether that word was already checked */
	bool ends_line; /* the last byte written was a newline */
	uint64_t objects;
};

CHECKED bool steplog_open(
	struct steplog *l, const char *path, const struct step *s, struct error *err);
void steplog_take(struct steplog *l, const char *bytes, size_t len);
void steplog_close(struct steplog *l, const char *result, double seconds);

/* A verb and its words on one line, as a person would type them. */
void steplog_words(struct text *out, const struct action *a);

#endif
