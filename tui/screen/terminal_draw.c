/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws frames: text in roles, rules, boxes and bars (terminal.h). */
#include "screen/terminal.h"

#include "base/printable.h"
#include "base/text.h"
#include "shared/guest.h"
#include "shared/width.h"

#include <curses.h>
#include <string.h>

void terminal_begin(struct terminal *t)
{
	erase();
	text_clear(&t->cut);
	t->cursor_y = t->rows - 1;
	t->cursor_x = 0;
	t->cursor_shown = false;
}

void terminal_end(struct terminal *t)
{
	attrset(A_NORMAL);
	curs_set(t->cursor_shown);
	move(t->cursor_y, t->cursor_x);
	wnoutrefresh(stdscr);
	doupdate();
}

/* What an ASCII terminal shows for the few other characters in our own texts. */
static char ascii_for(uint32_t c)
{
	if (c >= ' ' && c < 0x7f)
		return (char)c;
	switch (c) {
	case 0x2018:
	case 0x2019:
		return '\'';
	case 0x201c:
	case 0x201d:
		return '"';
	case 0x2010:
	case 0x2011:
	case 0x2013:
	case 0x2014:
		return '-';
	case 0xa0:
		return ' ';
	}
	return '?';
}

static void put_char(const struct terminal *t, uint32_t c)
{
	wchar_t w[2] = {(wchar_t)c, 0};

	if (!t->utf8)
		addch((unsigned char)ascii_for(c));
	else if (c < ' ' || (c >= 0x7f && c < 0xa0))
		addnwstr(L"?", 1);
	else
		addnwstr(w, 1);
}

static void put_bytes(const struct terminal *t, const char *s, size_t len)
{
	const char *end = s + len;
	uint32_t c;

	while (s < end) {
		s += width_next(s, &c);
		/* On an ASCII screen a combining mark has no cell of its own. */
		if (t->utf8 || width_of_char(c) > 0)
			put_char(t, c);
	}
}

static bool visible(const struct terminal *t, struct rect r, int y, int x)
{
	return y >= 0 && y < r.rows && x >= 0 && x < r.cols && r.y + y < t->rows &&
	       r.x + x < t->cols;
}

/* A text's first line may have stood by itself before the text was drawn: then the text says it. */
static void drop_beginning(struct text *cut, const char *of)
{
	size_t at = cut->len ? cut->len - 1 : 0;

	while (at > 0 && cut->s[at - 1] != '\n')
		at--;
	if (cut->len && strncmp(cut->s + at, of, cut->len - 1 - at) == 0) {
		cut->len = at;
		cut->s[at] = '\0';
	}
}

/* A row that is drawn twice, or a log full of long lines, is not kept twice or without end. */
void terminal_cut(struct terminal *t, const char *s)
{
	if (t->cut.len > 64 * 1024 || strstr(t->cut.s, s))
		return;
	drop_beginning(&t->cut, s);
	printable_lines(&t->cut, s, strlen(s));
	if (t->cut.len && t->cut.s[t->cut.len - 1] != '\n')
		text_char(&t->cut, '\n');
}

int put(struct terminal *t, struct rect r, int y, int x, enum role role, const char *s)
{
	int room = r.cols - x, used;
	size_t fit;

	if (r.x + r.cols > t->cols)
		room = t->cols - r.x - x;
	if (!visible(t, r, y, x) || room <= 0)
		return 0;
	attrset((int)t->attributes[role]);
	move(r.y + y, r.x + x);
	fit = width_fit(s, room, &used);
	if (!s[fit] || room < 3) {
		put_bytes(t, s, fit);
		return used;
	}
	terminal_cut(t, s);
	fit = width_fit(s, room - 2, &used);
	put_bytes(t, s, fit);
	addnstr("..", 2);
	return used + 2;
}

int put_fmt(struct terminal *t, struct rect r, int y, int x, enum role role, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return put(t, r, y, x, role, line);
}

void put_right(struct terminal *t, struct rect r, int y, enum role role, const char *s)
{
	int w = width_of(s);

	put(t, r, y, w < r.cols ? r.cols - w : 0, role, s);
}

void put_cell(struct terminal *t, struct rect r, int y, int x, const char *s, unsigned style)
{
	attr_t attributes = A_NORMAL;

	if (!visible(t, r, y, x))
		return;
	attributes |= style & GUEST_BOLD ? A_BOLD : 0;
	attributes |= style & GUEST_UNDERLINE ? A_UNDERLINE : 0;
	attributes |= style & GUEST_REVERSE ? A_REVERSE : 0;
	attrset((int)attributes);
	move(r.y + y, r.x + x);
	put_bytes(t, s, strlen(s));
}

int put_wrapped(struct terminal *t, struct rect r, int y, enum role role, const char *s)
{
	struct text clean = TEXT_INIT;
	char line[1024];
	size_t next;

	printable_lines(&clean, s, strlen(s));
	s = clean.s;
	while (*s && y < r.rows) {
		size_t len = width_wrap(s, r.cols, &next);
		bool cut = y + 1 == r.rows && s[next];

		if (cut)
			len = width_wrap(s, r.cols - 3, &next);
		snprintf(line, sizeof line, "%.*s%s", (int)len, s, cut ? " .." : "");
		put(t, r, y++, 0, role, line);
		s += next;
	}
	if (*s)
		terminal_cut(t, clean.s);
	text_release(&clean);
	return y;
}

void put_cursor(struct terminal *t, struct rect r, int y, int x, bool shown)
{
	if (!visible(t, r, y, x))
		return;
	t->cursor_y = r.y + y;
	t->cursor_x = r.x + x;
	t->cursor_shown = shown;
}

void put_focus(struct terminal *t, struct rect r, int y)
{
	if (!visible(t, r, y, 0))
		return;
	mvchgat(r.y + y, r.x, r.cols, t->attributes[ROLE_FOCUS], 0, NULL);
	put_cursor(t, r, y, 0, false);
}

static const char *line_glyph(const struct terminal *t, bool vertical)
{
	if (t->utf8)
		return vertical ? "\u2502" : "\u2500";
	return vertical ? "|" : "-";
}

void put_rule(struct terminal *t, struct rect r, const char *label)
{
	bool vertical = r.rows > r.cols;
	const char *glyph = line_glyph(t, vertical);

	for (int y = 0; y < r.rows; y++) {
		for (int x = 0; x < r.cols; x++)
			put(t, r, y, x, ROLE_DIM, glyph);
	}
	if (label && *label && r.cols > 8 && r.rows == 1) {
		int w = put_fmt(
			t, (struct rect){r.y, r.x, 1, r.cols - 3}, 0, 2, ROLE_TITLE, " %s", label);

		put(t, r, 0, 2 + w, ROLE_TEXT, " ");
	}
}

static void put_corners(struct terminal *t, struct rect r)
{
	static const char *const round[] = {"\u250c", "\u2510", "\u2514", "\u2518"};

	for (int i = 0; i < 4; i++)
		put(t, r, i < 2 ? 0 : r.rows - 1, i % 2 ? r.cols - 1 : 0, ROLE_DIM,
			t->utf8 ? round[i] : "+");
}

void put_box(struct terminal *t, struct rect r, const char *title)
{
	for (int y = 0; y < r.rows; y++) {
		for (int x = 0; x < r.cols; x++)
			put(t, r, y, x, ROLE_TEXT, " ");
	}
	put_rule(t, (struct rect){r.y, r.x, 1, r.cols}, title);
	put_rule(t, (struct rect){r.y + r.rows - 1, r.x, 1, r.cols}, NULL);
	for (int y = 1; y < r.rows - 1; y++) {
		put(t, r, y, 0, ROLE_DIM, line_glyph(t, true));
		put(t, r, y, r.cols - 1, ROLE_DIM, line_glyph(t, true));
	}
	put_corners(t, r);
}

void put_bar(struct terminal *t, struct rect r, int y, int x, int cols, double part)
{
	int full;

	if (cols < 3)
		return;
	part = part < 0 ? 0 : part > 1 ? 1 : part;
	full = (int)(part * (cols - 2));
	put(t, r, y, x, ROLE_TEXT, "[");
	for (int i = 0; i < cols - 2; i++) {
		if (t->utf8)
			put(t, r, y, x + 1 + i, ROLE_TEXT, i < full ? "\u2588" : "\u00b7");
		else
			put(t, r, y, x + 1 + i, ROLE_TEXT, i < full ? "#" : ".");
	}
	put(t, r, y, x + cols - 1, ROLE_TEXT, "]");
}
