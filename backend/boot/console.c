/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts the guest's output into lines. One pass over the bytes with a small state each for escape sequences (as ECMA-48 delimits
 * them) and for kernel time stamps, so that it does not matter how reads split the stream.
 */
#include "boot/console.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

void console_init(struct console *c, console_sink *on_line, console_sink *on_talk, void *ctx)
{
	*c = (struct console){.on_line = on_line,
		.on_talk = on_talk,
		.ctx = ctx,
		.line = TEXT_INIT,
		.talk = TEXT_INIT};
}

void console_release(struct console *c)
{
	text_release(&c->line);
	text_release(&c->talk);
}

static void deliver(struct console *c, struct text *t, console_sink *sink)
{
	if (t->len)
		sink(c->ctx, t->s, t->len);
	text_clear(t);
}

static void add(struct console *c, struct text *t, console_sink *sink, char byte)
{
	text_char(t, byte);
	if (t->len >= CONSOLE_LINE)
		deliver(c, t, sink);
}

static void add_talk(struct console *c, char byte)
{
	add(c, &c->talk, c->on_talk, byte);
}

/* Does stamp + byte still look like "[   12.345678]"? The closing bracket proves it. */
static bool fits_stamp(const struct console *c, char byte)
{
	const char *s = c->stamp, *dot = memchr(s, '.', c->stamp_len);
	size_t after = dot ? c->stamp_len - (size_t)(dot - s) - 1 : 0;

	if (c->stamp_len + 1 >= sizeof c->stamp)
		return false;
	if (c->stamp_len == 0)
		return byte == '[';
	if (dot)
		return after == 6 ? byte == ']' : isdigit((unsigned char)byte);
	if (isdigit((unsigned char)s[c->stamp_len - 1]))
		return byte == '.' || isdigit((unsigned char)byte);
	return byte == ' ' || isdigit((unsigned char)byte);
}

static void flush_stamp(struct console *c)
{
	for (size_t i = 0; i < c->stamp_len; i++)
		add_talk(c, c->stamp[i]);
	c->stamp_len = 0;
}

static void talk_byte(struct console *c, char byte)
{
	if (c->kernel)
		return;
	if (!fits_stamp(c, byte)) {
		flush_stamp(c);
		if (!fits_stamp(c, byte)) {
			add_talk(c, byte);
			return;
		}
	}
	c->stamp[c->stamp_len++] = byte;
	if (byte == ']') {
		c->stamp_len = 0;
		c->kernel = true;
	}
}

/* A carriage return alone ends a line too (programs that redraw a line); empty lines are dropped. */
static void end_of_line(struct console *c, char byte)
{
	deliver(c, &c->line, c->on_line);
	if (c->kernel) {
		c->kernel = byte != '\n';
		return;
	}
	flush_stamp(c);
	deliver(c, &c->talk, c->on_talk);
}

static void plain_byte(struct console *c, char byte)
{
	if (byte == '\r' || byte == '\n') {
		end_of_line(c, byte);
	} else if (byte == '\t' || (unsigned char)byte >= 0x20) {
		if (byte == 0x7f)
			return;
		add(c, &c->line, c->on_line, byte);
		talk_byte(c, byte);
	}
}

static enum console_escape after_escape(unsigned char byte)
{
	if (byte == '[')
		return ESCAPE_CSI;
	if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
		return ESCAPE_STRING;
	if (byte >= 0x20 && byte <= 0x2f)
		return ESCAPE_MIDDLE;
	return ESCAPE_NONE;
}

/* The state after one more byte of a sequence. A line end also ends the sequence, so that nothing can hide a whole log. */
static enum console_escape next_escape(enum console_escape state, unsigned char byte)
{
	if (byte == 0x1b)
		return state == ESCAPE_STRING ? ESCAPE_STRING_END : ESCAPE_START;
	if (byte == 0x18 || byte == 0x1a)
		return ESCAPE_NONE;
	switch (state) {
	case ESCAPE_START:
		return after_escape(byte);
	case ESCAPE_MIDDLE:
		return byte >= 0x20 && byte <= 0x2f ? ESCAPE_MIDDLE : ESCAPE_NONE;
	case ESCAPE_CSI:
		return byte >= 0x40 && byte <= 0x7e ? ESCAPE_NONE : ESCAPE_CSI;
	case ESCAPE_STRING:
		return byte == 0x07 ? ESCAPE_NONE : ESCAPE_STRING;
	case ESCAPE_STRING_END:
		return byte == '\\' ? ESCAPE_NONE : after_escape(byte);
	case ESCAPE_NONE:
		break;
	}
	return ESCAPE_NONE;
}

static void one_byte(struct console *c, char byte)
{
	if (c->escape == ESCAPE_NONE) {
		if (byte != 0x1b) {
			plain_byte(c, byte);
			return;
		}
		c->escape = ESCAPE_START;
		c->escape_len = 0;
		return;
	}
	if (byte == '\n' || byte == '\r') {
		c->escape = ESCAPE_NONE;
		plain_byte(c, byte);
		return;
	}
	c->escape = next_escape(c->escape, (unsigned char)byte);
	if (++c->escape_len > CONSOLE_ESCAPE)
		c->escape = ESCAPE_NONE;
}

/* How many bytes at once are text and fill neither line, so that nothing has to be delivered. */
static size_t run_of_text(const struct console *c, const char *s, size_t len)
{
	size_t used = c->talk.len + c->stamp_len, n = 0;

	used = c->line.len > used ? c->line.len : used;
	if (c->escape != ESCAPE_NONE || used + 1 >= CONSOLE_LINE)
		return 0;
	if (len > CONSOLE_LINE - 1 - used)
		len = CONSOLE_LINE - 1 - used;
	while (n < len && (unsigned char)s[n] >= 0x20 && s[n] != 0x7f)
		n++;
	return n;
}

/* Only a bracket can begin a time stamp. */
static void take_text(struct console *c, const char *s, size_t n)
{
	text_add(&c->line, s, n);
	while (n && !c->kernel) {
		const char *bracket = memchr(s, '[', n);
		size_t plain = c->stamp_len ? 0 : bracket ? (size_t)(bracket - s) : n;

		text_add(&c->talk, s, plain);
		s += plain;
		n -= plain;
		if (n) {
			talk_byte(c, *s++);
			n--;
		}
	}
}

void console_feed(struct console *c, const void *bytes, size_t len)
{
	const char *s = bytes, *end = s + len;

	c->bytes += len;
	while (s < end) {
		size_t n = run_of_text(c, s, (size_t)(end - s));

		if (n)
			take_text(c, s, n);
		else
			one_byte(c, *s);
		s += n ? n : 1;
	}
}

void console_end(struct console *c)
{
	flush_stamp(c);
	deliver(c, &c->line, c->on_line);
	deliver(c, &c->talk, c->on_talk);
}
