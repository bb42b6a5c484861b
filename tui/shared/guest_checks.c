/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A state machine over the guest's bytes (guest_checks.h). The marks are those of backend/boot/talk.c. */
#include "shared/guest_checks.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* What a shell says to the command below, at most. */
enum { SIZE_LINES = 4 };

/* As typed; what echo prints of it has no quotes. */
static const char first[] = "echo b\"s\"-";
static const char second[] = "-end-";

static void hidden(struct guest_checks *g, char c, struct text *out)
{
	g->lines += c == '\n';
	if (g->last) {
		if (c != '\n')
			return;
		/* The prompt that comes next takes the place of the one before. */
		text_str(out, "\r\033[K");
		*g = (struct guest_checks){0};
	} else if (!second[g->ends]) {
		/* The echo of the command has no number there. */
		g->last = isdigit((unsigned char)c);
		g->ends = 0;
	} else {
		g->ends = c == second[g->ends] ? g->ends + 1 : c == second[0];
	}
}

static void shown(struct guest_checks *g, char c, struct text *out)
{
	if (c != first[g->at]) {
		guest_checks_flush(g, out);
		if (c != first[0]) {
			text_char(out, c);
			return;
		}
	}
	g->at++;
	if (!first[g->at])
		*g = (struct guest_checks){.inside = true};
}

void guest_checks(struct guest_checks *g, const char *bytes, size_t len, struct text *out)
{
	for (size_t i = 0; i < len; i++) {
		if (g->inside)
			hidden(g, bytes[i], out);
		else
			shown(g, bytes[i], out);
	}
}

void guest_checks_flush(struct guest_checks *g, struct text *out)
{
	text_add(out, first, g->at);
	g->at = 0;
	if (g->lines > SIZE_LINES)
		*g = (struct guest_checks){0};
}

void guest_checks_size(int rows, int cols, struct text *out)
{
	text_fmt(out, "%ssize-begin; stty rows %d cols %d; %ssize-end-$?\n", first, rows, cols,
		first);
}
