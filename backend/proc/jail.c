/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out how much of a sandbox this machine allows, by making each kind once, the best first. */
#include "proc/jail.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/filter.h"
#include "proc/jail_enter.h"
#include "proc/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	LANDLOCK_NEEDED = 2, /* before, nothing could be renamed from folder to folder */
	LANDLOCK_SIGNALS = 6
};

/* What the probing child says. */
struct answer {
	char doing[100];
	int number;
};

const char *jail_wish_word(enum jail_wish wish)
{
	static const char *const words[] = {"auto", "require", "off"};

	return words[wish];
}

/* Can a file be made in the folder, and removed? */
static bool try_folder(const char *folder)
{
	struct text path = TEXT_INIT;
	bool ok;
	int fd;

	text_fmt(&path, "%s/.sandbox-%ld", folder, (long)getpid());
	fd = open(path.s, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ok = fd >= 0 && unlink(path.s) == 0;
	if (fd >= 0)
		close(fd);
	text_release(&path);
	return ok;
}

static _Noreturn void try_in_child(const struct jail *j, bool writable, int report)
{
	struct answer a = {.number = 0};
	const char *doing;

	if (jail_enter(j, &doing)) {
		doing = "a file in the cache";
		if (!writable || try_folder(j->folder))
			_exit(0);
	}
	a.number = errno;
	snprintf(a.doing, sizeof a.doing, "%s", doing);
	if (write(report, &a, sizeof a) < 0)
		_exit(2);
	_exit(1);
}

/* Makes such a sandbox for a moment. */
static bool try(const struct jail_power *power, const char *folder, struct answer *answer)
{
	struct jail_view views[] = {{JAIL_SYSTEM, "/usr"}, {JAIL_WRITE, folder}};
	struct jail j = {.power = *power, .views = {views, 2, 2}, .folder = folder};
	bool writable = access(folder, W_OK) == 0;
	int report[2], status = 1;
	pid_t pid;

	*answer = (struct answer){.doing = "a process"};
	if (pipe2(report, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		try_in_child(&j, writable, report[1]);
	close(report[1]);
	if (pid > 0 && read(report[0], answer, sizeof *answer) != (ssize_t)sizeof *answer)
		answer->number = EPERM;
	close(report[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && status == 0;
}

/* Name spaces, with all that goes with them or as much as is possible. */
static bool find_spaces(struct jail_power *p, const char *folder)
{
	const bool root = geteuid() == 0;
	struct answer first = {.number = 0}, answer;

	for (int without = 0; without < 4; without++) {
		p->spaces = true;
		p->processes = !(without & 2);
		p->nobody = root && !(without & 1);
		if (!root && (without & 1))
			continue;
		if (try(p, folder, &answer))
			break;
		if (without == 0)
			first = answer;
		p->spaces = p->processes = p->nobody = false;
	}
	if (*first.doing)
		snprintf(p->lacks, sizeof p->lacks, "%s: %s", first.doing, strerror(first.number));
	return p->spaces;
}

/* Tests see what a machine with less would do. */
static bool is_wanted(const char *what)
{
	const char *only = getenv("BOOTSMITH_TEST_SANDBOX");

	return !only || strstr(only, what);
}

/* The nearest folder that exists. */
static const char *nearest(struct arena *a, const char *folder)
{
	char *path = arena_str(a, folder);
	char *slash;

	while (access(path, F_OK) != 0 && (slash = strrchr(path, '/')) && slash > path)
		*slash = '\0';
	return access(path, F_OK) == 0 ? path : "/";
}

void jail_probe(struct jail_power *p, const char *folder)
{
	struct arena a = ARENA_INIT;
	long version = is_wanted("landlock") ? landlock_version() : 0;

	*p = (struct jail_power){0};
	p->landlock = version >= LANDLOCK_NEEDED;
	p->signals = version >= LANDLOCK_SIGNALS;
	p->filter = is_wanted("seccomp") && filter_possible();
	if (!is_wanted("namespaces"))
		snprintf(p->lacks, sizeof p->lacks, "name spaces were turned off for a test");
	else
		find_spaces(p, nearest(&a, folder));
	/* sockets that nobody refuses would lead to whatever listens */
	if (!p->spaces && !(p->landlock && p->filter))
		p->landlock = p->signals = p->filter = false;
	arena_release(&a);
}

bool jail_is_whole(const struct jail_power *p)
{
	return p->spaces && p->processes;
}

void jail_marks(const struct jail_power *p, struct strings *out)
{
	const struct {
		bool there;
		const char *word;
	} rows[] = {{p->spaces, "namespaces"}, {p->processes, "processes"}, {p->nobody, "user"},
		{p->landlock, "landlock"}, {p->filter, "seccomp"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].there)
			vec_push(out, rows[i].word);
}

void jail_unbounded(const struct jail_power *p, struct text *out)
{
	text_str(out, "the memory of a step's processes together");
	if (geteuid() == 0 && !p->nobody)
		text_str(out, ", and how many they are, for root's are not counted");
}

void jail_words(const struct jail_power *p, struct text *out)
{
	const struct {
		bool there;
		const char *words;
	} rows[] = {{p->spaces && p->processes, "name spaces"},
		{p->spaces && !p->processes, "name spaces without processes of its own"},
		{p->landlock, "Landlock"}, {p->filter, "seccomp"},
		{p->nobody, "as the user nobody"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].there)
			text_fmt(out, "%s%s", out->len ? ", " : "", rows[i].words);
}
