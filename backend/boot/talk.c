/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the guest's shell questions and finds the answers. */
#include "boot/talk.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void talk_init(struct talk *t, const char *word)
{
	*t = (struct talk){.typing = TEXT_INIT, .output = TEXT_INIT};
	snprintf(t->word, sizeof t->word, "%s", word);
}

void talk_release(struct talk *t)
{
	text_release(&t->typing);
	text_release(&t->output);
}

void talk_type(struct talk *t, const char *bytes)
{
	text_str(&t->typing, bytes);
}

void talk_again(struct talk *t, const char *command)
{
	t->count++;
	t->asked = true;
	text_fmt(&t->typing, "echo b\"s\"-%s-%u-begin; %s; echo b\"s\"-%s-%u-end-$?\n", t->word,
		t->count, command, t->word, t->count);
}

void talk_ask(struct talk *t, const char *command)
{
	t->first = t->count + 1;
	t->answering = false;
	t->answered = false;
	text_clear(&t->output);
	talk_again(t, command);
}

/* Finds a mark "bs-WORD-COUNT-" of an open question; returns the position after it. */
static const char *find_mark(const struct talk *t, const char *line, const char **start)
{
	char mark[32];
	const char *at;
	char *end;
	unsigned long count;

	snprintf(mark, sizeof mark, "bs-%s-", t->word);
	for (at = strstr(line, mark); at; at = strstr(at + 1, mark)) {
		count = strtoul(at + strlen(mark), &end, 10);
		if (*end != '-' || count < t->first || count > t->count)
			continue;
		*start = at;
		return end + 1;
	}
	return NULL;
}

static void keep(struct talk *t, const char *s, size_t len)
{
	if (!len || t->output.len + len + 1 > TALK_OUTPUT)
		return;
	text_add(&t->output, s, len);
	text_char(&t->output, '\n');
}

bool talk_line(struct talk *t, const char *line, size_t len)
{
	const char *start = NULL, *mark;

	if (!t->asked)
		return false;
	mark = find_mark(t, line, &start);
	if (mark && strncmp(mark, "begin", 5) == 0) {
		t->answering = true;
		text_clear(&t->output);
		return false;
	}
	if (mark && strncmp(mark, "end-", 4) == 0 && t->answering) {
		keep(t, line, (size_t)(start - line));
		t->status = (int)strtol(mark + 4, NULL, 10);
		t->asked = t->answering = false;
		t->answered = true;
		return true;
	}
	if (t->answering)
		keep(t, line, len);
	return false;
}
