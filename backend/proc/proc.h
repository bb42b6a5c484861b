/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of the host: the only place that forks and execs them. Fill a struct proc, start it, wait for it.
 *
 * argv is never a shell string; its first word is searched along PATH of the *given* environment. The program gets /dev/null as
 * stdin, one fd as stdout and stderr, none of our other fds, default signals, and dies when we die. With `group` it leads its own
 * process group, so that proc_kill reaches its children too. If it cannot be executed at all, proc_start fails (ERROR_HOST naming
 * the program).
 *
 * `status` is always the raw wait status: 0 if and only if the program succeeded.
 */
#ifndef PROC_H
#define PROC_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include <sys/types.h>

/* Slashes, of which digits take the place of some: it stands in a path. */
#define PROC_ID "//////////"

struct jail;

struct proc {
	const char *const *argv; /* ends with NULL */
	const char *const *
		env; /* KEY=VALUE, ends with NULL; the whole environment. NULL: the one of proc_environment */
	const char *cwd;	 /* NULL: ours */
	int in_fd;		 /* 0: /dev/null */
	int out_fd;		 /* stdout and stderr; 0: /dev/null */
	int keep_fds[2];	 /* more fds for the program, under the same numbers; 0: none */
	bool group;		 /* own process group */
	const struct jail *jail; /* the sandbox that it runs in; NULL: none */
	char *own_id; /* PROC_ID bytes of the environment where its process id is written, as it sees itself; NULL: none */

	pid_t pid; /* set by proc_start */
	int pidfd; /* becomes readable when the program has ended; proc_wait closes it */
};

CHECKED bool proc_start(struct proc *p, struct error *err);

/* Waits at most that many milliseconds (-1: for ever). True: the program has ended, *status is set, p is released. */
bool proc_wait(struct proc *p, int timeout_ms, int *status);

/* Sends the signal to the program, and with `group` to its whole group. */
void proc_kill(const struct proc *p, int sig);

/* SIGTERM, wait up to `grace_ms`, SIGKILL; also to the rest of the group. p is released afterwards. */
int proc_end(struct proc *p, int grace_ms);

/* Runs a program to its end and appends what it printed (stdout and stderr) to `out`. More than `limit` bytes or more than
 * PROC_PATIENCE_MS kill it and are errors; a failing program is not an error: look at *status. */
#define PROC_PATIENCE_MS (10 * 60 * 1000)
CHECKED bool proc_capture(const char *const argv[], const char *const env[], const char *cwd,
	size_t limit, struct text *out, int *status, struct error *err);
CHECKED bool proc_capture_for(int patience_ms, const char *const argv[], const char *const env[],
	const char *cwd, size_t limit, struct text *out, int *status, struct error *err);

/* "exit status 2", "killed by SIGKILL" */
struct proc_words {
	char s[48];
};
struct proc_words proc_words(int status);
int proc_exit(int status); /* exit status, 128+n for a signal */

/* The small environment for the host's own tools: PATH, HOME, TMPDIR and proxies from ours, LC_ALL=C.UTF-8. Added to `env` and
 * terminated by a NULL that env->n does not count, so that a caller can add more (and terminate it again). */
void proc_environment(struct strings *env, struct arena *a);

/* Does such a program exist along the PATH of that environment (NULL: our own PATH)? Its path goes to `path`. */
bool proc_find(const char *name, const char *const env[], struct text *path);

/* Kills what is left below us: our children, and orphans that become ours because we are their subreaper. With `grace_ms` first
 * sends SIGTERM to all descendants and waits that long (0: SIGKILL at once). Returns when no child is left. */
void proc_kill_descendants(int grace_ms);

/* Resets every signal to its default and unblocks all: for a forked process of ours before it does its own work. */
void proc_reset_signals(void);

/* Closes every fd from 3 on except those in `keep` (-1 entries are ignored): for a forked process of ours that execs nothing. */
void proc_close_others(const int keep[], size_t n);

#endif
