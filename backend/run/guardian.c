/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the guardian and the worker of a step. */
#include "base/error.h"
#include "proc/proc.h"
#include "run/guardian.h"
#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

#define GRACE_MS 1000

/* What the two processes need; the fds are the write ends. */
struct making {
	const struct plan *plan;
	const struct step *step;
	const struct place *place;
	const struct jail_power *power;
	int lock_fd, out_fd, progress_fd;
	const struct job_share *jobs;
};

/* The step's fds may have any number; first move them away from the numbers we want. */
static bool give_jobs(const struct job_share *s)
{
	int from = fcntl(s->read_fd, F_DUPFD_CLOEXEC, 16);
	int to = fcntl(s->write_fd, F_DUPFD_CLOEXEC, 16);

	return from >= 0 && to >= 0 && dup3(from, JOBSERVER_READ_FD, O_CLOEXEC) >= 0 &&
	       dup3(to, JOBSERVER_WRITE_FD, O_CLOEXEC) >= 0;
}

static void become_worker(const struct making *m, pid_t parent)
{
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int progress;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || null_fd < 0)
		_exit(1);
	proc_reset_signals();
	if (dup2(null_fd, 0) < 0 || dup2(m->out_fd, 1) < 0 || dup2(m->out_fd, 2) < 0)
		_exit(1);
	progress = fcntl(m->progress_fd, F_DUPFD_CLOEXEC, 16);
	if (m->jobs->parallel && !give_jobs(m->jobs))
		_exit(1);
	if (progress < 0 || dup3(progress, WORKER_PROGRESS_FD, O_CLOEXEC) < 0)
		_exit(1);
	proc_close_others(
		(const int[]){WORKER_PROGRESS_FD, m->jobs->parallel ? JOBSERVER_READ_FD : -1,
			m->jobs->parallel ? JOBSERVER_WRITE_FD : -1},
		3);
	_exit(worker_main(m->plan, m->step, m->place, m->power, m->jobs));
}

static int wait_for(pid_t worker, const sigset_t *set)
{
	for (;;) {
		int status, sig = sigwaitinfo(set, NULL);
		pid_t got;

		if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP) {
			proc_kill_descendants(sig == SIGHUP ? 0 : GRACE_MS);
			return 128 + sig;
		}
		while ((got = waitpid(-1, &status, WNOHANG)) > 0) {
			if (got != worker)
				continue;
			proc_kill_descendants(0);
			return proc_exit(status);
		}
	}
}

static void become_guardian(const struct making *m, pid_t parent)
{
	pid_t worker, self;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (getppid() != parent)
		_exit(1);
	setsid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	proc_close_others((const int[]){m->lock_fd, m->out_fd, m->progress_fd, m->jobs->read_fd,
				  m->jobs->write_fd},
		5);
	self = getpid();
	worker = fork();
	if (worker == 0)
		become_worker(m, self);
	if (worker < 0)
		_exit(1);
	close(m->out_fd);
	close(m->progress_fd);
	_exit(wait_for(worker, &set));
}

static bool fork_guardian(struct guardian *g, const struct making *m, struct error *err)
{
	pid_t parent = getpid();

	g->pid = fork();
	if (g->pid == 0)
		become_guardian(m, parent);
	if (g->pid < 0)
		return error_errno(
			err, "%s cannot be started: no new process could be made", m->step->id);
	g->pidfd = (int)syscall(SYS_pidfd_open, g->pid, 0U);
	if (g->pidfd >= 0)
		return true;
	error_errno(err, "%s cannot be watched (pidfd_open)", m->step->id);
	kill(g->pid, SIGKILL);
	waitpid(g->pid, NULL, 0);
	return false;
}

bool guardian_start(struct guardian *g, const struct plan *plan, const struct step *step,
	const struct place *place, const struct jail_power *power, int lock_fd,
	const struct job_share *jobs, struct error *err)
{
	struct making m = {plan, step, place, power, lock_fd, -1, -1, jobs};
	int out[2], progress[2];
	bool ok;

	if (pipe2(out, O_CLOEXEC) < 0)
		return error_errno(err, "%s cannot be started: no pipe", step->id);
	if (pipe2(progress, O_CLOEXEC) < 0) {
		error_errno(err, "%s cannot be started: no pipe", step->id);
		close(out[0]);
		close(out[1]);
		return false;
	}
	m.out_fd = out[1];
	m.progress_fd = progress[1];
	*g = (struct guardian){-1, -1, out[0], progress[0]};
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(progress[0], F_SETFL, O_NONBLOCK);
	ok = fork_guardian(g, &m, err);
	close(out[1]);
	close(progress[1]);
	if (!ok) {
		close(out[0]);
		close(progress[0]);
	}
	return ok;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int guardian_finish(struct guardian *g, double *cpu)
{
	struct rusage used = {0};
	int status = 0;

	while (wait4(g->pid, &status, 0, &used) < 0 && errno == EINTR)
		continue;
	*cpu = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
	close(g->pidfd);
	close(g->out_fd);
	close(g->progress_fd);
	return proc_exit(status);
}
