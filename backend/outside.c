/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See outside.h. */
#include "outside.h"

#include <fcntl.h>
#include <unistd.h>

#include "banned.h"

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

static void hear(struct outside *o)
{
	char bytes[4096];
	ssize_t n;

	while (o->out >= 0 && (n = read(o->out, bytes, sizeof bytes)) > 0)
		if (o->said.len < OUTSIDE_SAID)
			text_add(&o->said, bytes, (size_t)n);
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
	o->running = false;
	close(o->out);
	o->out = -1;
	return true;
}

void outside_end(struct outside *o)
{
	if (o->running)
		proc_end(&o->proc, 0);
	if (o->out >= 0)
		close(o->out);
	text_release(&o->said);
	outside_init(o);
}
