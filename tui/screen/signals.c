/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signal handlers and the pipe they write to. The state is global because a handler gets no argument; nothing outside this file
 * sees it.
 */
#include "screen/signals.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
static const int faults[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
static const int others[] = {SIGWINCH, SIGCONT, SIGTSTP};

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define N_SIGNALS (COUNT(ends) + COUNT(faults) + COUNT(others) + 1)

static struct {
	int pipe[2];
	char restore[512];
	size_t len;
	struct termios modes;
	bool has_modes;
	volatile sig_atomic_t asked; /* how often we were asked to end */
	struct sigaction before[N_SIGNALS];
	int number[N_SIGNALS];
	size_t installed;
} state = {.pipe = {-1, -1}};

static char fault_stack[64 * 1024];

static void ignore(ssize_t n)
{
	(void)n;
}

static void give_back_terminal(void)
{
	ignore(write(STDOUT_FILENO, state.restore, state.len));
	if (state.has_modes)
		tcsetattr(STDIN_FILENO, TCSANOW, &state.modes);
}

static void on_fault(int sig)
{
	static const char line[] =
		"\r\n"
		"bootsmith: the screen ended by a fault. "
		"A running build goes on; unsaved changes are offered at the next start.\r\n";

	give_back_terminal();
	if (sig != SIGQUIT)
		ignore(write(STDERR_FILENO, line, sizeof line - 1));
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_signal(int sig)
{
	int saved = errno;
	unsigned char byte = (unsigned char)sig;

	if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP) {
		state.asked++;
		if (state.asked > 2)
			on_fault(sig);
	}
	ignore(write(state.pipe[1], &byte, 1));
	errno = saved;
}

static void install(int sig, void (*handler)(int), int flags)
{
	struct sigaction a = {.sa_handler = handler, .sa_flags = flags};

	sigemptyset(&a.sa_mask);
	state.number[state.installed] = sig;
	sigaction(sig, &a, &state.before[state.installed]);
	state.installed++;
}

static void install_all(void)
{
	stack_t stack = {.ss_sp = fault_stack, .ss_size = sizeof fault_stack};

	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < COUNT(ends); i++)
		install(ends[i], on_signal, SA_RESTART);
	for (size_t i = 0; i < COUNT(others); i++)
		install(others[i], on_signal, SA_RESTART);
	for (size_t i = 0; i < COUNT(faults); i++)
		install(faults[i], on_fault, (int)(SA_RESETHAND | SA_NODEFER) | SA_ONSTACK);
	install(SIGPIPE, SIG_IGN, 0);
}

bool signals_open(const char *restore, size_t len, struct error *err)
{
	if (pipe2(state.pipe, O_CLOEXEC | O_NONBLOCK))
		return error_errno(err, "cannot make a pipe for signals");
	state.len = len < sizeof state.restore ? len : sizeof state.restore;
	memcpy(state.restore, restore, state.len);
	state.has_modes = !tcgetattr(STDIN_FILENO, &state.modes);
	state.asked = 0;
	state.installed = 0;
	install_all();
	return true;
}

void signals_close(void)
{
	while (state.installed) {
		state.installed--;
		sigaction(state.number[state.installed], &state.before[state.installed], NULL);
	}
	for (int i = 0; i < 2; i++) {
		if (state.pipe[i] >= 0)
			close(state.pipe[i]);
		state.pipe[i] = -1;
	}
}

void signals_leave(void)
{
	for (size_t i = 0; i < state.installed; i++)
		signal(state.number[i], SIG_DFL);
}

int signals_fd(void)
{
	return state.pipe[0];
}

struct signals_news signals_take(void)
{
	struct signals_news news = {0};
	unsigned char bytes[64];
	ssize_t n;

	while ((n = read(state.pipe[0], bytes, sizeof bytes)) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			news.resized |= bytes[i] == SIGWINCH || bytes[i] == SIGCONT;
			news.resumed |= bytes[i] == SIGCONT;
			news.stop |= bytes[i] == SIGTSTP;
			if (bytes[i] == SIGTERM || bytes[i] == SIGINT || bytes[i] == SIGHUP)
				news.end = bytes[i];
		}
	}
	return news;
}

void signals_stop_self(void)
{
	struct sigaction fallback = {.sa_handler = SIG_DFL}, ours;

	sigemptyset(&fallback.sa_mask);
	sigaction(SIGTSTP, &fallback, &ours);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}

void signals_end_by(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
}
