/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drive FILE: plays a script of keys to the real program in a terminal and looks at what it shows; tests/screen/README.md has
 * the commands. After every command that moves the screen it must keep the promise that holds for all screens (look_frame).
 * On failure: the line, the screen, the last keys.
 */
#include "base/text.h"
#include "look.h"
#include "proc/proc.h"
#include "window.h"
#include <ctype.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 5000 };

struct named_key {
	const char *name;
	VTermKey key;
	VTermModifier mod;
	uint32_t c;
};

static const struct named_key named_keys[] = {
	{"Up", VTERM_KEY_UP, 0, 0},
	{"Down", VTERM_KEY_DOWN, 0, 0},
	{"Left", VTERM_KEY_LEFT, 0, 0},
	{"Right", VTERM_KEY_RIGHT, 0, 0},
	{"Enter", VTERM_KEY_ENTER, 0, 0},
	{"Esc", VTERM_KEY_ESCAPE, 0, 0},
	{"Tab", VTERM_KEY_TAB, 0, 0},
	{"BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT, 0},
	{"Backspace", VTERM_KEY_BACKSPACE, 0, 0},
	{"Delete", VTERM_KEY_DEL, 0, 0},
	{"Home", VTERM_KEY_HOME, 0, 0},
	{"End", VTERM_KEY_END, 0, 0},
	{"PgUp", VTERM_KEY_PAGEUP, 0, 0},
	{"PgDn", VTERM_KEY_PAGEDOWN, 0, 0},
	{"Space", 0, 0, ' '},
};

static bool press_named(struct drive *d, const char *name)
{
	for (size_t i = 0; i < sizeof named_keys / sizeof *named_keys; i++) {
		const struct named_key *k = &named_keys[i];

		if (strcmp(k->name, name) != 0)
			continue;
		if (k->c)
			window_char(&d->t, k->c, k->mod);
		else
			window_key(&d->t, k->key, k->mod);
		return true;
	}
	if (name[0] == 'F' && isdigit((unsigned char)name[1])) {
		window_key(&d->t, (VTermKey)VTERM_KEY_FUNCTION(atoi(name + 1)), 0);
		return true;
	}
	return false;
}

/* Waits until the program has drawn what the key did. A key that draws nothing is waited for a moment only; after a lone Esc the
 * moment is longer, for only the silence after it tells it from the start of a sequence. Two of them within a fifth of a second
 * are one, as people press it: the second is held back that long. */
static void press(struct drive *d, const char *name)
{
	bool lone = strcmp(name, "Esc") == 0;
	unsigned long seen;
	double end;

	while (lone && look_now() < d->escaped + 0.3)
		window_pump(&d->t, 20);
	if (lone)
		d->escaped = look_now();
	look_settle(d, 5);
	seen = d->t.idle_lines;
	end = look_now() + (lone ? 1.0 : 0.3);
	text_str(&d->keys, name);
	text_char(&d->keys, ' ');
	if (strncmp(name, "C-", 2) == 0 && name[2] && !name[3])
		window_char(&d->t, (uint32_t)(unsigned char)name[2], VTERM_MOD_CTRL);
	else if (!press_named(d, name))
		window_write(&d->t, name, strlen(name));
	while (d->t.idle_lines == seen && !d->t.ended && !d->t.stopped && look_now() < end)
		window_pump(&d->t, 20);
	look_settle(d, 5);
}

static const int sizes[][2] = {
	{24, 80}, {10, 40}, {5, 20}, {2, 10}, {1, 1}, {60, 200}, {30, 110}, {24, 80}};

/* soak SEED N: N random keys and now and then another size. Keys come in bursts, as from a cat on the keyboard. */
static bool soak_burst(struct drive *d, unsigned *seed)
{
	static const char plain[] =
		"jklhjk  /?qnycruvxwabefimops:;19[]ABCGS.-=_\x15\x0b\x01\x05\x12\x0c\t\n\r";

	for (int i = 0; i < 40; i++) {
		unsigned dice = (unsigned)rand_r(seed);
		size_t n = sizeof named_keys / sizeof *named_keys;

		if (dice % 3 == 0)
			press_named(d, named_keys[dice / 3 % n].name);
		else
			window_write(&d->t, &plain[dice / 3 % (sizeof plain - 1)], 1);
		window_pump(&d->t, 0);
	}
	if (rand_r(seed) % 8 == 0) {
		const int *size = sizes[(unsigned)rand_r(seed) % (sizeof sizes / sizeof *sizes)];

		window_resize(&d->t, size[0], size[1]);
	}
	look_settle(d, 5);
	return look_until(d, look_frame);
}

static bool start(struct drive *d)
{
	const char *argv[WORDS + 1] = {getenv("BOOTSMITH")};
	int n = 1;

	for (int i = 1; i < d->words; i++)
		argv[n++] = d->word[i];
	argv[n] = NULL;
	if (d->running)
		window_close(&d->t);
	d->started = look_now();
	d->running = argv[0] && window_start(&d->t, d->rows, d->cols, argv);
	return d->running || look_fault(d, "the program did not start");
}

static bool soak(struct drive *d)
{
	unsigned seed = (unsigned)atoi(d->word[1]);

	d->words = 1;
	for (long keys = atol(d->word[2]); keys > 0; keys -= 40) {
		if (d->t.ended && (d->t.status != 0 || !window_modes_restored(&d->t)))
			return look_fault(d, "the program ended badly under random keys");
		if (d->t.ended && !start(d))
			return false;
		if (!soak_burst(d, &seed))
			return false;
	}
	return true;
}

static bool do_keys(struct drive *d)
{
	if (!look_until(d, look_ready))
		return false;
	for (int i = 1; i < d->words; i++)
		press(d, d->word[i]);
	return true;
}

/* type ...: keys for a program that reads lines, which does not wait for each */
static bool do_type(struct drive *d)
{
	for (int i = 1; i < d->words; i++)
		press(d, d->word[i]);
	return true;
}

/* paste "text": all at once, as a terminal does */
static bool do_paste(struct drive *d)
{
	window_write(&d->t, d->word[1], strlen(d->word[1]));
	look_settle(d, 15);
	return true;
}

static bool do_size(struct drive *d)
{
	if (sscanf(d->word[1], "%dx%d", &d->cols, &d->rows) != 2)
		return look_fault(d, "a size is COLUMNSxROWS");
	if (d->running) {
		window_resize(&d->t, d->rows, d->cols);
		look_settle(d, 15);
	}
	return true;
}

static bool do_env(struct drive *d)
{
	for (int i = 1; i < d->words; i++) {
		char *value = strchr(d->word[i], '=');

		if (!value) {
			unsetenv(d->word[i]);
			continue;
		}
		*value = '\0';
		setenv(d->word[i], value + 1, 1);
	}
	return true;
}

static bool do_signal(struct drive *d)
{
	static const struct {
		const char *name;
		int number;
	} names[] = {{"TERM", SIGTERM}, {"INT", SIGINT}, {"HUP", SIGHUP}, {"SEGV", SIGSEGV},
		{"ABRT", SIGABRT}, {"BUS", SIGBUS}, {"FPE", SIGFPE}, {"ILL", SIGILL},
		{"QUIT", SIGQUIT}, {"KILL", SIGKILL}, {"STOP", SIGSTOP}, {"CONT", SIGCONT}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i].name, d->word[1]) == 0)
			return kill(d->t.program, names[i].number) == 0 ||
			       look_fault(d, "no such process");
	}
	return look_fault(d, "unknown signal");
}

static bool do_exit(struct drive *d)
{
	if (!look_until(d, look_ended))
		return false;
	look_settle(d, 15);
	if (d->t.status != atoi(d->word[1])) {
		snprintf(d->why, sizeof d->why, "exit status %d", d->t.status);
		return false;
	}
	return true;
}

static bool do_fg(struct drive *d)
{
	window_continue(&d->t);
	look_settle(d, 15);
	return true;
}

static bool do_close(struct drive *d)
{
	window_close(&d->t);
	d->running = false;
	return true;
}

/* sh "command": has to succeed; its output is shown when it does not */
static bool do_sh(struct drive *d)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		dup2(1, 2);
		execl("/bin/sh", "sh", "-euc", d->word[1], (char *)NULL);
		_exit(127);
	}
	return (waitpid(child, &status, 0) == child && status == 0) ||
	       look_fault(d, "the command failed");
}

static bool command_succeeds(struct drive *d)
{
	return do_sh(d);
}

static bool do_until_sh(struct drive *d)
{
	return look_until(d, command_succeeds);
}

static bool do_below(struct drive *d)
{
	unsigned long limit = strtoul(d->word[1], NULL, 0);

	for (size_t i = 0; i < d->t.bytes.len; i++) {
		if ((unsigned char)d->t.bytes.s[i] >= limit)
			return look_fault(d, "a larger byte was written to the terminal");
	}
	return true;
}

static bool do_no_escapes(struct drive *d)
{
	return !memchr(d->t.bytes.s, 0x1b, d->t.bytes.len) ||
	       look_fault(d, "an escape sequence was written");
}

static bool do_no_colour(struct drive *d)
{
	return !window_has_colour(&d->t) || look_fault(d, "something is shown in colour");
}

static bool do_has(struct drive *d)
{
	return look_until(d, look_has);
}

static bool do_lacks(struct drive *d)
{
	return look_until(d, look_lacks);
}

static bool do_row(struct drive *d)
{
	return look_until(d, look_row);
}

static bool do_cursor(struct drive *d)
{
	return look_until(d, look_cursor);
}

static bool do_reverse(struct drive *d)
{
	return look_until(d, look_reverse);
}

static bool do_stopped(struct drive *d)
{
	return look_until(d, look_stopped);
}

static bool do_restored(struct drive *d)
{
	return look_until(d, look_restored);
}

/* Prints how long ago the program was started: for figures, not for tests. */
static bool do_stamp(struct drive *d)
{
	printf("%.1f\n", (look_now() - d->started) * 1000);
	return true;
}

static bool do_deadline(struct drive *d)
{
	d->deadline_s = atof(d->word[1]);
	return true;
}

static bool do_expect(struct drive *d)
{
	char *line = NULL;
	size_t cap = 0;

	text_clear(&d->expected);
	while (getline(&line, &cap, d->script) > 0) {
		size_t len = strcspn(line, "\n");

		d->line++;
		while (len > 0 && line[len - 1] == ' ')
			len--;
		line[len] = '\0';
		if (strcmp(line, "end") == 0)
			break;
		text_str(&d->expected, line);
		text_char(&d->expected, '\n');
	}
	free(line);
	return look_until(d, look_expected);
}

static const struct command {
	const char *name;
	int least; /* words besides the name */
	bool (*perform)(struct drive *d);
	bool moves; /* the promises of every screen are looked at afterwards */
} commands[] = {
	{"size", 1, do_size, true},
	{"resize", 1, do_size, true},
	{"env", 1, do_env, false},
	{"deadline", 1, do_deadline, false},
	{"start", 0, start, false},
	{"stamp", 0, do_stamp, false},
	{"keys", 1, do_keys, true},
	{"type", 1, do_type, true},
	{"paste", 1, do_paste, true},
	{"soak", 2, soak, false},
	{"wait", 1, do_has, true},
	{"has", 1, do_has, true},
	{"lacks", 1, do_lacks, true},
	{"row", 3, do_row, true},
	{"cursor-on", 1, do_cursor, true},
	{"reverse", 1, do_reverse, true},
	{"expect", 0, do_expect, true},
	{"signal", 1, do_signal, false},
	{"stopped", 0, do_stopped, false},
	{"fg", 0, do_fg, true},
	{"close", 0, do_close, false},
	{"exit", 1, do_exit, false},
	{"restored", 0, do_restored, false},
	{"no-escapes", 0, do_no_escapes, false},
	{"no-color", 0, do_no_colour, false},
	{"bytes-below", 1, do_below, false},
	{"sh", 1, do_sh, false},
	{"until-sh", 1, do_until_sh, false},
};

/* Splits the line at blanks; "double quotes" keep them, and \\n, \\t, \\e and \\" mean what they mean elsewhere. */
static bool split(struct drive *d, char *line)
{
	char *to = line;

	d->words = 0;
	while (*line && *line != '#') {
		bool quoted = false;

		if (isspace((unsigned char)*line)) {
			line++;
			continue;
		}
		if (d->words == WORDS - 1)
			return look_fault(d, "too many words");
		d->word[d->words++] = to;
		while (*line && (quoted || !isspace((unsigned char)*line))) {
			if (*line == '"') {
				quoted = !quoted;
				line++;
			} else if (*line == '\\' && line[1]) {
				static const char from[] = "nte\"\\", means[] = "\n\t\033\"\\";
				const char *found = strchr(from, line[1]);

				*to++ = found ? means[found - from] : line[1];
				line += 2;
			} else {
				*to++ = *line++;
			}
		}
		if (*line)
			line++;
		*to++ = '\0';
	}
	d->word[d->words] = NULL;
	return true;
}

static bool perform(struct drive *d)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct command *c = &commands[i];

		if (strcmp(c->name, d->word[0]) != 0)
			continue;
		if (d->words - 1 < c->least)
			return look_fault(d, "a word is missing");
		if (!c->perform(d))
			return false;
		return !c->moves || !d->running || look_until(d, look_frame);
	}
	return look_fault(d, "unknown command");
}

static bool play(struct drive *d)
{
	char *line = NULL;
	size_t cap = 0;
	bool ok = true;

	while (ok && getline(&line, &cap, d->script) > 0) {
		d->line++;
		ok = split(d, line) && (d->words == 0 || perform(d));
	}
	free(line);
	return ok;
}

/* All that was written to the terminal, for a closer look. */
static void keep_bytes(const struct drive *d, const char *path)
{
	FILE *f = path ? fopen(path, "we") : NULL;

	if (!f)
		return;
	fwrite(d->t.bytes.s, 1, d->t.bytes.len, f);
	fclose(f);
}

static void report(struct drive *d)
{
	size_t skip = d->keys.len > 200 ? d->keys.len - 200 : 0;

	printf("%s:%d: %s\n", d->file, d->line, d->why);
	if (!d->running)
		return;
	keep_bytes(d, getenv("DRIVE_BYTES"));
	printf("keys: %s\n"
	       "size %dx%d, cursor %d,%d%s, alternate %d, stopped %d, ended %d status %d\n",
		d->keys.s + skip, d->t.cols, d->t.rows, d->t.cursor.row, d->t.cursor.col,
		d->t.cursor_visible ? "" : " (hidden)", d->t.alternate, d->t.stopped, d->t.ended,
		d->t.status);
	for (int row = 0; row < d->t.rows; row++) {
		struct text line = TEXT_INIT;

		window_row(&d->t, row, &line);
		printf("%2d %s\n", row, line.s);
		text_release(&line);
	}
}

/* Nothing that a test starts by accident may reach the network. */
static void make_settings(const char *config)
{
	static const char settings[] = "origins = cache mirror\nmirror = file:///nonexistent\n";
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s/bootsmith", config);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/bootsmith/config", config);
	f = fopen(path, "we");
	if (!f)
		return;
	fputs(settings, f);
	fclose(f);
}

static void make_folders(const char *tmp)
{
	static const char *const folders[][2] = {{"HOME", "home"}, {"XDG_CONFIG_HOME", "config"},
		{"XDG_STATE_HOME", "state"}, {"XDG_CACHE_HOME", "xdg-cache"},
		{"BOOTSMITH_CACHE", "cache"}};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", tmp, folders[i][1]);
		mkdir(path, 0700);
		setenv(folders[i][0], path, 1);
	}
	make_settings(getenv("XDG_CONFIG_HOME"));
}

/* A home of its own and none of the caller's settings. With WORLD set the caller has already made a world: it is kept. */
static void make_home(void)
{
	const char *tmp = getenv("TMPDIR");
	static const char *const gone[] = {"NO_COLOR", "CI", "LINES", "COLUMNS", "BOOTSMITH_PLAIN"};

	if (!getenv("WORLD"))
		make_folders(tmp ? tmp : "/tmp");
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		unsetenv(gone[i]);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("PAGER", "cat", 1);
	setenv("EDITOR", "true", 1);
	setenv("SHELL", "/bin/true", 1);
}

int main(int argc, char **argv)
{
	struct drive d = {
		.rows = 24, .cols = 80, .deadline_s = 15, .expected = TEXT_INIT, .keys = TEXT_INIT};
	bool ok;

	d.file = argc > 1 ? argv[1] : "";
	d.script = fopen(d.file, "re");
	if (!d.script) {
		fprintf(stderr, "usage: drive SCRIPT\n");
		return 2;
	}
	make_home();
	/* what keys begin by chance outlives its window: it becomes ours, and is over before the folder is removed */
	prctl(PR_SET_CHILD_SUBREAPER, getenv("WORLD") == NULL);
	ok = play(&d);
	if (!ok)
		report(&d);
	if (d.running)
		window_close(&d.t);
	if (!getenv("WORLD"))
		proc_kill_descendants(GRACE_MS);
	fclose(d.script);
	text_release(&d.expected);
	text_release(&d.keys);
	return ok ? 0 : 1;
}
