/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the program that turns a virtual disk into a raw one, in a sandbox. */
#include "contents/opener.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"
#include "proc/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum { SAID_MOST = 1 << 16 };

enum contents_kind opener_makes(const struct format *f)
{
	return f->raw ? CONTENTS_NONE : f->list ? CONTENTS_LISTING : CONTENTS_FOLDER;
}

static const char *words_of(const struct format *f)
{
	return f->raw ? f->raw : f->list ? f->list : f->unpack;
}

const struct format *opener_find(const struct catalog *c, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	const struct format *found = NULL;
	unsigned char bytes[FORMAT_MAGIC];

	for (size_t i = 0; fd >= 0 && !found && i < c->formats.n; i++) {
		const struct format *f = c->formats.at[i];

		for (size_t k = 0; words_of(f) && k < f->magic.n; k++) {
			const struct format_magic *m = &f->magic.at[k];

			if (pread(fd, bytes, m->len, (off_t)m->at) == (ssize_t)m->len &&
				memcmp(bytes, m->bytes, m->len) == 0)
				found = f;
		}
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* ---- the program ---- */

struct names {
	const char *file, *raw;
};

static const char *look_up(void *ctx, const char *name, bool *is_list)
{
	const struct names *n = ctx;

	*is_list = false;
	return strcmp(name, "file") == 0 ? n->file : strcmp(name, "raw") == 0 ? n->raw : NULL;
}

/* Everything the child does. Any failure is only reported as "no": what cannot be opened is compared as bytes. */
static _Noreturn void run_confined(const char *const argv[], const char *folder)
{
	struct text said = TEXT_INIT;
	struct error err;
	int status = 1;

	sandbox_enter(folder, OPENER_MOST);
	_exit(proc_capture(argv, NULL, folder, SAID_MOST, &said, &status, &err) && status == 0 ? 0
											       : 1);
}

static bool ended_well(pid_t pid)
{
	int status = 0;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid && status == 0;
}

static bool start(const char *const argv[], const char *folder, struct error *err)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return error_errno(err, "a process cannot be started");
	if (pid == 0) {
		proc_reset_signals();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		run_confined(argv, folder);
	}
	return ended_well(pid) || error_set(err, ERROR_STEP, "%s cannot open it", argv[0]);
}

/* The file gets a plain name, because some programs interpret a path as more than a path. */
bool opener_run(const struct format *f, const char *path, const char *folder, const char *raw,
	struct error *err)
{
	struct arena a = ARENA_INIT;
	struct names names = {arena_fmt(&a, "%s-file", raw), raw};
	const char *link = arena_fmt(&a, "%s/%s", folder, names.file);
	char *whole = realpath(path, NULL);
	struct strings argv = {0};
	bool ok = whole || error_errno(err, "%s cannot be found", path), linked = false;

	ok = ok && expand_words(&argv, &a, words_of(f), look_up, &names, err);
	vec_push_in(&a, &argv, NULL);
	if (ok) {
		linked = symlink(whole, link) == 0;
		ok = (linked || error_errno(err, "%s cannot be made", link)) &&
		     (opener_makes(f) != CONTENTS_FOLDER ||
			     place_make_folder(arena_fmt(&a, "%s/%s", folder, raw), err)) &&
		     start(argv.at, folder, err);
	}
	if (linked)
		unlink(link);
	free(whole);
	arena_release(&a);
	return ok;
}
