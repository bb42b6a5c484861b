/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens, closes and reads the terminal. */
#include "screen/terminal.h"

#include "base/text.h"
#include "screen/signals.h"
#include "shared/keys.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* Terminals compatible with xterm; servers often lack their own entries. */
static const char *const like_xterm[] = {"xterm", "alacritty", "foot", "st", "ghostty", "kitty",
	"wezterm", "rxvt", "tmux", "screen"};

static bool is_like_xterm(const char *name)
{
	for (size_t i = 0; i < sizeof like_xterm / sizeof *like_xterm; i++) {
		if (!strncmp(name, like_xterm[i], strlen(like_xterm[i])))
			return true;
	}
	return false;
}

static const char *capability(const char *name)
{
	const char *s = tigetstr(name);

	return s && s != (const char *)-1 ? s : NULL; /* NOLINT: terminfo's "not a string" */
}

/* The first terminal type that this machine knows and whose cursor can be placed; NULL if there is none. */
static const char *choose_type(const char *wanted)
{
	const char *candidates[] = {
		wanted, is_like_xterm(wanted) ? "xterm-256color" : NULL, "vt100", "ansi", "linux"};
	int problem;

	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
		if (!candidates[i] || setupterm(candidates[i], STDOUT_FILENO, &problem) != OK)
			continue;
		if (capability("cup"))
			return candidates[i];
		if (!i)
			return NULL;
	}
	return NULL;
}

static void init_roles(struct terminal *t, bool color)
{
	static const short pairs[] = {0, COLOR_GREEN, COLOR_RED, COLOR_YELLOW};

	t->attributes[ROLE_TITLE] = A_BOLD;
	t->attributes[ROLE_FOCUS] = A_REVERSE;
	t->attributes[ROLE_BAD] = A_BOLD;
	t->attributes[ROLE_WARN] = A_BOLD;
	if (!color || start_color() != OK)
		return;
	use_default_colors();
	for (short i = 1; i < 4; i++)
		init_pair(i, pairs[i], -1);
	t->attributes[ROLE_GOOD] = (unsigned)COLOR_PAIR(1);
	t->attributes[ROLE_BAD] = (unsigned)(COLOR_PAIR(2) | A_BOLD);
	t->attributes[ROLE_WARN] = (unsigned)COLOR_PAIR(3);
	t->attributes[ROLE_DIM] = A_DIM;
}

static bool wants_color(enum screen_color choice)
{
	const char *no = getenv("NO_COLOR");

	if (choice != SCREEN_COLOR_AUTO)
		return choice == SCREEN_COLOR_ALWAYS;
	return !no || !*no;
}

/* Collects the bytes that undo what the screen does to the terminal, for when curses can no longer be used. */
static void collect_restore(const struct terminal *t, bool paste, struct text *out)
{
	static const char *const names[] = {"sgr0", "rmkx", "rmcup", "cnorm"};

	if (t->mouse)
		text_str(out, MOUSE_OFF);
	if (paste)
		text_str(out, PASTE_OFF);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *s = capability(names[i]);

		/* Padding ("$<2>") is for terminals of the seventies and would be printed. */
		for (; s && *s; s++) {
			if (s[0] == '$' && s[1] == '<')
				s += strcspn(s, ">");
			else
				text_char(out, *s);
		}
	}
}

/* Bypasses curses and stdio, whose buffers would delay it. */
static void say(const char *bytes)
{
	if (write(STDOUT_FILENO, bytes, strlen(bytes)) < 0)
		return;
}

/* Terminals send the arrows in two forms; keys typed before our first frame, or after a program in between changed the mode,
 * arrive in the other form. */
static void know_both_arrows(void)
{
	static const struct {
		char final;
		int code;
	} keys[] = {{'A', KEY_UP}, {'B', KEY_DOWN}, {'C', KEY_RIGHT}, {'D', KEY_LEFT},
		{'H', KEY_HOME}, {'F', KEY_END}};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char normal[] = {'\033', '[', keys[i].final, '\0'};
		const char application[] = {'\033', 'O', keys[i].final, '\0'};

		define_key(normal, keys[i].code);
		define_key(application, keys[i].code);
	}
}

static void set_modes(struct terminal *t, bool paste)
{
	raw();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	know_both_arrows();
	if (!getenv("ESCDELAY"))
		set_escdelay(25);
	if (t->mouse)
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	if (paste) {
		define_key("\033[200~", KEY_MAX + 1);
		define_key("\033[201~", KEY_MAX + 2);
		say(PASTE_ON);
	}
}

bool terminal_open(struct terminal *t, const struct screen_start *start, struct error *err)
{
	const char *wanted = getenv("TERM"), *type;
	struct text restore = TEXT_INIT;
	bool paste, ok;

	*t = (struct terminal){.pushed = UI_NONE, .mouse = start->mouse, .cut = TEXT_INIT};
	setlocale(LC_CTYPE, "");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !wanted || !*wanted)
		return false;
	type = choose_type(wanted);
	if (!type)
		return false;
	t->utf8 = !start->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (strcmp(type, wanted))
		t->notice =
			"This machine does not know your terminal type; a common one is used instead.";
	/* The terminal itself reports its size; these two may be left over from another terminal. */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	paste = is_like_xterm(type);
	collect_restore(t, paste, &restore);
	ok = signals_open(restore.s, restore.len, err);
	text_release(&restore);
	/* newterm creates its own; ours was only for the query. */
	del_curterm(cur_term);
	t->screen = ok ? newterm(type, stdout, stdin) : NULL;
	if (!t->screen) {
		signals_close();
		return false;
	}
	init_roles(t, wants_color(start->color) && tigetnum("colors") >= 8);
	set_modes(t, paste);
	terminal_size(t);
	return true;
}

/* Some terminals save the cursor's visibility with the other screen: set it again after switching back. */
static void show_cursor(void)
{
	const char *normal = capability("cnorm");

	if (normal && !strchr(normal, '$'))
		say(normal);
}

void terminal_close(struct terminal *t)
{
	text_release(&t->cut);
	if (!t->screen)
		return;
	if (is_like_xterm(termname()))
		say(PASTE_OFF);
	curs_set(1);
	endwin();
	show_cursor();
	delscreen(t->screen);
	t->screen = NULL;
	signals_close();
}

void terminal_size(struct terminal *t)
{
	struct winsize size = {0};

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, t->rows, t->cols);
}

void terminal_anew(struct terminal *t)
{
	(void)t;
	clearok(curscr, TRUE);
}

void terminal_suspend(struct terminal *t)
{
	curs_set(1);
	endwin();
	show_cursor();
	signals_stop_self();
	reset_prog_mode();
	terminal_size(t);
	clearok(curscr, TRUE);
	refresh();
}

bool terminal_writable(const struct terminal *t)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};

	(void)t;
	return poll(&p, 1, 0) == 1 && p.revents & POLLOUT;
}

static int mouse_key(void)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return UI_NONE;
	if (event.bstate & BUTTON4_PRESSED)
		return UI_WHEEL_UP;
	return event.bstate & BUTTON5_PRESSED ? UI_WHEEL_DOWN : UI_CLICK;
}

static int from_curses(wint_t code)
{
	static const struct {
		wint_t code;
		int key;
	} map[] = {
		{KEY_UP, UI_UP},
		{KEY_DOWN, UI_DOWN},
		{KEY_LEFT, UI_LEFT},
		{KEY_RIGHT, UI_RIGHT},
		{KEY_PPAGE, UI_PAGE_UP},
		{KEY_NPAGE, UI_PAGE_DOWN},
		{KEY_HOME, UI_HOME},
		{KEY_END, UI_END},
		{KEY_BACKSPACE, UI_BACKSPACE},
		{KEY_DC, UI_DELETE},
		{KEY_BTAB, UI_BACKTAB},
		{KEY_ENTER, KEY_ENTER_CODE},
		{KEY_MAX + 1, UI_PASTE_BEGIN},
		{KEY_MAX + 2, UI_PASTE_END},
	};

	for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
		if (map[i].code == code)
			return map[i].key;
	}
	if (code > KEY_F0 && code <= KEY_F0 + 12)
		return UI_F1 + (int)(code - KEY_F0 - 1);
	return code == KEY_MOUSE ? mouse_key() : UI_NONE;
}

static int read_byte(void)
{
	int c = wgetch(stdscr);

	return c == ERR || c > 0xff ? UI_NONE : c;
}

static int read_key(const struct terminal *t)
{
	wint_t c;
	int what;

	if (t->plain)
		return read_byte();
	what = wget_wch(stdscr, &c);
	if (what == ERR)
		return UI_NONE;
	if (what != KEY_CODE_YES)
		return c == 0x7f ? UI_BACKSPACE : (int)c;
	return from_curses(c);
}

/* Keys that curses has no name for, and its note of a resize, give UI_NONE: keep reading until the input is empty. */
int terminal_key(struct terminal *t)
{
	int key = t->pushed;

	t->pushed = UI_NONE;
	while (key == UI_NONE) {
		struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};

		key = read_key(t);
		if (key == UI_NONE && poll(&p, 1, 0) != 1)
			break;
		if (key == UI_NONE && p.revents & (POLLHUP | POLLERR))
			break;
	}
	return key;
}

bool terminal_has_key(struct terminal *t)
{
	if (t->pushed == UI_NONE)
		t->pushed = terminal_key(t);
	return t->pushed != UI_NONE;
}

void terminal_plain_keys(struct terminal *t, bool on)
{
	t->plain = on;
	keypad(stdscr, !on);
}
