/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell in between and what it reports, the pty, and the screen that libvterm makes of the output. */
#include "base/text.h"
#include "window.h"
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>
#include <utmp.h>

/* What the shell tells the test. */
struct report {
	enum { REPORT_PID, REPORT_STOPPED, REPORT_ENDED } kind;
	int value;
};

static void report(int fd, int kind, int value)
{
	struct report r = {kind, value};

	if (write(fd, &r, sizeof r) != sizeof r)
		_exit(125);
}

static pid_t shell_launch(const char *const argv[])
{
	pid_t program = fork(); /* the idle pipe is inherited: its number is in the environment */

	if (program != 0) {
		setpgid(program, program);
		tcsetpgrp(0, program);
		return program;
	}
	setpgid(0, 0);
	tcsetpgrp(0, getpid());
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* The shell lives until the test closes its pipe: while it lives, the terminal is not hung up. */
static void shell(const char *const argv[], int in, int out)
{
	int status;
	char command;
	pid_t program;

	signal(SIGTTOU, SIG_IGN);
	program = shell_launch(argv);
	report(out, REPORT_PID, program);
	while (waitpid(program, &status, WUNTRACED) == program) {
		tcsetpgrp(0, getpgrp());
		if (!WIFSTOPPED(status)) {
			report(out, REPORT_ENDED,
				WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
			break;
		}
		report(out, REPORT_STOPPED, 0);
		if (read(in, &command, 1) != 1)
			break;
		tcsetpgrp(0, program);
		kill(-program, SIGCONT);
	}
	while (read(in, &command, 1) > 0)
		;
	_exit(0);
}

static int set_property(VTermProp prop, VTermValue *value, void *ctx)
{
	struct window *t = ctx;

	if (prop == VTERM_PROP_ALTSCREEN)
		t->alternate = value->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		t->cursor_visible = value->boolean;
	else if (prop == VTERM_PROP_MOUSE)
		t->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static int move_cursor(VTermPos to, VTermPos from, int visible, void *ctx)
{
	struct window *t = ctx;

	(void)from;
	(void)visible;
	t->cursor = to;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.settermprop = set_property,
	.movecursor = move_cursor,
};

static void answer(const char *bytes, size_t len, void *ctx)
{
	window_write(ctx, bytes, len);
}

static void make_screen(struct window *t)
{
	t->vt = vterm_new(t->rows, t->cols);
	vterm_set_utf8(t->vt, 1);
	vterm_output_set_callback(t->vt, answer, t);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	t->cursor_visible = true;
}

bool window_start(struct window *t, int rows, int cols, const char *const argv[])
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	int to[2], from[2], idle[2];
	char number[16];

	*t = (struct window){.rows = rows, .cols = cols, .bytes = TEXT_INIT};
	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0 || pipe(idle) < 0 ||
		openpty(&t->master, &t->slave, NULL, NULL, &size) < 0)
		return false;
	fcntl(t->master, F_SETFD, FD_CLOEXEC);
	tcgetattr(t->slave, &t->before);
	snprintf(number, sizeof number, "%d", idle[1]);
	setenv("BOOTSMITH_TEST_IDLE_FD", number, 1);
	t->shell = fork();
	if (t->shell == 0) {
		close(idle[0]);
		close(to[1]);
		close(from[0]);
		close(t->master);
		if (login_tty(t->slave) < 0)
			_exit(126);
		shell(argv, to[0], from[1]);
	}
	fcntl(t->slave, F_SETFD, FD_CLOEXEC);
	close(to[0]);
	close(from[1]);
	close(idle[1]);
	fcntl(idle[0], F_SETFD, FD_CLOEXEC);
	t->idle = idle[0];
	t->to_shell = to[1];
	t->from_shell = from[0];
	make_screen(t);
	while (!t->program && window_pump(t, 5000))
		;
	return t->program > 0;
}

static bool take_report(struct window *t)
{
	struct report r;

	if (read(t->from_shell, &r, sizeof r) != sizeof r)
		return false;
	if (r.kind == REPORT_PID)
		t->program = r.value;
	else if (r.kind == REPORT_STOPPED)
		t->stopped = true;
	else {
		t->ended = true;
		t->status = r.value;
	}
	return true;
}

static bool take_output(struct window *t)
{
	char buffer[16384];
	ssize_t n = read(t->master, buffer, sizeof buffer);

	if (n <= 0)
		return false;
	text_add(&t->bytes, buffer, (size_t)n);
	vterm_input_write(t->vt, buffer, (size_t)n);
	vterm_screen_flush_damage(t->screen);
	return true;
}

static bool take_idle(struct window *t)
{
	char buffer[4096];
	ssize_t n = read(t->idle, buffer, sizeof buffer);

	for (ssize_t i = 0; i < n; i++)
		t->idle_lines += buffer[i] == '\n';
	if (n > 0)
		return true;
	close(t->idle);
	t->idle = -1;
	return false;
}

/* Output comes first: what the program wrote before it ended must be on the screen before we notice the end. */
bool window_pump(struct window *t, int wait_ms)
{
	struct pollfd fds[3] = {
		{t->master, POLLIN, 0}, {t->idle, POLLIN, 0}, {t->from_shell, POLLIN, 0}};
	int ready;

	do
		ready = poll(fds, 3, wait_ms);
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return false;
	if (fds[0].revents & POLLIN)
		return take_output(t);
	if (fds[1].revents)
		return take_idle(t);
	if (fds[2].revents & POLLIN)
		return take_report(t);
	return false;
}

/* A program that does not read (yet) must not block the test for ever: what does not fit is written after its next output. */
void window_write(struct window *t, const char *bytes, size_t len)
{
	while (len > 0) {
		struct pollfd fd = {t->master, POLLOUT | POLLIN, 0};
		ssize_t n;

		if (poll(&fd, 1, 5000) <= 0)
			return;
		if (fd.revents & POLLIN)
			take_output(t);
		if (!(fd.revents & POLLOUT))
			continue;
		n = write(t->master, bytes, len > 256 ? 256 : len);
		if (n < 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

void window_key(struct window *t, VTermKey key, VTermModifier mod)
{
	vterm_keyboard_key(t->vt, key, mod);
}

void window_char(struct window *t, uint32_t c, VTermModifier mod)
{
	vterm_keyboard_unichar(t->vt, c, mod);
}

void window_resize(struct window *t, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	ioctl(t->master, TIOCSWINSZ, &size);
}

void window_continue(struct window *t)
{
	t->stopped = false;
	if (write(t->to_shell, "f", 1) != 1)
		t->ended = true;
}

void window_close(struct window *t)
{
	int status;

	close(t->master);
	close(t->slave);
	close(t->to_shell);
	close(t->from_shell);
	if (t->idle >= 0)
		close(t->idle);
	kill(t->shell, SIGKILL);
	waitpid(t->shell, &status, 0);
	vterm_free(t->vt);
	text_release(&t->bytes);
}

static bool cell_at(struct window *t, int row, int col, VTermScreenCell *cell)
{
	VTermPos at = {row, col};

	return vterm_screen_get_cell(t->screen, at, cell) != 0;
}

static void add_utf8(struct text *out, uint32_t c)
{
	if (c < 0x80) {
		text_char(out, (char)c);
	} else if (c < 0x800) {
		text_char(out, (char)(0xC0 | c >> 6));
		text_char(out, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		text_char(out, (char)(0xE0 | c >> 12));
		text_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
		text_char(out, (char)(0x80 | (c & 0x3F)));
	} else {
		text_char(out, (char)(0xF0 | c >> 18));
		text_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
		text_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
		text_char(out, (char)(0x80 | (c & 0x3F)));
	}
}

void window_row(struct window *t, int row, struct text *out)
{
	size_t end = out->len;

	for (int col = 0; col < t->cols; col++) {
		VTermScreenCell cell;

		if (!cell_at(t, row, col, &cell) || cell.chars[0] == (uint32_t)-1)
			continue;
		if (cell.chars[0] == 0)
			text_char(out, ' ');
		for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			add_utf8(out, cell.chars[i]);
		if (cell.chars[0] != 0 && cell.chars[0] != ' ')
			end = out->len;
	}
	out->len = end;
	if (out->cap)
		out->s[end] = '\0';
}

bool window_row_reversed(struct window *t, int row)
{
	for (int col = 0; col < t->cols; col++) {
		VTermScreenCell cell;

		if (cell_at(t, row, col, &cell) && cell.attrs.reverse)
			return true;
	}
	return false;
}

bool window_has_colour(struct window *t)
{
	for (int row = 0; row < t->rows; row++) {
		for (int col = 0; col < t->cols; col++) {
			VTermScreenCell cell;

			if (cell_at(t, row, col, &cell) &&
				(!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
					!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)))
				return true;
		}
	}
	return false;
}

bool window_is_raw(struct window *t)
{
	struct termios now;

	return tcgetattr(t->slave, &now) == 0 && !(now.c_lflag & ICANON);
}

/* The last cursor visibility set. The emulator also restores it with ESC 8 and the main screen, which terminals do not. */
static bool cursor_is_shown(const struct window *t)
{
	const char *rest = t->bytes.s, *hit;
	bool shown = true;

	while ((hit = memmem(rest, t->bytes.len - (size_t)(rest - t->bytes.s), "\033[?25", 5))) {
		shown = hit[5] == 'h';
		rest = hit + 5;
	}
	return shown;
}

bool window_modes_restored(struct window *t)
{
	struct termios now;

	return tcgetattr(t->slave, &now) == 0 && now.c_iflag == t->before.c_iflag &&
	       now.c_oflag == t->before.c_oflag && now.c_lflag == t->before.c_lflag &&
	       !t->alternate && cursor_is_shown(t) && !t->mouse;
}
