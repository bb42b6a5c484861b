/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of keys. To add a key, add a row; to make it do something, handle its action in the view's file. The row of keys
 * shows them in this order.
 */
#include "shared/keys.h"

#include "base/text.h"
#include "shared/width.h"

#include <string.h>

/* Screens whose focus moves over rows, and those whose text scrolls. */
#define ROWS                                                                                      \
	(KEYS_START | KEYS_WIZARD | KEYS_REVIEW | KEYS_TREE | KEYS_HITS | KEYS_WHY |              \
		KEYS_PROFILES | KEYS_BUILD | KEYS_FAILURE | KEYS_ASK | KEYS_GRID | KEYS_DEVICES | \
		KEYS_PACKAGES)
#define SCROLLS (KEYS_PAGER | KEYS_HELP)
#define TYPING	(KEYS_SEARCH | KEYS_FIELD)
#define ANY	(ROWS | SCROLLS | KEYS_BOOT)
#define EDITS	(KEYS_TREE | KEYS_HITS | KEYS_PACKAGES)

static const struct key_row rows[] = {
	{ANY, '?', ACT_HELP, "?", "? Help", "this help"},
	{TYPING, UI_F1, ACT_HELP, "F1", "F1 Help", "this help"},
	{ANY, UI_F1, ACT_HELP, "F1", NULL, NULL},

	{ROWS, UI_UP, ACT_UP, "Up", NULL, "the row above"},
	{ROWS, UI_DOWN, ACT_DOWN, "Down", NULL, "the row below"},
	{KEYS_START | KEYS_WIZARD | KEYS_REVIEW | KEYS_WHY | KEYS_FAILURE | KEYS_ASK, UI_UP, ACT_UP,
		"Up", "Up/Down Move", NULL},
	{SCROLLS, UI_UP, ACT_UP, "Up", "Up/Down Scroll", "one line up"},
	{SCROLLS, UI_DOWN, ACT_DOWN, "Down", NULL, "one line down"},

	{(ROWS & ~KEYS_ASK) | KEYS_BOOT, 'm', ACT_WHOLE, "m", NULL,
		"more: whole what is cut on this screen"},

	{KEYS_START, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Choose", "go there"},
	{KEYS_WIZARD, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Next",
		"take this answer, next question"},
	{KEYS_REVIEW, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Do it", "what the row says"},
	{KEYS_TREE, ' ', ACT_SPACE, "Space", "Space Set", "turn on or off, next value"},
	{KEYS_TREE, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Open",
		"open the group, choose or type the value"},
	{KEYS_PACKAGES, ' ', ACT_SPACE, "Space", "Space Choose",
		"choose it, or not any more; the next value of its option"},
	{KEYS_PACKAGES, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Open",
		"open the section, or all that is known of the package"},
	{KEYS_SEARCH, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Go there", "jump to the option"},
	{KEYS_HITS, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Go there", "jump to the option"},
	{KEYS_WHY, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Apply", "make exactly this change"},
	{KEYS_PROFILES, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Open", "work on this profile"},
	{KEYS_BUILD, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Full log",
		"the whole log of the step"},
	{KEYS_FAILURE, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter/1-9 Choose",
		"do what the row says"},
	{KEYS_BOOT, KEY_ENTER_CODE, ACT_GUEST, "Enter", "Enter Type to it",
		"keys go to the booted system"},
	{KEYS_BOOT, 'x', ACT_OFF, "x", "x Power off", "end the booted system"},
	{KEYS_DEVICES, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Write to it",
		"confirm this device, then write it"},
	{KEYS_DEVICES, 'r', ACT_RETRY, "r", "r Look again", "look for devices again"},
	{KEYS_ASK, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Choose", "take this answer"},
	{KEYS_FIELD, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Apply", "take the text"},
	{KEYS_WIZARD, ' ', ACT_SPACE, "Space", NULL, "mark this answer and stay"},
	{KEYS_ASK | KEYS_REVIEW | KEYS_START, ' ', ACT_ENTER, "Space", NULL, NULL},

	{KEYS_START | KEYS_FAILURE | KEYS_HITS | KEYS_WHY | KEYS_ASK, UI_DIGIT, ACT_DIGIT, "1-9",
		NULL, "the row with that number"},
	{KEYS_SEARCH, UI_UP, ACT_UP, "Up", "Up/Down Move", "the hit above"},
	{KEYS_SEARCH, UI_DOWN, ACT_DOWN, "Down", NULL, "the hit below"},
	{KEYS_SEARCH, UI_PAGE_UP, ACT_PAGE_UP, "PgUp", NULL, "a page up"},
	{KEYS_SEARCH, UI_PAGE_DOWN, ACT_PAGE_DOWN, "PgDn", NULL, "a page down"},
	{KEYS_SEARCH, '\t', ACT_TAB, "Tab", "Tab To the list",
		"into the list of hits, where 1-9 and Space work"},
	{KEYS_HITS, '\t', ACT_TAB, "Tab", "Tab To the text", "back to the search text"},
	{KEYS_HITS, ' ', ACT_SPACE, "Space", "Space Set", "turn on or off, next value"},

	{EDITS, 'y', ACT_YES, "y", NULL, "turn on, take this value"},
	{EDITS, 'n', ACT_NO, "n", NULL, "turn off"},
	{KEYS_TREE, '/', ACT_SEARCH, "/", "/ Find", "find an option by name, title, help or value"},
	{KEYS_PACKAGES, '/', ACT_SEARCH, "/", "/ Find",
		"find packages by name, by what they do or are good as"},
	{KEYS_PAGER, '/', ACT_SEARCH, "/", "/ Find", "find text"},
	{KEYS_PAGER, 'n', ACT_NEXT, "n", "n Next", "the next place where the text is found"},
	{KEYS_PAGER, 'N', ACT_PREVIOUS, "N", NULL, "the place before"},
	{KEYS_PAGER, 'e', ACT_EDIT, "e", "e Error", "the first error line"},
	{KEYS_TREE | KEYS_HITS, 'w', ACT_WHY, "w", "w Why",
		"what this option needs and what would make it available"},
	{KEYS_TREE, 'a', ACT_ALL, "a", "a All", "show or hide options that are not available"},
	{KEYS_TREE | KEYS_PACKAGES, 's', ACT_SAVE, "s", "s Save", "save the profile"},
	{KEYS_TREE | KEYS_PACKAGES, 'b', ACT_BUILD, "b", "b Build", "build what is chosen now"},
	{EDITS, 'u', ACT_UNDO, "u", NULL, "undo the last change"},
	{EDITS, CTRL('r'), ACT_REDO, "Ctrl-R", NULL, "redo what was undone"},
	{KEYS_TREE, 'r', ACT_RESET, "r", NULL, "back to the default"},
	{KEYS_TREE, 'v', ACT_CHANGES, "v", NULL, "list the unsaved changes"},
	{KEYS_TREE, 'p', ACT_PROFILES, "p", NULL, "the list of profiles"},
	{KEYS_TREE, 'f', ACT_PANE, "f", NULL, "show or hide the help pane"},
	{KEYS_TREE, ']', ACT_NEXT, "]", NULL, "the next changed row"},
	{KEYS_TREE, '[', ACT_PREVIOUS, "[", NULL, "the changed row before"},

	{KEYS_WIZARD, 's', ACT_SKIP, "s", "s Skip to review",
		"take the defaults of the remaining questions"},
	{KEYS_REVIEW, 's', ACT_SAVE, "s", "s Save only", "save the profile without building"},
	{KEYS_REVIEW, 'e', ACT_EDIT, "e", "e All options", "open the option tree"},

	{KEYS_PROFILES, 'n', ACT_NEW, "n", "n New", "a new profile with all defaults"},
	{KEYS_PROFILES, 'c', ACT_COPY, "c", "c Copy", "copy it under another name"},
	{KEYS_PROFILES, 'r', ACT_RENAME, "r", "r Rename", "give it another name"},
	{KEYS_PROFILES, 'x', ACT_DELETE, "x", "x Delete", "delete it, after asking"},
	{KEYS_PROFILES, UI_DELETE, ACT_DELETE, "Del", NULL, NULL},
	{KEYS_PROFILES, 'd', ACT_DIFF, "d", "d Diff", "compare it with the profile that is open"},
	{KEYS_PROFILES, 'b', ACT_BUILD, "b", NULL, "open it and build it"},

	{KEYS_BUILD, 'f', ACT_FOLLOW, "f", "f Follow", "follow the step that is busiest"},
	{KEYS_BUILD, 'n', ACT_NOTES, "n", "n Notes", "what was chosen and why"},
	{KEYS_BUILD, 'c', ACT_CANCEL, "c", "c Cancel", "end the build, after asking"},
	{KEYS_BUILD, 'b', ACT_BOOT, "b", "b Boot", "boot the system when the build is done"},
	{KEYS_BUILD, 'w', ACT_WRITE, "w", "w Write",
		"write what was built to a stick, after asking"},
	{KEYS_BUILD, 'e', ACT_EDIT, "e", NULL, "why it failed, when it did"},
	{KEYS_FAILURE, 'n', ACT_NEXT, "n", NULL, "the next failed step"},
	{KEYS_FAILURE, 'l', ACT_LOG, "l", "l Log", "the full log"},
	{KEYS_FAILURE | KEYS_BOOT, 'r', ACT_RETRY, "r", "r Retry", "once more"},
	{KEYS_FAILURE | KEYS_BOOT, 'e', ACT_EDIT, "e", "e Edit options", "open the option tree"},
	{KEYS_BOOT, 'l', ACT_LOG, "l", "l Log", "the whole serial log"},
	{KEYS_BOOT, 'z', ACT_ZOOM, "z", "z Zoom", "the console alone, as large as the window"},
	{KEYS_BOOT, 'g', ACT_GRID, "g", "g Grid",
		"boot by every firmware from every medium, one after the other"},
	{KEYS_GRID, KEY_ENTER_CODE, ACT_ENTER, "Enter", "Enter Log",
		"what the guest of this row said"},
	{KEYS_GRID, 'c', ACT_CANCEL, "c", "c Cancel", "end the grid"},
	{KEYS_GRID, 'r', ACT_RETRY, "r", "r Again", "the whole grid once more"},
	{KEYS_GRID, 'b', ACT_BOOT, "b", "b Boot", "one boot that you can type to"},
	{KEYS_BOOT, 'i', ACT_GUEST, "i", NULL, NULL},

	{KEYS_GUEST, '?', ACT_HELP, "?", "? Help", "this help"},
	{KEYS_GUEST, 'u', ACT_BACK, "u", "u Back",
		"keys work on the screen again, the system goes on"},
	{KEYS_GUEST, 'z', ACT_ZOOM, "z", "z Zoom", "the console alone, as large as the window"},
	{KEYS_GUEST, 's', ACT_SIZE, "s", "s Size",
		"tell the size of the console to the shell of the system, by stty"},
	{KEYS_GUEST, 'x', ACT_OFF, "x", "x Off", "end the booted system"},
	{KEYS_GUEST, 'r', ACT_RETRY, "r", "r Boot again", "end it and boot once more"},
	{KEYS_GUEST, ']', ACT_LITERAL, "]", "] Send ^]", "send a Ctrl-] to the system"},
	{KEYS_GUEST, CTRL(']'), ACT_LITERAL, "Ctrl-]", NULL, NULL},
	{KEYS_GUEST, 'q', ACT_BACK, "q", NULL, NULL},
	{KEYS_GUEST, KEY_ESC_CODE, ACT_INFO, "Esc", NULL, "back to typing"},

	{ROWS, 'k', ACT_UP, "k", NULL, NULL},
	{ROWS, 'j', ACT_DOWN, "j", NULL, NULL},
	{SCROLLS, 'k', ACT_UP, "k", NULL, NULL},
	{SCROLLS, 'j', ACT_DOWN, "j", NULL, NULL},
	{ROWS | SCROLLS, UI_WHEEL_UP, ACT_UP, "wheel", NULL, NULL},
	{ROWS | SCROLLS, UI_WHEEL_DOWN, ACT_DOWN, "wheel", NULL, NULL},
	{KEYS_BOOT, UI_PAGE_UP, ACT_LOG, "PgUp", NULL, NULL},
	{KEYS_BOOT, UI_UP, ACT_LOG, "Up", NULL, NULL},
	{ROWS | SCROLLS, UI_PAGE_UP, ACT_PAGE_UP, "PgUp", NULL, "a page up"},
	{ROWS | SCROLLS, UI_PAGE_DOWN, ACT_PAGE_DOWN, "PgDn", NULL, "a page down"},
	{ROWS | SCROLLS, CTRL('b'), ACT_PAGE_UP, "Ctrl-B", NULL, NULL},
	{ROWS | SCROLLS, CTRL('f'), ACT_PAGE_DOWN, "Ctrl-F", NULL, NULL},
	{ROWS | SCROLLS, CTRL('u'), ACT_PAGE_UP, "Ctrl-U", NULL, NULL},
	{ROWS | SCROLLS, CTRL('d'), ACT_PAGE_DOWN, "Ctrl-D", NULL, NULL},
	{ROWS | SCROLLS, UI_HOME, ACT_FIRST, "Home", NULL, "the first row"},
	{ROWS | SCROLLS, UI_END, ACT_LAST, "End", NULL, "the last row"},
	{ROWS | SCROLLS, 'g', ACT_FIRST, "g", NULL, NULL},
	{ROWS | SCROLLS, 'G', ACT_LAST, "G", NULL, NULL},
	{KEYS_PAGER, ' ', ACT_PAGE_DOWN, "Space", NULL, NULL},
	{KEYS_HELP, ' ', ACT_PAGE_DOWN, "Space", NULL, NULL},
	{KEYS_PAGER, UI_LEFT, ACT_LEFT, "Left", NULL, "scroll to the left"},
	{KEYS_PAGER, UI_RIGHT, ACT_RIGHT, "Right", NULL, "scroll to the right"},
	{KEYS_PAGER, 'h', ACT_LEFT, "h", NULL, NULL},
	{KEYS_PAGER, 'l', ACT_RIGHT, "l", NULL, NULL},

	{KEYS_START | KEYS_TREE | KEYS_PROFILES | KEYS_REVIEW | KEYS_PACKAGES, UI_RIGHT, ACT_RIGHT,
		"Right", NULL, "open the row"},
	{KEYS_START | KEYS_TREE | KEYS_PROFILES | KEYS_REVIEW | KEYS_PACKAGES, 'l', ACT_RIGHT, "l",
		NULL, NULL},
	{KEYS_WIZARD, UI_RIGHT, ACT_RIGHT, "Right", NULL, "next question, answers as they are"},
	{ROWS & ~KEYS_START, UI_LEFT, ACT_LEFT, "Left", NULL, "back"},
	{ROWS & ~KEYS_START, 'h', ACT_LEFT, "h", NULL, NULL},
	{ROWS & ~KEYS_START, UI_BACKSPACE, ACT_LEFT, "Backspace", NULL, NULL},

	{KEYS_WIZARD | KEYS_REVIEW | KEYS_PROFILES | KEYS_FAILURE | KEYS_BOOT | KEYS_GRID |
			KEYS_PAGER | KEYS_HELP | KEYS_ASK | KEYS_FIELD | KEYS_SEARCH | KEYS_WHY |
			KEYS_HITS | KEYS_DEVICES | KEYS_PACKAGES,
		KEY_ESC_CODE, ACT_BACK, "Esc", "Esc Back", "back, nothing is lost"},
	{KEYS_TREE | KEYS_BUILD | KEYS_START, KEY_ESC_CODE, ACT_BACK, "Esc", NULL,
		"back, nothing is lost"},
	{TYPING | KEYS_ASK, CTRL('c'), ACT_BACK, "Ctrl-C", NULL, NULL},
	{ANY & ~KEYS_ASK, 'q', ACT_QUIT, "q", "q Quit", "leave; asks when something would be lost"},
	{ANY & ~KEYS_ASK, CTRL('c'), ACT_QUIT, "Ctrl-C", NULL, NULL},
};

#define N_ROWS (sizeof rows / sizeof *rows)

static const struct {
	enum keys_view view;
	const char *name;
} views[] = {
	{KEYS_START, "start"},
	{KEYS_WIZARD, "guided setup"},
	{KEYS_REVIEW, "review"},
	{KEYS_TREE, "option tree"},
	{KEYS_SEARCH, "search"},
	{KEYS_HITS, "search results"},
	{KEYS_WHY, "why"},
	{KEYS_PROFILES, "profiles"},
	{KEYS_BUILD, "build"},
	{KEYS_FAILURE, "failure"},
	{KEYS_BOOT, "boot"},
	{KEYS_GRID, "test grid"},
	{KEYS_GUEST, "booted system, after Ctrl-]"},
	{KEYS_PAGER, "log"},
	{KEYS_HELP, "help"},
	{KEYS_ASK, "question"},
	{KEYS_FIELD, "text field"},
	{KEYS_DEVICES, "devices"},
	{KEYS_PACKAGES, "packages"},
};

bool keys_view_at(size_t i, enum keys_view *view, const char **name)
{
	if (i >= sizeof views / sizeof *views)
		return false;
	*view = views[i].view;
	*name = views[i].name;
	return true;
}

const char *keys_view_name(enum keys_view view)
{
	for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
		if (views[i].view & view)
			return views[i].name;
	}
	return "";
}

static bool row_matches(const struct key_row *r, enum keys_view view, int key)
{
	if (!(r->views & view))
		return false;
	return r->key == key || (r->key == UI_DIGIT && key >= '1' && key <= '9');
}

enum key_action keys_find(enum keys_view view, int key)
{
	if (key == '\n')
		key = KEY_ENTER_CODE;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (row_matches(&rows[i], view, key))
			return rows[i].action;
	}
	return ACT_NONE;
}

/* The part of a hint before its first blank: "Up/Down" of "Up/Down Move". */
static int cap_length(const char *hint)
{
	return (int)strcspn(hint, " ");
}

static bool is_offered(const struct key_row *row, enum keys_view view, unsigned long long idle)
{
	return row->views & view && row->hint && !(idle & KEYS_SET(row->action));
}

static int hints_width(enum keys_view view, unsigned long long idle)
{
	int cols = 0;

	for (size_t i = 0; i < N_ROWS; i++) {
		if (is_offered(&rows[i], view, idle))
			cols += width_of(rows[i].hint) + 2;
	}
	return cols;
}

void keys_hints(enum keys_view view, unsigned long long idle, int cols, struct text *out)
{
	int all = hints_width(view, idle);
	bool brief = all > cols && (cols < 60 || all > cols + cols / 2);
	int used = 0;

	for (size_t i = 0; i < N_ROWS; i++) {
		const char *hint = rows[i].hint;
		int w;

		if (!is_offered(&rows[i], view, idle))
			continue;
		w = brief && used ? cap_length(hint) : width_of(hint);
		if (used + w + 2 > cols)
			continue;
		text_fmt(out, "%s%.*s", used ? "  " : " ", w, hint);
		used += w + (used ? 2 : 1);
	}
}

static bool is_first_of_action(enum keys_view view, size_t row)
{
	for (size_t i = 0; i < row; i++) {
		if (rows[i].views & view && rows[i].action == rows[row].action)
			return false;
	}
	return true;
}

static void help_line(enum keys_view view, enum key_action action, struct text *out)
{
	const char *help = "";
	struct text caps = TEXT_INIT;

	for (size_t i = 0; i < N_ROWS; i++) {
		const struct key_row *r = &rows[i];

		if (!(r->views & view) || r->action != action)
			continue;
		if (r->help)
			help = r->help;
		if (!strcmp(r->cap, "wheel") ||
			(caps.len && strstr(caps.s, r->cap) == caps.s && !caps.s[strlen(r->cap)]))
			continue;
		text_fmt(&caps, "%s%s", caps.len ? ", " : "", r->cap);
	}
	text_fmt(out, "%-22s %s\n", caps.s, help);
	text_release(&caps);
}

void keys_help(enum keys_view view, struct text *out)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].views & view && is_first_of_action(view, i))
			help_line(view, rows[i].action, out);
	}
	text_str(out, "Ctrl-L                 draw the screen anew\n"
		      "Ctrl-Z                 back to the shell for a while; fg returns\n");
}
