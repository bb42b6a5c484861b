/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial console on the user's own terminal. */
#include "base/error.h"
#include "base/text.h"
#include "cli/cli_console.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/run.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

enum { LEAVE = 0x1d, RECENT = 2048, LOOK_MS = 500 };

/* Of the control sequences, lets through those that move, erase, colour and set modes; not reports ("where is the cursor?") nor
 * window operations. */
static void finish_sequence(struct console_filter *f, char last, struct text *out)
{
	if (strchr("ABCDEFGHJKLMPSTXZ@`adefghlmrsu", last) && f->len < sizeof f->sequence - 1) {
		text_str(out, "\033[");
		text_add(out, f->sequence, f->len);
		text_char(out, last);
	}
	f->state = CONSOLE_TEXT;
}

static void take_text(struct console_filter *f, unsigned char c, struct text *out)
{
	if (c == 0x1b)
		f->state = CONSOLE_ESC;
	else if (c >= 0x20 ? c != 0x7f : c && strchr("\a\b\t\n\r", c))
		text_char(out, (char)c);
}

static void take_escape(struct console_filter *f, unsigned char c, struct text *out)
{
	f->state = CONSOLE_TEXT;
	f->len = 0;
	if (c == '[') {
		f->state = CONSOLE_CSI;
	} else if (strchr("]P_^X", c)) {
		f->state = CONSOLE_STRING;
	} else if (strchr("()*+", c)) {
		f->state = CONSOLE_CHARSET;
	} else if (strchr("78DEM=>", c)) {
		text_char(out, '\033');
		text_char(out, (char)c);
	}
}

static void take_sequence(struct console_filter *f, unsigned char c, struct text *out)
{
	if (c == 0x1b) {
		f->state = CONSOLE_ESC;
	} else if (c >= 0x40 && c <= 0x7e) {
		finish_sequence(f, (char)c, out);
	} else if (c >= 0x20 && c < 0x40) {
		if (f->len < sizeof f->sequence - 1)
			f->sequence[f->len++] = (char)c;
	} else {
		f->state = CONSOLE_TEXT;
	}
}

void console_filter(struct console_filter *f, const char *bytes, size_t len, struct text *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		switch (f->state) {
		case CONSOLE_TEXT:
			take_text(f, c, out);
			break;
		case CONSOLE_ESC:
			take_escape(f, c ? c : ' ', out);
			break;
		case CONSOLE_CSI:
			take_sequence(f, c, out);
			break;
		case CONSOLE_STRING:
			f->state = c == '\a'   ? CONSOLE_TEXT
				   : c == 0x1b ? CONSOLE_STRING_ESC
					       : CONSOLE_STRING;
			break;
		case CONSOLE_STRING_ESC:
			f->state = c == '\\' ? CONSOLE_TEXT : CONSOLE_STRING;
			break;
		case CONSOLE_CHARSET:
			f->state = CONSOLE_TEXT;
			break;
		}
	}
}

struct console {
	struct console_filter filter;
	int serial_fd, input_fd, news_fd;
	bool left;
};

static bool open_console(
	struct console *k, const char *serial, const char *input, struct error *err)
{
	if (!serial || !input)
		return error_set(err, ERROR_INTERNAL, "the boot did not say where its console is");
	k->serial_fd = open(serial, O_RDONLY | O_CLOEXEC);
	if (k->serial_fd < 0)
		return error_errno(err, "the console's output %s cannot be read", serial);
	k->input_fd = open(input, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->input_fd < 0)
		return error_errno(err,
			"the console's input %s cannot be written: has the guest ended?", input);
	k->news_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (k->news_fd >= 0)
		inotify_add_watch(k->news_fd, serial, IN_MODIFY);
	return true;
}

static void close_console(struct console *k)
{
	if (k->serial_fd >= 0)
		close(k->serial_fd);
	if (k->input_fd >= 0)
		close(k->input_fd);
	if (k->news_fd >= 0)
		close(k->news_fd);
}

static void show_news(struct console *k)
{
	struct text out = TEXT_INIT;
	char chunk[16384];
	ssize_t got;

	while (k->news_fd >= 0 && read(k->news_fd, chunk, sizeof chunk) > 0)
		continue;
	while ((got = read(k->serial_fd, chunk, sizeof chunk)) > 0)
		console_filter(&k->filter, chunk, (size_t)got, &out);
	if (out.len)
		put_raw(out.s, out.len);
	text_release(&out);
}

/* Keys for the guest; if the guest does not read its console they are lost instead of blocking us. */
static void pass_keys(struct console *k)
{
	char keys[256];
	ssize_t got = read(STDIN_FILENO, keys, sizeof keys);
	const char *leave;

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	leave = got > 0 ? memchr(keys, LEAVE, (size_t)got) : keys;
	k->left = leave != NULL;
	if (leave)
		got = leave - keys;
	if (got > 0 && write(k->input_fd, keys, (size_t)got) < 0 && errno == EPIPE)
		k->left = true;
}

static void converse(struct console *k, struct run *run)
{
	while (!k->left && !watch_signal() && run_is_alive(run)) {
		struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = k->news_fd, .events = POLLIN}};

		show_news(k);
		if (poll(fds, 2, LOOK_MS) > 0 && fds[0].revents)
			pass_keys(k);
	}
	show_news(k);
}

/* Starts with the guest's current line, most likely its prompt: everything before was shown while it booted. */
static void find_last_line(const struct console *k)
{
	char recent[RECENT];
	off_t end = lseek(k->serial_fd, 0, SEEK_END);
	off_t from = end > RECENT ? end - RECENT : 0;
	ssize_t got = pread(k->serial_fd, recent, sizeof recent, from);
	const char *newline = got > 0 ? memrchr(recent, '\n', (size_t)got) : NULL;

	lseek(k->serial_fd, newline ? from + (newline + 1 - recent) : from, SEEK_SET);
}

bool console_run(
	struct cli *c, struct run *run, const char *serial, const char *input, struct error *err)
{
	static const char calm[] = "\033[0m\033[?25h\033[?1049l\033[?1000l\033[?2004l\033[r";
	struct console k = {.serial_fd = -1, .input_fd = -1, .news_fd = -1};
	struct termios before, raw;
	bool ok = open_console(&k, serial, input, err);

	if (!ok)
		goto out;
	say(c, "the guest's console; Ctrl-] leaves and ends the guest");
	fflush(stdout);
	if (tcgetattr(STDIN_FILENO, &before) < 0) {
		ok = error_errno(err, "the terminal's settings cannot be read");
		goto out;
	}
	raw = before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	find_last_line(&k);
	converse(&k, run);
	put_raw(calm, sizeof calm - 1);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	say(c, "\nleft the guest's console");
	run_cancel(run);
out:
	close_console(&k);
	return ok;
}
