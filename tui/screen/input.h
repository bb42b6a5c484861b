/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of text being typed: UTF-8, a cursor between characters, the editing keys of a shell. No drawing here. */
#ifndef INPUT_H
#define INPUT_H

#include "base/text.h"

struct input {
	struct text text;
	size_t at; /* byte offset of the cursor, always at the start of a character or at the end */
	bool marked; /* nothing was typed yet: the first character replaces the text, any other key edits it */
};

#define INPUT_INIT                \
	{                         \
		.text = TEXT_INIT \
	}

void input_set(struct input *in, const char *s); /* marked, cursor at the end */
void input_release(struct input *in); /* wipes the bytes first: it may have been a password */

/* Handles a key (keys.h): true if it was text or an editing key. Other control characters are never inserted. */
bool input_key(struct input *in, int key);

/* The part to show in `cols` columns: byte offset of the first character shown; `cursor` gets the cursor's column. */
size_t input_window(const struct input *in, int cols, int *cursor);

#endif
