/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts the two processes that unpack, applies patches, and gives the tree its name. */
#include "source/unpack.h"

#include "base/copy.h"
#include "base/error.h"
#include "base/inflate.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache_entry.h"
#include "proc/proc.h"
#include "proc/sandbox.h"
#include "source/unpack_patch.h"
#include "source/unpack_write.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum { PIPE_BYTES = 1 << 20, SYNC_EVERY_MS = 1000 };

/* The children's results, in memory shared by all three. */
struct findings {
	struct error reader, writer;
	time_t newest;
	bool writer_gone; /* the reader stopped because the writer did */
};

struct job {
	const struct unpack *unpack;
	const char *archive;
	const char *staging; /* folder in which it is unpacked */
	struct findings *findings;
	int pipe[2];
	uint64_t packed, unpacked;
	pid_t reader, writer, syncer;
};

static bool send_bytes(
	void *ctx, const void *bytes, size_t len, uint64_t consumed, struct error *err)
{
	struct job *j = ctx;
	const char *at = bytes;

	j->unpacked += len;
	if (j->unpacked > UNPACK_RATIO_FROM && j->unpacked / UNPACK_RATIO > consumed)
		return error_set(err, ERROR_SOURCE, "it unpacks to more than %d times its size",
			UNPACK_RATIO);
	while (len) {
		ssize_t put = write(j->pipe[1], at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			j->findings->writer_gone = true;
			return error_errno(err, "its bytes cannot be passed on");
		}
		at += put;
		len -= (size_t)put;
	}
	if (j->unpack->progress)
		j->unpack->progress(
			j->unpack->ctx, consumed < j->packed ? consumed : j->packed, j->packed);
	return true;
}

/* The bodies of the children: they end here and never return to the caller's code. */
static _Noreturn void read_half(struct job *j)
{
	bool ok;

	close(j->pipe[0]);
	sandbox_enter(NULL, UNPACK_FILE_BYTES);
	ok = j->unpack->package
		     ? inflate_member(j->archive, "data.tar", send_bytes, j, &j->findings->reader)
		     : inflate_file(j->archive, send_bytes, j, &j->findings->reader);
	_exit(ok ? 0 : 1);
}

static _Noreturn void write_half(struct job *j)
{
	bool ok;

	close(j->pipe[1]);
	umask(022);
	if (chdir(j->staging) != 0) {
		error_errno(&j->findings->writer, "%s cannot be entered", j->staging);
		_exit(1);
	}
	sandbox_enter(j->staging, UNPACK_FILE_BYTES);
	ok = unpack_write(
		j->pipe[0], j->unpack, j->packed, &j->findings->newest, &j->findings->writer);
	_exit(ok ? 0 : 1);
}

/* While decompression keeps one processor busy the disk is idle: what is written already can go to disk meanwhile, so that the
 * final sync is short. */
static _Noreturn void sync_half(struct job *j)
{
	int tree = open(j->staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	close(j->pipe[0]);
	close(j->pipe[1]);
	do
		poll(NULL, 0, SYNC_EVERY_MS);
	while (tree >= 0 && syncfs(tree) == 0);
	_exit(0); /* failures show at the end */
}

static pid_t start(struct job *j, void (*half)(struct job *j))
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	proc_reset_signals();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	half(j);
	_exit(1);
}

static bool ended_well(pid_t pid, const char *what, struct error *found, struct error *err)
{
	int status = 0;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_errno(err, "%s it came to an unknown end", what);
	if (status == 0)
		return true;
	if (found->kind == ERROR_NONE)
		return error_set(
			err, ERROR_SOURCE, "%s it ended with %s", what, proc_words(status).s);
	*err = *found;
	return false;
}

/* Both run at once; check the writer first, because the reader learns of its failure only as a closed pipe. */
static bool run_halves(struct job *j, struct error *err)
{
	struct error reader_err = {0};
	bool read_ok, write_ok;

	if (pipe2(j->pipe, O_CLOEXEC) != 0)
		return error_errno(err, "a pipe cannot be made");
	fcntl(j->pipe[1], F_SETPIPE_SZ, PIPE_BYTES);
	j->writer = start(j, write_half);
	j->reader = j->writer > 0 ? start(j, read_half) : -1;
	j->syncer = j->reader > 0 ? start(j, sync_half) : -1;
	close(j->pipe[0]);
	close(j->pipe[1]);
	if (j->reader < 0)
		error_errno(&j->findings->reader, "a process cannot be started");
	write_ok = j->writer > 0 && ended_well(j->writer, "writing", &j->findings->writer, err);
	read_ok = j->reader > 0 &&
		  ended_well(j->reader, "reading", &j->findings->reader, &reader_err);
	if (j->syncer > 0) {
		kill(j->syncer, SIGKILL);
		waitpid(j->syncer, NULL, 0);
	}
	if (!read_ok && j->reader <= 0)
		reader_err = j->findings->reader;
	/* If the reader failed by itself, that is why the writer lacked data. */
	if (!read_ok && !j->findings->writer_gone)
		*err = reader_err;
	if (write_ok && (read_ok || j->findings->writer_gone))
		return true;
	if (err->kind == ERROR_SOURCE)
		return error_in(err, "%s is refused", j->archive);
	return error_in(err, "%s cannot be unpacked", j->archive);
}

/* Everything is on disk before the name is, and the name before we report success. */
static bool publish(const char *staging, const char *result, struct error *err)
{
	struct text parent = TEXT_INIT;
	int tree = open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int folder = -1;
	bool ok = false;

	text_add(&parent, result, (size_t)(strrchr(result, '/') + 1 - result));
	folder = open(parent.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree < 0 || folder < 0 || syncfs(tree) != 0 || rename(staging, result) != 0 ||
		fsync(folder) != 0)
		error_errno(err, "%s cannot be put in place", result);
	else
		ok = true;
	if (tree >= 0)
		close(tree);
	if (folder >= 0)
		close(folder);
	text_release(&parent);
	return ok;
}

static bool unpack_one(const struct unpack *u, struct findings *f, const char *archive,
	const char *folder, struct error *err)
{
	struct job j = {.unpack = u,
		.archive = archive,
		.staging = folder,
		.findings = f,
		.pipe = {-1, -1}};
	struct stat st;

	*f = (struct findings){.newest = 0};
	if (stat(archive, &st) != 0)
		return error_errno(err, "%s cannot be read", archive);
	if (S_ISDIR(st.st_mode))
		return copy_tree(archive, folder, err);
	j.packed = (uint64_t)st.st_size;
	return run_halves(&j, err);
}

static bool unpack_part(const struct unpack *u, struct findings *f, const char *staging,
	const char *archive, const char *name, struct error *err)
{
	struct unpack part = *u;
	struct text folder = TEXT_INIT, replaced = TEXT_INIT;
	bool ok;

	part.further = true;
	text_fmt(&folder, "%s/%s", staging, name);
	text_fmt(&replaced, "%s%s%s", folder.s, u->only ? "/" : "", u->only ? u->only : "");
	ok = place_remove(replaced.s, err) && place_make_folder(folder.s, err) &&
	     unpack_one(&part, f, archive, folder.s, err);
	text_release(&folder);
	text_release(&replaced);
	return ok;
}

static _Noreturn void patch_half(struct job *j)
{
	sandbox_enter(j->staging, UNPACK_FILE_BYTES);
	_exit(unpack_patches(j->unpack, j->staging, &j->findings->writer) ? 0 : 1);
}

static bool patch_all(
	const struct unpack *u, struct findings *f, const char *staging, struct error *err)
{
	struct job j = {.unpack = u, .staging = staging, .findings = f};
	pid_t pid;

	if (!u->debian && !u->patches.n)
		return true;
	*f = (struct findings){.newest = 0};
	pid = start(&j, patch_half);
	if (pid < 0)
		return error_errno(err, "a process cannot be started");
	return ended_well(pid, "patching", &f->writer, err);
}

static bool unpack_to(const struct unpack *u, const char *staging, struct error *err)
{
	struct findings *f =
		mmap(NULL, sizeof *f, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct unpack series = *u;
	bool ok;

	if (f == MAP_FAILED)
		return error_errno(err, "there is no memory to unpack %s", u->archive);
	/* what else packagers keep there may have links into the tree that it is not in yet, and what the authors keep there
	 * themselves their configure script may want (strace's debian/changelog.in) */
	series.only = "patches";
	ok = unpack_one(u, f, u->archive, staging, err);
	if (ok && u->newest)
		*u->newest = f->newest;
	for (size_t i = 0; ok && i < u->parts.n; i++)
		ok = unpack_part(u, f, staging, u->parts.at[i].archive, u->parts.at[i].folder, err);
	if (ok && u->debian && !unpack_is_diff(u->debian))
		ok = unpack_part(&series, f, staging, u->debian, "debian", err);
	ok = ok && patch_all(u, f, staging, err);
	munmap(f, sizeof *f);
	return ok;
}

bool unpack_tree(const struct unpack *u, struct error *err)
{
	struct text staging = TEXT_INIT;
	struct error ignored;
	bool ok = false;

	if (access(u->result, F_OK) == 0)
		return true; /* it got its name only when complete */
	if (u->result[0] != '/')
		return error_set(
			err, ERROR_INTERNAL, "the tree %s must be an absolute path", u->result);
	text_fmt(&staging, "%s.unpacking", u->result);
	if (!place_remove(staging.s, err) || !place_make_folder(staging.s, err))
		goto out;
	ok = unpack_to(u, staging.s, err) &&
	     (!u->cache || cache_record(u->cache, staging.s, u->result, err)) &&
	     publish(staging.s, u->result, err);
	if (!ok && !place_remove(staging.s, &ignored))
		ok = false; /* the next attempt removes it */
out:
	text_release(&staging);
	return ok;
}
