/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversation with the guest's shell over the serial line, as a person would have it: see a prompt, type, read.
 *
 * What a command printed is recognised by two marks that the shell itself must produce: they contain the run's random word and a
 * count, and what is typed differs from what is printed (the shell removes quotation marks), so neither the echo of the typing
 * nor anything prepared in a profile or a log can pass for an answer.
 */
#ifndef TALK_H
#define TALK_H

#include "base/text.h"

enum { TALK_OUTPUT = 64 * 1024 };

struct talk {
	char word[17];	    /* random, hex */
	unsigned count;	    /* number of marks so far */
	unsigned first;	    /* count of the first question that a slow shell may still answer */
	struct text typing; /* bytes still to send */
	struct text output; /* lines of the answer, each with a newline; cut at TALK_OUTPUT */
	int status;	    /* exit status of the command */
	bool asked;	    /* waiting for an answer */
	bool answering;	    /* the first mark was seen */
	bool answered;
};

void talk_init(struct talk *t, const char *word);
void talk_release(struct talk *t);

/* Types `command` so that its output and status can be recognised. Only talk_again may ask again before the first answer:
 * whichever is answered first counts. */
void talk_ask(struct talk *t, const char *command);
void talk_again(struct talk *t, const char *command);

/* Types bytes unchanged: Enter, a login name, Ctrl-C. */
void talk_type(struct talk *t, const char *bytes);

/* One line of the guest's output (console.h's talk); true when it completed the answer. */
bool talk_line(struct talk *t, const char *line, size_t len);

#endif
