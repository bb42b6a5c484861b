/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts a program and waits for it. The child only execs, or reports why it could not (over a pipe that a successful exec
 * closes) and ends; it never returns. A pidfd reports the end, never end-of-file: a grandchild that keeps the output open does
 * not make us wait.
 */
#include "proc/proc.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/jail_enter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum stage { STAGE_CWD, STAGE_FDS, STAGE_JAIL, STAGE_EXEC };

struct exec_failure {
	enum stage stage;
	int number;	 /* errno */
	char doing[100]; /* what failed of the sandbox */
};

struct proc_words proc_words(int status)
{
	struct proc_words w;

	if (WIFEXITED(status)) {
		snprintf(w.s, sizeof w.s, "exit status %d", WEXITSTATUS(status));
	} else if (WIFSIGNALED(status)) {
		const char *name = sigabbrev_np(WTERMSIG(status));

		if (name)
			snprintf(w.s, sizeof w.s, "killed by SIG%s", name);
		else
			snprintf(w.s, sizeof w.s, "killed by signal %d", WTERMSIG(status));
	} else {
		snprintf(w.s, sizeof w.s, "wait status %d", status);
	}
	return w;
}

int proc_exit(int status)
{
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

void proc_environment(struct strings *env, struct arena *a)
{
	static const char *const names[] = {"PATH", "HOME", "TMPDIR", "http_proxy", "https_proxy",
		"ftp_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value)
			vec_push_in(a, env, arena_fmt(a, "%s=%s", names[i], value));
	}
	vec_push_in(a, env, "LC_ALL=C.UTF-8");
	vec_push_in(a, env, NULL);
	env->n--;
}

static const char *search_path(const char *const env[])
{
	const char *path = NULL;

	for (size_t i = 0; env && env[i]; i++)
		if (strncmp(env[i], "PATH=", 5) == 0)
			path = env[i] + 5;
	if (!env)
		path = getenv("PATH");
	return path && *path ? path : "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool proc_find(const char *name, const char *const env[], struct text *path)
{
	text_clear(path);
	if (strchr(name, '/')) {
		text_str(path, name);
		return is_program(name);
	}
	for (const char *dir = search_path(env); *dir;) {
		size_t len = strcspn(dir, ":");

		text_clear(path);
		text_add(path, len ? dir : ".", len ? len : 1);
		text_fmt(path, "/%s", name);
		if (is_program(path->s))
			return true;
		dir += len + (dir[len] == ':');
	}
	return false;
}

static bool give_fd(int from, int to)
{
	if (from != to)
		return dup2(from, to) >= 0;
	return fcntl(from, F_SETFD, 0) == 0; /* dup2 onto itself would leave it close-on-exec */
}

static bool enter_jail(const struct proc *p, struct exec_failure *f)
{
	const char *doing = "";
	bool ok;

	jail_hand_over(p->jail, 1);
	for (size_t i = 0; i < sizeof p->keep_fds / sizeof p->keep_fds[0]; i++)
		if (p->keep_fds[i])
			jail_hand_over(p->jail, p->keep_fds[i]);
	ok = jail_enter(p->jail, &doing);
	if (!ok)
		snprintf(f->doing, sizeof f->doing, "%s", doing);
	return ok;
}

static void write_id(char *at)
{
	char digits[sizeof PROC_ID] = "";
	int len = snprintf(digits, sizeof digits, "%ld", (long)getpid());

	memcpy(at, digits, len > 0 ? (size_t)len : 0);
}

/* Runs in the child, which has one thread: only what needs no lock of another. */
static void become(const struct proc *p, const char *path, const char *const env[], pid_t parent,
	int report, int null_fd)
{
	struct exec_failure f = {.stage = STAGE_FDS};
	const char *const *argv = p->argv;

	if (p->group)
		setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127); /* the parent died before the death signal was set */
	proc_reset_signals();
	if (!give_fd(p->in_fd ? p->in_fd : null_fd, 0) ||
		!give_fd(p->out_fd ? p->out_fd : null_fd, 1) || !give_fd(1, 2))
		goto out;
	/* Our own fds are close-on-exec anyway; this closes those we inherited. */
	syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
	for (size_t i = 0; i < sizeof p->keep_fds / sizeof p->keep_fds[0]; i++)
		if (p->keep_fds[i] && fcntl(p->keep_fds[i], F_SETFD, 0) < 0)
			goto out;
	f.stage = STAGE_JAIL;
	if (p->jail && !enter_jail(p, &f))
		goto out;
	if (p->own_id)
		write_id(p->own_id);
	f.stage = STAGE_CWD;
	if (p->cwd && chdir(p->cwd) < 0)
		goto out;
	f.stage = STAGE_EXEC;
	execve(path, (char *const *)(size_t)argv, (char *const *)(size_t)env);
out:
	f.number = errno;
	if (write(report, &f, sizeof f) < 0)
		_exit(126);
	_exit(127);
}

static bool say_failure(
	const struct proc *p, const char *path, const struct exec_failure *f, struct error *err)
{
	errno = f->number;
	if (f->stage == STAGE_CWD)
		return error_errno(
			err, "%s cannot be started in the folder %s", p->argv[0], p->cwd);
	if (f->stage == STAGE_FDS)
		return error_errno(err, "%s cannot be started", p->argv[0]);
	if (f->stage == STAGE_JAIL) {
		error_errno(err, "the sandbox of %s cannot be made: %s", p->argv[0], f->doing);
		err->kind = ERROR_HOST;
		return false;
	}
	error_errno(err, "the program %s cannot be executed", path);
	err->kind = ERROR_HOST;
	return false;
}

static bool fork_it(
	struct proc *p, const char *path, const char *const env[], int null_fd, struct error *err)
{
	struct exec_failure f = {0};
	int report[2];
	pid_t parent = getpid();
	ssize_t got;

	if (pipe2(report, O_CLOEXEC) < 0)
		return error_errno(err, "%s cannot be started: no pipe", p->argv[0]);
	p->pid = fork();
	if (p->pid == 0)
		become(p, path, env, parent, report[1], null_fd);
	close(report[1]);
	if (p->pid < 0) {
		close(report[0]);
		return error_errno(err, "%s cannot be started", p->argv[0]);
	}
	if (p->group)
		setpgid(p->pid,
			p->pid); /* both sides do it, so neither has to wait for the other */
	do
		got = read(report[0], &f, sizeof f);
	while (got < 0 && errno == EINTR);
	close(report[0]);
	if (got == sizeof f) {
		waitpid(p->pid, NULL, 0);
		return say_failure(p, path, &f, err);
	}
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0U);
	if (p->pidfd < 0) {
		error_errno(err, "%s cannot be watched (pidfd_open)", p->argv[0]);
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
		return false;
	}
	return true;
}

static bool say_missing(const struct proc *p, struct error *err)
{
	if (strchr(p->argv[0], '/'))
		return error_set(err, ERROR_HOST, "the program %s is not there or not executable",
			p->argv[0]);
	return error_set(err, ERROR_HOST,
		"the program %s is not installed (searched: %s); `bootsmith doctor` names the package that has it",
		p->argv[0], search_path(p->env));
}

bool proc_start(struct proc *p, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct strings env = {0};
	struct text path = TEXT_INIT;
	int null_fd = -1;
	bool ok = false;

	p->pidfd = -1;
	if (!p->env)
		proc_environment(&env, &a);
	if (!proc_find(p->argv[0], p->env, &path)) {
		say_missing(p, err);
		goto out;
	}
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null_fd < 0) {
		error_errno(err, "/dev/null cannot be opened");
		goto out;
	}
	ok = fork_it(p, path.s, p->env ? p->env : env.at, null_fd, err);
out:
	if (null_fd >= 0)
		close(null_fd);
	text_release(&path);
	arena_release(&a);
	return ok;
}

static long now_ms(void)
{
	return (long)(clock_now() * 1000);
}

/* poll that continues after signals; deadline < 0: none. True if something is ready. */
static bool poll_until(struct pollfd *fds, nfds_t n, long deadline)
{
	for (;;) {
		long left = deadline < 0 ? -1 : deadline - now_ms();
		int got = poll(fds, n, deadline >= 0 && left < 0 ? 0 : (int)left);

		if (got > 0)
			return true;
		if (got == 0 || errno != EINTR)
			return false;
	}
}

bool proc_wait(struct proc *p, int timeout_ms, int *status)
{
	struct pollfd end = {p->pidfd, POLLIN, 0};

	if (!poll_until(&end, 1, timeout_ms < 0 ? -1 : now_ms() + timeout_ms))
		return false;
	while (waitpid(p->pid, status, 0) < 0 && errno == EINTR)
		continue;
	close(p->pidfd);
	p->pidfd = -1;
	return true;
}

void proc_kill(const struct proc *p, int sig)
{
	if (p->group)
		kill(-p->pid, sig);
	if (p->pidfd >= 0)
		kill(p->pid, sig);
}

int proc_end(struct proc *p, int grace_ms)
{
	int status = 0;

	if (grace_ms > 0)
		proc_kill(p, SIGTERM);
	if (grace_ms <= 0 || !proc_wait(p, grace_ms, &status)) {
		proc_kill(p, SIGKILL);
		proc_wait(p, -1, &status);
	}
	if (p->group)
		kill(-p->pid, SIGKILL);
	return status;
}

/* Reads what is in the pipe now. False: more than the limit. */
static bool take(int fd, struct text *out, size_t limit)
{
	char chunk[65536];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR)) {
		if (got < 0)
			continue;
		if ((size_t)got > limit - out->len)
			return false;
		text_add(out, chunk, (size_t)got);
	}
	return true;
}

/* Collects output until the program has ended. False with an error if it printed too much or took too long. */
static bool collect(const struct proc *p, int fd, long deadline, struct text *out, size_t limit,
	struct error *err)
{
	struct pollfd fds[2] = {{p->pidfd, POLLIN, 0}, {fd, POLLIN, 0}};

	for (;;) {
		bool ready = poll_until(fds, 2, deadline);

		if (!take(fd, out, limit))
			return error_set(err, ERROR_STEP,
				"%s printed more than %zu bytes and was ended", p->argv[0], limit);
		if (!ready)
			return error_set(err, ERROR_HOST, "%s did not end in time and was ended",
				p->argv[0]);
		if (fds[0].revents)
			return true;
		if (fds[1].revents & POLLHUP)
			fds[1].fd = -1;
	}
}

bool proc_capture_for(int patience_ms, const char *const argv[], const char *const env[],
	const char *cwd, size_t limit, struct text *out, int *status, struct error *err)
{
	struct proc p = {.argv = argv, .env = env, .cwd = cwd, .group = true};
	int pipe_fds[2];
	bool ok;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0 || fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK) < 0)
		return error_errno(err, "%s cannot be started: no pipe", argv[0]);
	p.out_fd = pipe_fds[1];
	ok = proc_start(&p, err);
	close(pipe_fds[1]);
	if (ok) {
		ok = collect(&p, pipe_fds[0], now_ms() + patience_ms, out, limit + out->len, err);
		*status = proc_end(&p, 0);
	}
	close(pipe_fds[0]);
	return ok;
}

bool proc_capture(const char *const argv[], const char *const env[], const char *cwd, size_t limit,
	struct text *out, int *status, struct error *err)
{
	return proc_capture_for(PROC_PATIENCE_MS, argv, env, cwd, limit, out, status, err);
}
