/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the backend about this machine in a child process. */
#include "screen/host_check.h"

#include "base/printable.h"
#include "base/text.h"
#include "proc/host.h"
#include "screen/app.h"
#include "screen/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(const struct host_report *r, struct text *out)
{
	size_t missing = 0;

	for (size_t i = 0; i < r->needs.n; i++) {
		const struct host_need *n = &r->needs.at[i];

		if (n->present || !n->required)
			continue;
		text_fmt(out, "%s%s", missing ? ", " : "missing: ", n->tool);
		missing++;
	}
	if (missing)
		text_str(out, ". 'bootsmith doctor --install' gets what is missing.");
	else
		text_str(out, "all tools present");
	if (!r->kvm)
		text_str(out,
			missing ? " No KVM: boots are slower." : ", no KVM (boots are slower)");
}

/* Never returns; writes only to the pipe. */
static void look(const struct app *app, int fd)
{
	struct host_report r = {0};
	struct error err = {0};
	struct text out = TEXT_INIT;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_leave();
	if (host_inspect(&r, app->place, &err))
		report(&r, &out);
	else
		printable(&out, err.text, strlen(err.text));
	_exit(write(fd, out.s, out.len) < 0);
}

void host_check_start(struct app *app)
{
	int fds[2];

	app->host_fd = -1;
	if (pipe2(fds, O_CLOEXEC))
		return;
	app->host_pid = fork();
	if (!app->host_pid) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		for (int fd = 0; null >= 0 && fd < 3; fd++)
			dup2(null, fd);
		look(app, fds[1]);
	}
	close(fds[1]);
	if (app->host_pid < 0) {
		close(fds[0]);
		return;
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	app->host_fd = fds[0];
}

void host_check_end(struct app *app)
{
	if (app->host_fd < 0)
		return;
	close(app->host_fd);
	app->host_fd = -1;
	kill(app->host_pid, SIGKILL);
	waitpid(app->host_pid, NULL, 0);
}

void host_check_read(struct app *app)
{
	char bytes[1024];
	ssize_t n = read(app->host_fd, bytes, sizeof bytes);

	if (n > 0)
		text_add(&app->host, bytes, (size_t)n);
	else if (n == 0 || errno != EAGAIN)
		host_check_end(app);
	app->due = true;
}
