/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the table of layouts and computes one map. Keysyms: the kernel's include/uapi/linux/keyboard.h. */
#include "choice/keymap.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
	KEYS = 128,
	MODIFIERS = 256,
	MOST_ROWS = 8,
	/* keysyms: a type in the upper byte, or a character beyond Latin-1 with the bits of UNICODE inverted */
	HOLE = 0x200,
	DEAD = 0x400,
	META = 0x800,
	LETTER = 0xb00, /* CapsLock has an effect */
	UNICODE = 0xf000,
	LAST_LATIN = 0xff,
	LAST_CHARACTER = 0xffff,
};

/* The tables in the order of a [fixed] line; the numbers of modifiers are the kernel's bits: Shift 1, AltGr 2, Ctrl 4, Alt 8. */
enum level { PLAIN, SHIFT, ALTGR, SHIFT_ALTGR, CTRL, SHIFT_CTRL, ALT, CTRL_ALT, LEVELS };
static const unsigned char modifiers[LEVELS] = {0, 1, 2, 3, 4, 5, 8, 12};

struct row {
	const char *name;
	unsigned keys[KEYS];
	size_t n;
};

struct reader {
	struct arena arena;
	const char *layout;
	bool found;
	struct row rows[MOST_ROWS];
	size_t n_rows;
	uint16_t map[LEVELS][KEYS];
};

static bool number(const char *word, int base, unsigned limit, unsigned *out, struct error *err)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(word, &end, base);
	if (errno || end == word || *end || *word == '-' || n > limit)
		return error_set(
			err, ERROR_PROFILE, "'%.20s' is not a number up to %u", word, limit);
	*out = (unsigned)n;
	return true;
}

static bool take_row(struct reader *r, const struct conf_line *line, const struct strings *words,
	struct error *err)
{
	struct row *row = &r->rows[r->n_rows];

	if (r->n_rows == MOST_ROWS || words->n > KEYS)
		return error_set(err, ERROR_PROFILE, "there are at most %d rows of %d keys",
			MOST_ROWS, KEYS);
	row->name = line->key;
	for (row->n = 0; row->n < words->n; row->n++)
		if (!number(words->at[row->n], 10, KEYS - 1, &row->keys[row->n], err))
			return false;
	r->n_rows++;
	return true;
}

static bool take_fixed(struct reader *r, const struct strings *words, struct error *err)
{
	unsigned key, keysym;

	if (words->n != LEVELS + 1)
		return error_set(
			err, ERROR_PROFILE, "a fixed key has its number and %d keysyms", LEVELS);
	if (!number(words->at[0], 10, KEYS - 1, &key, err))
		return false;
	for (size_t i = 0; i < LEVELS; i++) {
		if (!number(words->at[i + 1], 16, UINT16_MAX, &keysym, err))
			return false;
		r->map[i][key] = (uint16_t)keysym;
	}
	return true;
}

/* The next character of text; conf has checked that it is well-formed UTF-8. */
static uint32_t character(const char **s)
{
	const unsigned char *at = (const unsigned char *)*s;
	uint32_t c = *at++;

	if (c >= 0xc0)
		c &= c < 0xe0 ? 0x1f : c < 0xf0 ? 0x0f : 0x07;
	while ((*at & 0xc0) == 0x80)
		c = c << 6 | (*at++ & 0x3f);
	*s = (const char *)at;
	return c;
}

/* One sign of a key's word: a character, or a backslash escape. */
static bool sign(const char **s, unsigned *keysym, struct error *err)
{
	static const char dead[] = "`'^~\","; /* in the kernel's order */
	uint32_t c = character(s);
	const char *accent;

	if (c == '\\' && **s != '\\') {
		accent = **s ? strchr(dead, **s) : NULL;
		if (!accent && **s != '-')
			return error_set(err, ERROR_PROFILE,
				"behind a backslash comes \\, - or one of %s", dead);
		*keysym = accent ? DEAD + (unsigned)(accent - dead) : HOLE;
		++*s;
		return true;
	}
	*s += c == '\\';
	if (c > LAST_CHARACTER)
		return error_set(err, ERROR_PROFILE,
			"the kernel's keyboards have no character beyond U+%X", LAST_CHARACTER);
	*keysym = c <= LAST_LATIN ? c : c ^ UNICODE;
	return true;
}

static bool is_small(unsigned c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7);
}

/* What Ctrl makes of a sign; HOLE: nothing. */
static unsigned control(unsigned c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '@' && c <= '_'))
		return c & 0x1f;
	return c == '?' ? 0x7f : HOLE;
}

/* Ctrl, Alt and CapsLock follow from a key's signs. */
static void derive(struct reader *r, unsigned key, const unsigned signs[static 4])
{
	unsigned with[LEVELS] = {signs[PLAIN], signs[SHIFT], signs[ALTGR], signs[SHIFT_ALTGR]};

	with[CTRL] = with[ALT] = with[CTRL_ALT] = HOLE;
	for (int i = PLAIN; i <= ALTGR && with[CTRL] == HOLE; i++)
		with[CTRL] = control(signs[i]);
	with[SHIFT_CTRL] = with[CTRL];
	if (signs[PLAIN] < 0x80)
		with[ALT] = META | signs[PLAIN];
	if (signs[PLAIN] >= 'a' && signs[PLAIN] <= 'z')
		with[CTRL_ALT] = META | with[CTRL];
	for (int i = PLAIN; i <= ALTGR; i += ALTGR) {
		if (is_small(with[i]) && with[i + 1] == with[i] - 0x20) {
			with[i] |= LETTER;
			with[i + 1] |= LETTER;
		}
	}
	for (int i = 0; i < LEVELS; i++)
		r->map[i][key] = (uint16_t)with[i];
}

/* Missing signs default to those without Shift, and with AltGr to those without it. */
static bool take_key(struct reader *r, unsigned key, const char *word, struct error *err)
{
	unsigned signs[4] = {HOLE};
	int n = 0;

	for (const char *s = word; *s; n++)
		if (n == 4)
			return error_set(
				err, ERROR_PROFILE, "'%.40s' is more than four signs", word);
		else if (!sign(&s, &signs[n], err))
			return error_in(err, "'%.40s'", word);
	if (n < 2)
		signs[SHIFT] = signs[PLAIN];
	if (n < 3)
		signs[ALTGR] = signs[PLAIN];
	if (n < 4)
		signs[SHIFT_ALTGR] = n == 3 ? signs[ALTGR] : signs[SHIFT];
	derive(r, key, signs);
	return true;
}

static bool take_keys(struct reader *r, const struct conf_line *line, const struct strings *words,
	struct error *err)
{
	const struct row *row = r->rows;
	const struct row *end = r->rows + r->n_rows;

	while (row < end && strcmp(row->name, line->key) != 0)
		row++;
	if (row == end)
		return error_set(err, ERROR_PROFILE, "[keys] has no row '%s'", line->key);
	if (words->n > row->n)
		return error_set(
			err, ERROR_PROFILE, "the row has %zu keys, not %zu", row->n, words->n);
	for (size_t i = 0; i < words->n; i++)
		if (!take_key(r, row->keys[i], words->at[i], err))
			return false;
	return true;
}

/* Words are separated by blanks; quotes and backslashes are ordinary signs. */
static void split(struct reader *r, const char *value, struct strings *words)
{
	for (const char *s = value + strspn(value, " \t\n"); *s; s += strspn(s, " \t\n")) {
		size_t len = strcspn(s, " \t\n");

		vec_push_in(&r->arena, words, arena_strn(&r->arena, s, len));
		s += len;
	}
}

static bool take_section(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reader *r = ctx;
	struct strings words = {0};
	bool mine = strcmp(line->kind, "layout") == 0 && strcmp(line->name, r->layout) == 0;
	bool ok = true;

	if (!conf_in(line, "[keys] [fixed] [layout NAME]", err))
		return false;
	if (!line->key) {
		r->found = r->found || mine;
		return true;
	}
	split(r, line->value, &words);
	if (strcmp(line->kind, "keys") == 0)
		ok = take_row(r, line, &words, err);
	else if (strcmp(line->kind, "fixed") == 0)
		ok = take_fixed(r, &words, err);
	else if (mine)
		ok = take_keys(r, line, &words, err);
	return ok;
}

static void print(const struct reader *r, struct text *out)
{
	char has[MODIFIERS] = {0};

	for (int i = 0; i < LEVELS; i++)
		has[modifiers[i]] = 1;
	text_str(out, "bkeymap");
	text_add(out, has, sizeof has);
	for (int i = 0; i < LEVELS; i++) {
		for (int key = 0; key < KEYS; key++) {
			unsigned keysym = r->map[i][key];
			char bytes[] = {(char)(keysym & 0xff), (char)(keysym >> 8)};

			text_add(out, bytes, sizeof bytes);
		}
	}
}

bool keymap_print(const char *path, const char *layout, struct text *out, struct error *err)
{
	struct reader r = {.arena = ARENA_INIT, .layout = layout};
	bool ok;

	for (int i = 0; i < LEVELS; i++)
		for (int key = 0; key < KEYS; key++)
			r.map[i][key] = HOLE;
	ok = conf_read(path, &r.arena, take_section, &r, err);
	if (ok && !r.found)
		ok = error_set(err, ERROR_PROFILE, "%s has no [layout %s]", path, layout);
	if (ok)
		print(&r, out);
	arena_release(&r.arena);
	return ok;
}
