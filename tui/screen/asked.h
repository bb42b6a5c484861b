/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question that takes a while to answer, such as what this machine has: a child process finds out and writes what it found into
 * a pipe, so that no frame waits for it.
 */
#ifndef ASKED_H
#define ASKED_H

#include "base/text.h"
#include <stdbool.h>

struct app;

struct asked {
	int fd; /* -1: nothing is being found out */
	int pid;
	struct text said; /* so far */
};
#define ASKED_INIT                          \
	{                                   \
		.fd = -1, .said = TEXT_INIT \
	}

/* Runs in the child. */
typedef void asked_find(const struct app *app, struct text *out);

/* A question that is still open is dropped, and what it said. */
void asked_start(struct asked *a, const struct app *app, asked_find *find);
bool asked_read(struct asked *a); /* when the pipe has something; false: that was all */
void asked_end(struct asked *a);  /* ends the child if it is still running; what it said stays */
void asked_release(struct asked *a);

#endif
