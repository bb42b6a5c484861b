/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of every screen as one table. What a key does, the row of keys at the bottom, the help screen and the manual all come
 * from it; a key that is not in the table does nothing. No curses here: terminal.c translates the terminal's bytes into the codes
 * below.
 */
#ifndef KEYS_H
#define KEYS_H

#include "base/text.h"

/* Characters are their code point, control characters their byte; keys that are no character follow after the last code point. */
#define CTRL(c) ((c)&0x1f)
enum ui_key {
	UI_FIRST = 0x110000,
	UI_UP = UI_FIRST,
	UI_DOWN,
	UI_LEFT,
	UI_RIGHT,
	UI_PAGE_UP,
	UI_PAGE_DOWN,
	UI_HOME,
	UI_END,
	UI_BACKSPACE,
	UI_DELETE,
	UI_BACKTAB,
	UI_F1, /* UI_F1 + n is F(n+1), up to F12 */
	UI_F12 = UI_F1 + 11,
	UI_PASTE_BEGIN,
	UI_PASTE_END,
	UI_WHEEL_UP,
	UI_WHEEL_DOWN,
	UI_CLICK,
	UI_DIGIT, /* in the table: any of 1 to 9 */
	UI_NONE,
};

#define KEY_ENTER_CODE '\r'
#define KEY_ESC_CODE   27

enum keys_view {
	KEYS_START = 1 << 0,
	KEYS_WIZARD = 1 << 1,
	KEYS_REVIEW = 1 << 2,
	KEYS_TREE = 1 << 3,
	KEYS_SEARCH = 1 << 4,
	KEYS_HITS = 1 << 5,
	KEYS_WHY = 1 << 6,
	KEYS_PROFILES = 1 << 7,
	KEYS_BUILD = 1 << 8,
	KEYS_FAILURE = 1 << 9,
	KEYS_BOOT = 1 << 10,
	KEYS_GUEST = 1 << 11,
	KEYS_PAGER = 1 << 12,
	KEYS_HELP = 1 << 13,
	KEYS_ASK = 1 << 14,
	KEYS_FIELD = 1 << 15,
	KEYS_GRID = 1 << 16,
	KEYS_DEVICES = 1 << 17,
	KEYS_PACKAGES = 1 << 18,
};

enum key_action {
	ACT_NONE,
	ACT_UP,
	ACT_DOWN,
	ACT_PAGE_UP,
	ACT_PAGE_DOWN,
	ACT_FIRST,
	ACT_LAST,
	ACT_LEFT,
	ACT_RIGHT,
	ACT_ENTER,
	ACT_SPACE,
	ACT_YES,
	ACT_NO,
	ACT_BACK,
	ACT_QUIT,
	ACT_HELP,
	ACT_WHOLE,
	ACT_TAB,
	ACT_DIGIT,
	ACT_SEARCH,
	ACT_NEXT,
	ACT_PREVIOUS,
	ACT_WHY,
	ACT_ALL,
	ACT_PANE,
	ACT_INFO,
	ACT_UNDO,
	ACT_REDO,
	ACT_RESET,
	ACT_CHANGES,
	ACT_SAVE,
	ACT_BUILD,
	ACT_BOOT,
	ACT_PROFILES,
	ACT_EDIT,
	ACT_SKIP,
	ACT_NEW,
	ACT_COPY,
	ACT_RENAME,
	ACT_DELETE,
	ACT_DIFF,
	ACT_LOG,
	ACT_FOLLOW,
	ACT_CANCEL,
	ACT_RETRY,
	ACT_NOTES,
	ACT_GUEST,
	ACT_ZOOM,
	ACT_SIZE,
	ACT_OFF,
	ACT_LITERAL,
	ACT_GRID,
	ACT_WRITE,
	ACT_COUNT,
};

struct key_row {
	unsigned views; /* the screens it works on */
	int key;
	enum key_action action;
	const char *cap;  /* "Up" */
	const char *hint; /* for the row of keys: "Up/Down Move"; NULL: not shown there */
	const char *
		help; /* for the help screen; NULL: another key for the same action, listed beside it */
};

/* What a key does on a screen; ACT_NONE if nothing. */
enum key_action keys_find(enum keys_view view, int key);

/* A set of actions. */
#define KEYS_SET(action) (1ULL << (action))
_Static_assert(ACT_COUNT <= 64, "a set of actions has a bit for each");

/*
 * The row of keys for a width: help first, then as many as fit; in a narrow window only the key names. Actions of the set `idle`
 * are left out: what would only be refused now is not offered.
 */
void keys_hints(enum keys_view view, unsigned long long idle, int cols, struct text *out);

/* One line per action of a screen, "Up, k       the row above". */
void keys_help(enum keys_view view, struct text *out);

/* All screens with their names, for the help screen, the manual and tests: false after the last. */
bool keys_view_at(size_t i, enum keys_view *view, const char **name);

/* The name of a screen: "option tree". */
const char *keys_view_name(enum keys_view view);

#endif
