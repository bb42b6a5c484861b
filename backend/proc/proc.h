/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of the host: the only place that forks and execs them. Fill a struct proc, start it, wait for it.
 *
 * argv is never a shell string; its first word is searched along PATH of the *given* environment. The program gets stdin from
 * /dev/null, stdout and stderr to one fd, no other fd of ours, default signals, and dies when we die. With `group` it leads a
 * process group of its own, so that proc_kill reaches its children too. That it cannot be executed at all is an error of
 * proc_start (ERROR_HOST naming the program), not an exit status.
 *
 * `status` is always the raw wait status: 0 exactly when the program ended with success.
 */
#ifndef PROC_H
#define PROC_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include <sys/types.h>

struct proc {
	const char *const *argv; /* ends with NULL */
	const char *const *
		env; /* KEY=VALUE, ends with NULL; the whole environment. NULL: that of proc_environment */
	const char *cwd; /* NULL: ours */
	int in_fd;	 /* 0: /dev/null */
	int out_fd;	 /* stdout and stderr; 0: /dev/null */
	int keep_fds[2]; /* more fds that the program gets under the same numbers; 0: none */
	bool group;	 /* own process group */

	pid_t pid; /* set by proc_start */
	int pidfd; /* becomes readable when the program has ended; closed by proc_wait */
};

CHECKED bool proc_start(struct proc *p, struct error *err);

/* Waits at most that many milliseconds (-1: for ever). True: it has ended, *status is set, p is done with. */
bool proc_wait(struct proc *p, int timeout_ms, int *status);

/* Sends the signal to the program, and with `group` to its whole group. */
void proc_kill(const struct proc *p, int sig);

/* SIGTERM, up to `grace_ms` of patience, SIGKILL; also to the group that is left over. Always ends with p done with. */
int proc_end(struct proc *p, int grace_ms);

/* Runs a program to its end and keeps what it printed (stdout and stderr). More than `limit` bytes or more than
 * PROC_PATIENCE_MS kill it and are errors; a failing program is not an error: look at *status. `out` is appended to. */
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

/* The small environment for the host's own tools: PATH, HOME, TMPDIR and proxies as we have them, LC_ALL=C.UTF-8. Added to
 * `env` and closed with a NULL that is not counted in env->n, so that a caller can go on adding (and close it again). */
void proc_environment(struct strings *env, struct arena *a);

/* Is there such a program along the PATH of that environment (NULL: our own PATH)? Its path goes to `path`. */
bool proc_find(const char *name, const char *const env[], struct text *path);

/* Kills what is left below us: our children, and all that become ours because we are their subreaper. SIGTERM to all
 * descendants and up to `grace_ms` of patience first (0: SIGKILL at once). Returns when no child is left. */
void proc_kill_descendants(int grace_ms);

/* Gives every signal its default again and unblocks all: for a forked process of ours before it does its own work. */
void proc_reset_signals(void);

/* Closes every fd from 3 on but those in `keep` (-1 entries are fine): for a forked process of ours that execs nothing. */
void proc_close_others(const int keep[], size_t n);

#endif
