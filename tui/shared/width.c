/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes, measures and wraps UTF-8 text. */
#include "shared/width.h"

#include <string.h>
#include <wchar.h>

#define REPLACEMENT 0xfffd

static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

size_t width_next(const char *s, uint32_t *c)
{
	static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = sequence_length((unsigned char)*s);
	uint32_t v;

	*c = REPLACEMENT;
	if (!n)
		return 1;
	v = (unsigned char)*s & masks[n];
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 1;
		v = v << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 1;
	*c = v;
	return n;
}

size_t width_encode(char out[5], uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(leads[n] | c);
	out[n] = '\0';
	return n;
}

int width_of_char(uint32_t c)
{
	int w = wcwidth((wchar_t)c);

	return w < 0 ? 1 : w;
}

int width_of(const char *s)
{
	int cols = 0;
	uint32_t c;

	while (*s) {
		s += width_next(s, &c);
		cols += width_of_char(c);
	}
	return cols;
}

size_t width_fit(const char *s, int cols, int *used)
{
	size_t at = 0;
	int sum = 0;
	uint32_t c;

	while (s[at]) {
		size_t n = width_next(s + at, &c);
		int w = width_of_char(c);

		if (sum + w > cols)
			break;
		sum += w;
		at += n;
	}
	if (used)
		*used = sum;
	return at;
}

size_t width_wrap(const char *s, int cols, size_t *next)
{
	size_t line = strcspn(s, "\n");
	size_t fit = width_fit(s, cols > 0 ? cols : 1, NULL);
	size_t cut;

	if (fit >= line) {
		*next = line + (s[line] == '\n');
		return line;
	}
	for (cut = fit; cut > 0 && s[cut] != ' '; cut--)
		;
	if (!cut) {
		uint32_t c;

		*next = fit ? fit : width_next(s, &c);
		return *next;
	}
	*next = cut + strspn(s + cut, " ");
	return cut;
}

int width_lines(const char *s, int cols)
{
	int n = 0;
	size_t next;

	for (; *s; s += next, n++)
		width_wrap(s, cols, &next);
	return n;
}
