/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends everything below us. A subreaper inherits every orphan among its descendants, so killing the children repeatedly until
 * none is left also reaches processes that left the session and the group.
 */
#include "proc/proc.h"

#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

struct pid_pair {
	pid_t pid, parent;
	bool ours;
};

struct pid_table {
	struct pid_pair *at;
	size_t n, cap;
};

void proc_reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool is_kept(int fd, const int keep[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (keep[i] == fd)
			return true;
	return false;
}

void proc_close_others(const int keep[], size_t n)
{
	unsigned first = 3;

	/* The gaps between the kept fds, then everything above the highest. */
	for (unsigned fd = 3; fd < 1024; fd++) {
		if (!is_kept((int)fd, keep, n))
			continue;
		if (fd > first)
			syscall(SYS_close_range, first, fd - 1, 0U);
		first = fd + 1;
	}
	syscall(SYS_close_range, first, ~0U, 0U);
}

/* The fourth field of /proc/PID/stat; the second is a name in parentheses that may contain anything. */
static pid_t parent_of(int proc_fd, const char *pid)
{
	struct text path = TEXT_INIT;
	char line[512];
	const char *end;
	ssize_t got = -1;
	int fd;

	text_fmt(&path, "%s/stat", pid);
	fd = openat(proc_fd, path.s, O_RDONLY | O_CLOEXEC);
	text_release(&path);
	if (fd >= 0) {
		got = read(fd, line, sizeof line - 1);
		close(fd);
	}
	if (got <= 0)
		return -1;
	line[got] = '\0';
	end = strrchr(line, ')');
	if (!end || strlen(end) < 5)
		return -1;
	return (pid_t)strtol(end + 4, NULL, 10);
}

static void list_processes(struct pid_table *t)
{
	DIR *dir = opendir("/proc");
	const struct dirent *d;

	while (dir && (d = readdir(dir))) {
		pid_t parent;

		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		parent = parent_of(dirfd(dir), d->d_name);
		if (parent > 0)
			vec_push(t, (struct pid_pair){
					    (pid_t)strtol(d->d_name, NULL, 10), parent, false});
	}
	if (dir)
		closedir(dir);
}

static bool is_ours(const struct pid_table *t, pid_t pid)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].pid == pid)
			return t->at[i].ours;
	return false;
}

static void mark_descendants(struct pid_table *t)
{
	bool more = true;
	pid_t self = getpid();

	while (more) {
		more = false;
		for (size_t i = 0; i < t->n; i++) {
			struct pid_pair *p = &t->at[i];

			if (!p->ours && (p->parent == self || is_ours(t, p->parent)))
				p->ours = more = true;
		}
	}
}

static void signal_descendants(int sig)
{
	struct pid_table t = {0};

	list_processes(&t);
	mark_descendants(&t);
	for (size_t i = 0; i < t.n; i++) {
		if (!t.at[i].ours)
			continue;
		kill(t.at[i].pid, sig);
		if (sig != SIGKILL)
			kill(t.at[i].pid, SIGCONT); /* a stopped process would not handle SIGTERM */
	}
	vec_release(&t);
}

/* True when no child is left. */
static bool reap(void)
{
	pid_t got;

	do
		got = waitpid(-1, NULL, WNOHANG);
	while (got > 0);
	return got < 0 && errno == ECHILD;
}

static bool reap_for(int patience_ms)
{
	const int tick_ms = 5;

	for (int waited = 0; waited < patience_ms; waited += tick_ms) {
		if (reap())
			return true;
		poll(NULL, 0, tick_ms);
	}
	return reap();
}

void proc_kill_descendants(int grace_ms)
{
	if (reap())
		return;
	if (grace_ms > 0) {
		signal_descendants(SIGTERM);
		if (reap_for(grace_ms))
			return;
	}
	do
		signal_descendants(SIGKILL);
	while (!reap_for(20));
}
