/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts the program of a check, and follows it and its output in the caller's loop. */
#include "boot/outside.h"

#include "base/error.h"
#include "base/text.h"
#include "proc/proc.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/banned.h"

void outside_init(struct outside *o)
{
	*o = (struct outside){.out = -1, .said = TEXT_INIT};
}

bool outside_start(struct outside *o, const char *const argv[], struct error *err)
{
	int pipes[2];
	bool ok;

	outside_end(o);
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return error_errno(err, "a pipe cannot be made");
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	o->proc = (struct proc){.argv = argv, .out_fd = pipes[1], .group = true};
	ok = proc_start(&o->proc, err);
	close(pipes[1]);
	o->out = pipes[0];
	o->running = ok;
	if (!ok)
		outside_end(o);
	return ok;
}

size_t outside_poll(const struct outside *o, struct pollfd *fds)
{
	size_t n = 0;

	if (o->running)
		fds[n++] = (struct pollfd){.fd = o->proc.pidfd, .events = POLLIN};
	if (o->out >= 0)
		fds[n++] = (struct pollfd){.fd = o->out, .events = POLLIN};
	return n;
}

static void close_out(struct outside *o)
{
	if (o->out >= 0)
		close(o->out);
	o->out = -1;
}

/* At most OUTSIDE_SAID bytes at once: a flood must not keep the caller from its other work. */
static void hear(struct outside *o)
{
	char bytes[4096];
	ssize_t n = 1;

	for (size_t i = 0; o->out >= 0 && n > 0 && i < OUTSIDE_SAID / sizeof bytes; i++) {
		n = read(o->out, bytes, sizeof bytes);
		if (n > 0 && o->said.len < OUTSIDE_SAID)
			text_add(&o->said, bytes, (size_t)n);
	}
	if (n == 0)
		close_out(o); /* its end would be reported again and again */
}

bool outside_has_ended(struct outside *o)
{
	int status;

	if (!o->running)
		return false;
	hear(o);
	if (!proc_wait(&o->proc, 0, &status))
		return false;
	hear(o);
	proc_kill(&o->proc, SIGKILL); /* kills what it left behind */
	o->running = false;
	close_out(o);
	return true;
}

void outside_end(struct outside *o)
{
	if (o->running)
		proc_end(&o->proc, 0);
	close_out(o);
	text_release(&o->said);
	outside_init(o);
}
