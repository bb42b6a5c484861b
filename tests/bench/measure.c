/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure [-p NAME] COMMAND...: runs it and all that it leaves behind to the end, then prints one line on stdout:
 * "WALL CPU OWN PEAK STATUS": seconds of wall time, of CPU time of the whole tree, of CPU time of the long-lived processes whose
 * program is NAME, the largest resident size in KiB that one of those reached, and the command's exit status.
 *
 * A builder that goes into the background becomes our child (we are the subreaper), so nothing escapes the sum. Processes of
 * NAME that live shorter than a look at /proc are not counted as own: those are steps, whose work the build needs anyway.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SEEN = 512, LOOK_MS = 100 };

/* A process of the measured program: what it had used when we last looked. */
struct own {
	int pid, parent;
	double cpu;
	long peak_kib;
	bool leads; /* a session leader, or the command itself: no step */
};

struct measure {
	const char *name; /* of the program, may be NULL */
	struct own seen[SEEN];
	size_t n;
	pid_t command;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool is_program(int pid, const char *name)
{
	char path[64], exe[4096];
	const char *base;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	n = readlink(path, exe, sizeof exe - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	base = strrchr(exe, '/');
	return strcmp(base ? base + 1 : exe, name) == 0;
}

static long peak_of(int pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		sscanf(line, "VmHWM: %ld", &kib);
	if (f)
		fclose(f);
	return kib;
}

/* Fields of /proc/PID/stat after the name, which may hold anything but ends with the last parenthesis. */
static bool stat_of(int pid, struct own *o)
{
	unsigned long user, system;
	char path[64], line[1024];
	const char *rest;
	int session;
	bool ok;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	ok = fgets(line, sizeof line, f) && (rest = strrchr(line, ')')) &&
	     sscanf(rest + 2, "%*c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &o->parent,
		     &session, &user, &system) == 4;
	fclose(f);
	if (!ok)
		return false;
	o->pid = pid;
	o->leads = session == pid;
	o->cpu = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
	return true;
}

static void note(struct measure *m, int pid)
{
	struct own o = {0};
	size_t i = 0;

	if (!is_program(pid, m->name) || !stat_of(pid, &o))
		return;
	o.leads = o.leads || pid == m->command;
	o.peak_kib = peak_of(pid);
	while (i < m->n && m->seen[i].pid != pid)
		i++;
	if (i == SEEN)
		return;
	m->seen[i] = o;
	if (i == m->n)
		m->n++;
}

static void look(struct measure *m)
{
	DIR *dir = m->name ? opendir("/proc") : NULL;
	const struct dirent *d;

	while (dir && (d = readdir(dir))) {
		if (isdigit((unsigned char)d->d_name[0]))
			note(m, atoi(d->d_name));
	}
	if (dir)
		closedir(dir);
}

/* Waits for all that are or become ours; returns the command's status. */
static int wait_for_all(struct measure *m)
{
	int status = 0, result = 0;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid < 0 && errno == ECHILD)
			return result;
		if (pid == m->command)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (pid > 0)
			continue;
		look(m);
		poll(NULL, 0, m->name ? LOOK_MS : 1);
	}
}

/* A builder's children that are the same program are steps; it leads a session or its parent does. */
static bool is_own(const struct measure *m, const struct own *o)
{
	if (o->leads)
		return true;
	for (size_t i = 0; i < m->n; i++) {
		if (m->seen[i].pid == o->parent)
			return m->seen[i].leads && m->seen[i].pid != m->command &&
			       m->seen[i].parent != m->command;
	}
	return false;
}

int main(int argc, char **argv)
{
	static struct measure m;
	struct rusage used;
	double began, own = 0;
	long peak = 0;
	int status, at = 1;

	if (argc > 2 && strcmp(argv[1], "-p") == 0) {
		m.name = argv[2];
		at = 3;
	}
	if (at >= argc) {
		fprintf(stderr, "usage: measure [-p NAME] COMMAND...\n");
		return 2;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	began = now();
	m.command = fork();
	if (m.command == 0) {
		dup2(2, 1);
		execvp(argv[at], argv + at);
		_exit(127);
	}
	status = wait_for_all(&m);
	getrusage(RUSAGE_CHILDREN, &used);
	for (size_t i = 0; i < m.n; i++) {
		if (is_own(&m, &m.seen[i]))
			own += m.seen[i].cpu;
		if (is_own(&m, &m.seen[i]) && m.seen[i].peak_kib > peak)
			peak = m.seen[i].peak_kib;
	}
	printf("%.3f %.3f %.3f %ld %d\n", now() - began,
		(double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
			(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
		own, peak, status);
	return status;
}
