/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions over the terminal that the screen driver can wait for; if one does not hold, `why` says what is missing. look_until
 * waits for them, up to the deadline; nothing sleeps.
 */
#ifndef LOOK_H
#define LOOK_H

#include "window.h"
#include <stdio.h>

enum { WORDS = 32 };

struct drive {
	struct window t;
	bool running;
	int rows, cols;
	double deadline_s, started, escaped;
	const char *file;
	FILE *script;
	int line;
	char *word[WORDS]; /* of the line in hand, ended by NULL; word[0] is the command */
	int words;
	struct text expected; /* lines of an expect block */
	struct text keys;     /* sent so far, for the failure's report */
	char why[400];
};

typedef bool condition(struct drive *d);

double look_now(void);				   /* seconds, monotonic */
bool look_fault(struct drive *d, const char *why); /* always false */

/* Lets output in until the condition holds; looks once more after the deadline. */
bool look_until(struct drive *d, condition *holds);

/* Waits until output has come to rest: nothing for quiet_ms. */
void look_settle(struct drive *d, int quiet_ms);

/* What holds on every screen: the way to help is in the last row where there is room for it. */
condition look_frame;

/* Conditions over the words of the line in hand. */
condition look_has, look_lacks, look_row, look_cursor, look_reverse, look_expected;
condition look_ended, look_stopped, look_restored;

condition look_ready; /* keys can be sent, or the program has ended */

#endif
