/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks in a child process. */
#include "screen/asked.h"

#include "base/text.h"
#include "screen/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Writes only to the pipe. */
static _Noreturn void answer(const struct app *app, asked_find *find, int fd)
{
	struct text out = TEXT_INIT;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; null >= 0 && i < 3; i++)
		dup2(null, i);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_leave();
	find(app, &out);
	_exit(write(fd, out.s, out.len) < 0);
}

void asked_start(struct asked *a, const struct app *app, asked_find *find)
{
	int fds[2];

	asked_end(a);
	text_clear(&a->said);
	if (pipe2(fds, O_CLOEXEC))
		return;
	a->pid = fork();
	if (!a->pid)
		answer(app, find, fds[1]);
	close(fds[1]);
	if (a->pid < 0) {
		close(fds[0]);
		return;
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	a->fd = fds[0];
}

void asked_end(struct asked *a)
{
	if (a->fd < 0)
		return;
	close(a->fd);
	a->fd = -1;
	kill(a->pid, SIGKILL);
	waitpid(a->pid, NULL, 0);
}

bool asked_read(struct asked *a)
{
	char bytes[1024];
	ssize_t n = read(a->fd, bytes, sizeof bytes);

	if (n > 0)
		text_add(&a->said, bytes, (size_t)n);
	else if (n == 0 || errno != EAGAIN)
		asked_end(a);
	return a->fd >= 0;
}

void asked_release(struct asked *a)
{
	asked_end(a);
	text_release(&a->said);
}
