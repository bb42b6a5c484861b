/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions of the guided setup, from the option table, and the command line that would do the same. No curses. */
#ifndef WIZARD_H
#define WIZARD_H

#include "shared/document.h"

#define WIZARD_MOST 6

struct questions {
	const struct option *at[WIZARD_MOST];
	size_t n;
};

/* The questions that apply to the present choices, in order; at most six. */
void wizard_questions(const struct document *d, struct questions *out);

/* "bootsmith new NAME --from BASE key=value ... && bootsmith boot NAME"; only the boot if nothing was changed. */
void wizard_command(const struct document *d, const char *name, struct text *out);

#endif
