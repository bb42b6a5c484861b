/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A conversation with the guest's shell over the serial line, held like a person holds it: see a prompt, type, read.
 *
 * What a command printed is recognised by two marks that the shell itself must produce: they carry the run's random word and a
 * count, and what is typed is not what is printed (quotation marks are left out by the shell), so neither the echo of the typing
 * nor anything prepared in a profile or a log can pass for an answer.
 */
#ifndef TALK_H
#define TALK_H

#include "base/text.h"

enum { TALK_OUTPUT = 64 * 1024 };

struct talk {
	char word[17];	/* random, hex */
	unsigned count; /* of marks handed out */
	unsigned first; /* count of the first question that may still be answered by a slow shell */
	struct text typing; /* bytes that still have to be sent */
	struct text output; /* lines of the answer, each with a newline; cut at TALK_OUTPUT */
	int status;	    /* exit status of the command */
	bool asked;	    /* an answer is awaited */
	bool answering;	    /* the first mark was seen */
	bool answered;
};

void talk_init(struct talk *t, const char *word);
void talk_release(struct talk *t);

/* Types `command` so that its output and status can be told apart. Several may be asked before the first answer only with
 * talk_again: whichever is answered first counts. */
void talk_ask(struct talk *t, const char *command);
void talk_again(struct talk *t, const char *command);

/* Types bytes as they are: Enter, a login name, Ctrl-C. */
void talk_type(struct talk *t, const char *bytes);

/* One line of the guest's output (console.h's talk); true when it completed the answer. */
bool talk_line(struct talk *t, const char *line, size_t len);

#endif
