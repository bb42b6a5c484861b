/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits one line of text. */
#include "screen/input.h"

#include "base/text.h"
#include "shared/keys.h"
#include "shared/width.h"

#include <string.h>

/* More than any value or file name needs; keeps a paste of megabytes from being re-measured with every key. */
#define LIMIT 4096

void input_set(struct input *in, const char *s)
{
	text_clear(&in->text);
	text_str(&in->text, s);
	in->at = in->text.len;
	in->marked = in->text.len > 0;
}

void input_release(struct input *in)
{
	if (in->text.cap)
		explicit_bzero(in->text.s, in->text.cap);
	text_release(&in->text);
	in->at = 0;
}

static size_t before(const struct input *in, size_t at)
{
	if (!at)
		return 0;
	for (at--; at > 0 && ((unsigned char)in->text.s[at] & 0xc0) == 0x80; at--)
		;
	return at;
}

static size_t after(const struct input *in, size_t at)
{
	uint32_t c;

	return at < in->text.len ? at + width_next(in->text.s + at, &c) : at;
}

static void cut(struct input *in, size_t from, size_t to)
{
	memmove(in->text.s + from, in->text.s + to, in->text.len - to + 1);
	in->text.len -= to - from;
	in->at = from;
}

static size_t word_before(const struct input *in)
{
	size_t at = in->at;

	while (at > 0 && in->text.s[at - 1] == ' ')
		at--;
	while (at > 0 && in->text.s[at - 1] != ' ')
		at--;
	return at;
}

static void insert(struct input *in, int key)
{
	char bytes[5];
	size_t n = width_encode(bytes, (uint32_t)key), tail;

	if (in->marked)
		cut(in, 0, in->text.len);
	tail = in->text.len - in->at;
	if (in->text.len + n > LIMIT)
		return;
	text_add(&in->text, bytes, n);
	memmove(in->text.s + in->at + n, in->text.s + in->at, tail);
	memcpy(in->text.s + in->at, bytes, n);
	in->at += n;
}

static bool edit(struct input *in, int key)
{
	switch (key) {
	case CTRL('a'):
	case UI_HOME:
		in->at = 0;
		return true;
	case CTRL('e'):
	case UI_END:
		in->at = in->text.len;
		return true;
	case CTRL('b'):
	case UI_LEFT:
		in->at = before(in, in->at);
		return true;
	case UI_RIGHT:
		in->at = after(in, in->at);
		return true;
	case CTRL('h'):
	case UI_BACKSPACE:
		cut(in, before(in, in->at), in->at);
		return true;
	case CTRL('d'):
	case UI_DELETE:
		cut(in, in->at, after(in, in->at));
		return true;
	case CTRL('u'):
		cut(in, 0, in->at);
		return true;
	case CTRL('k'):
		cut(in, in->at, in->text.len);
		return true;
	case CTRL('w'):
		cut(in, word_before(in), in->at);
		return true;
	}
	return false;
}

bool input_key(struct input *in, int key)
{
	bool known = edit(in, key);

	if (!known) {
		known = key >= ' ' && key != 0x7f && !(key >= 0x80 && key < 0xa0) && key < UI_FIRST;
		if (known)
			insert(in, key);
	}
	if (known)
		in->marked = false;
	return known;
}

size_t input_window(const struct input *in, int cols, int *cursor)
{
	size_t from = 0;
	int to_cursor = 0;
	uint32_t c;

	for (size_t at = 0; at < in->at;) {
		at += width_next(in->text.s + at, &c);
		to_cursor += width_of_char(c);
	}
	while (to_cursor >= cols && from < in->at) {
		from += width_next(in->text.s + from, &c);
		to_cursor -= width_of_char(c);
	}
	*cursor = to_cursor;
	return from;
}
