/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts a pager and pipes our output to it. */
#include "proc/pager.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

extern char **environ;

struct pager {
	struct proc proc;
	int terminal; /* the original standard output */
	void (*interrupt)(int);
};

/* PAGER's words; no shell is involved, so quotes mean nothing. */
static bool find_command(struct strings *argv, struct arena *a)
{
	const char *command = getenv("PAGER");
	struct text path = TEXT_INIT;
	char *rest = arena_str(a, command ? command : "less");
	bool found;

	for (char *word; (word = strtok_r(rest, " ", &rest));)
		vec_push_in(a, argv, word);
	found = argv->n && strcmp(argv->at[0], "cat") != 0 && proc_find(argv->at[0], NULL, &path);
	vec_push_in(a, argv, NULL);
	text_release(&path);
	return found;
}

static bool start(struct pager *p, const struct strings *argv)
{
	struct error ignored;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	p->terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	/* quit if it fits on one screen, pass colours through, do not clear the screen */
	setenv("LESS", "FRX", 0);
	p->proc = (struct proc){.argv = argv->at,
		.env = (const char *const *)environ,
		.in_fd = ends[0],
		.out_fd = p->terminal};
	if (p->terminal < 0 || !proc_start(&p->proc, &ignored)) {
		close(p->terminal);
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	p->interrupt = signal(SIGINT, SIG_IGN);
	return true;
}

struct pager *pager_start(void)
{
	struct arena arena = ARENA_INIT;
	struct strings argv = {0};
	struct pager *p = calloc(1, sizeof *p);

	if (p && (!find_command(&argv, &arena) || !start(p, &argv))) {
		free(p);
		p = NULL;
	}
	arena_release(&arena);
	return p;
}

void pager_end(struct pager *p)
{
	int status;

	if (!p)
		return;
	dup2(p->terminal,
		STDOUT_FILENO); /* this closes our end of the pipe: the pager sees the end */
	close(p->terminal);
	proc_wait(&p->proc, -1, &status);
	signal(SIGINT, p->interrupt);
	free(p);
}
