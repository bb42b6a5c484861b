/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters foreign bytes before they reach a terminal. ECMA-48 (5th edition) defines where control sequences end. */
#include "base/printable.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/banned.h"

enum { TAB_STOP = 8, STRING_LIMIT = 4096 };

/* Length of a well-formed UTF-8 sequence at s (RFC 3629), 0 when it is not one. */
static size_t utf8(const unsigned char *s, size_t len, uint32_t *code)
{
	size_t more = s[0] < 0x80		    ? 0
		      : s[0] >= 0xc2 && s[0] < 0xe0 ? 1
		      : (s[0] & 0xf0) == 0xe0	    ? 2
						    : 3;
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

	if ((s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4 || more >= len)
		return 0;
	*code = more ? s[0] & (0x3fU >> more) : s[0];
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if (*code < least[more] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return more + 1;
}

bool is_utf8(const char *s, size_t len)
{
	uint32_t code;

	for (size_t n; len; s += n, len -= n) {
		n = utf8((const unsigned char *)s, len, &code);
		if (!n)
			return false;
	}
	return true;
}

/* Characters that reorder or hide text: the reader must see what is really there. */
static bool misleading(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || c == 0x61c || c == 0xad ||
	       (c >= 0xe0000 && c <= 0xe007f) || c == 0x2028 || c == 0x2029;
}

/* Length of what follows ESC [ : parameters, intermediates, one final byte. */
static size_t control_sequence(const unsigned char *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] >= 0x20 && s[i] <= 0x3f)
		i++;
	return i < len && s[i] >= 0x40 && s[i] <= 0x7e ? i + 1 : i;
}

/* Length of a control string including its terminator (BEL or ESC \); gives up on an unterminated one after STRING_LIMIT. */
static size_t control_string(const unsigned char *s, size_t len)
{
	size_t limit = len < STRING_LIMIT ? len : STRING_LIMIT;

	for (size_t i = 0; i < limit; i++) {
		if (s[i] == '\a')
			return i + 1;
		if (s[i] == 0x1b && i + 1 < len && s[i + 1] == '\\')
			return i + 2;
	}
	return limit;
}

static size_t escape(const unsigned char *s, size_t len)
{
	size_t i = 1;

	if (len < 2)
		return len;
	if (s[1] == '[')
		return 2 + control_sequence(s + 2, len - 2);
	if (memchr("]PX^_", s[1], 5))
		return 2 + control_string(s + 2, len - 2);
	while (i < len && s[i] >= 0x20 && s[i] <= 0x2f)
		i++;
	return i < len && s[i] >= 0x30 && s[i] <= 0x7e ? i + 1 : i;
}

static void plain(struct text *out, uint32_t code, const unsigned char *s, size_t len)
{
	if (misleading(code))
		text_fmt(out, "<U+%04X>", (unsigned)code);
	else if (code >= 0x80 && code < 0xa0)
		text_str(out,
			"\xef\xbf\xbd"); /* some terminals treat C1 controls as escape sequences */
	else
		text_add(out, s, len);
}

static void control(struct text *out, unsigned char c, size_t start)
{
	if (c == '\t') {
		do
			text_char(out, ' ');
		while ((out->len - start) % TAB_STOP);
	} else if (c != '\r' && c != '\0') {
		text_char(out, '^');
		text_char(out, (char)(c ^ 0x40));
	}
}

void printable(struct text *out, const void *bytes, size_t len)
{
	const unsigned char *s = bytes;
	size_t start = out->len;

	while (len) {
		uint32_t code;
		size_t n;

		if (s[0] == 0x1b) {
			n = escape(s, len);
		} else if (s[0] < 0x20 || s[0] == 0x7f) {
			control(out, s[0], start);
			n = 1;
		} else if ((n = utf8(s, len, &code))) {
			plain(out, code, s, n);
		} else {
			text_str(out, "\xef\xbf\xbd");
			n = 1;
		}
		s += n;
		len -= n;
	}
}

void printable_lines(struct text *out, const void *bytes, size_t len)
{
	const char *s = bytes;

	while (len) {
		const char *end = memchr(s, '\n', len);
		size_t n = end ? (size_t)(end - s) : len;
		struct text line = TEXT_INIT;

		printable(&line, s, n);
		text_add(out, line.s, line.len);
		text_release(&line);
		if (end) {
			text_char(out, '\n');
			n++;
		}
		s += n;
		len -= n;
	}
}
