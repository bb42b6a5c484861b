/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer's side of a run. journal_spawn makes two processes: a supervisor, which holds the locks and only waits, and below it
 * the body, which may be killed or crash at any moment. Whatever happens to the body, the supervisor kills what is left of it and
 * makes sure that the log has a last event.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache.h"
#include "cache/cache_entry.h"
#include "proc/proc.h"
#include "run/event.h"
#include "run/journal.h"
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define RESERVE_BYTES \
	(256 * 1024) /* released when the disk is full, so that the last events can still be written */
#define RUNS_KEPT	 100
#define CANCEL_MS	 1700
#define BUSY_PATIENCE_MS 1000

static bool append(int fd, const struct text *line)
{
	off_t end = lseek(fd, 0, SEEK_END);
	ssize_t put = write(fd, line->s, line->len);

	if (put == (ssize_t)line->len)
		return true;
	if (put >= 0 && ftruncate(fd, end) == 0)
		errno = ENOSPC; /* a short write means a full disk; half a line must not stay */
	return false;
}

static void give_up_reserve(const struct journal *j)
{
	struct text path = TEXT_INIT;

	text_fmt(&path, "%s/reserve", j->folder);
	unlink(path.s);
	text_release(&path);
}

void journal_emit(struct journal *j, const struct event *e)
{
	struct text line = TEXT_INIT;
	struct event dated = *e;

	dated.time = clock_now() - j->began;
	event_write(&dated, EVENT_LINE, &line);
	text_char(&line, '\n');
	if (!append(j->events_fd, &line) && e->kind != EVENT_PROGRESS) {
		give_up_reserve(j);
		append(j->events_fd, &line);
	}
	text_release(&line);
}

void journal_note(struct journal *j, const char *sentence)
{
	journal_emit(j, &(struct event){.kind = EVENT_NOTE, .note.text = sentence});
}

void journal_fail(struct journal *j, int status, const char *sentence)
{
	struct event e = {.kind = EVENT_FINISHED};

	e.finished.status = status;
	e.finished.seconds = clock_now() - j->began;
	e.finished.error = sentence;
	journal_emit(j, &e);
}

/* Removes half a line that a crash may have left, and tells whether the log already has its last event. */
static bool has_last_event(const struct journal *j)
{
	struct text path = TEXT_INIT, log = TEXT_INIT;
	struct arena a = ARENA_INIT;
	struct event e = {0};
	struct error err;
	const char *end, *start;
	bool known = false, last = false;

	text_fmt(&path, "%s/events", j->folder);
	if (!text_read_file(&log, path.s, (size_t)1 << 30, &err))
		goto out;
	end = memrchr(log.s, '\n', log.len);
	if (ftruncate(j->events_fd, end ? end - log.s + 1 : 0) < 0 || !end)
		goto out;
	start = memrchr(log.s, '\n', (size_t)(end - log.s));
	start = start ? start + 1 : log.s;
	last = event_parse(&e, &known, start, (size_t)(end - start), &a, &err) && known &&
	       event_is_last(&e);
out:
	text_release(&path);
	text_release(&log);
	arena_release(&a);
	return last;
}

static void emit_end(struct journal *j, int status, int cancelled)
{
	struct text why = TEXT_INIT;
	int code = cancelled ? 128 + cancelled : ERROR_INTERNAL;

	if (cancelled)
		text_str(&why, "cancelled");
	else
		text_fmt(&why,
			"the run ended before it was done (%s); its last words are in %s/daemon.log",
			proc_words(status).s, j->folder);
	journal_fail(j, code, why.s);
	text_release(&why);
}

struct watch {
	pid_t body;
	int status;    /* of the body */
	int cancelled; /* the signal that asked us to end, 0: none */
	double deadline;
};

static void next_signal(struct watch *w, const sigset_t *set)
{
	double left = w->cancelled ? w->deadline - clock_now() : 3600;
	struct timespec patience = {0};
	int sig;

	if (left > 0) {
		patience.tv_sec = (time_t)left;
		patience.tv_nsec = (long)((left - (double)patience.tv_sec) * 1e9);
	}
	sig = sigtimedwait(set, NULL, &patience);
	if (sig == SIGTERM || sig == SIGINT) {
		if (!w->cancelled)
			w->deadline = clock_now() + CANCEL_MS / 1000.0;
		w->cancelled = w->cancelled ? w->cancelled : sig;
		kill(w->body, sig);
	} else if (sig < 0 && errno == EAGAIN && w->cancelled) {
		kill(w->body, SIGKILL);
	}
}

/* True when the body itself has ended; also reaps orphans of the body. */
static bool body_ended(struct watch *w)
{
	pid_t got;
	int status;

	while ((got = waitpid(-1, &status, WNOHANG)) > 0) {
		if (got != w->body)
			continue;
		w->status = status;
		return true;
	}
	return false;
}

static void supervise(struct journal *j, pid_t body, const sigset_t *set, void *ctx)
{
	struct watch w = {.body = body};

	while (!body_ended(&w))
		next_signal(&w, set);
	proc_kill_descendants(0);
	if (j->after)
		j->after(ctx);
	if (!has_last_event(j))
		emit_end(j, w.status, w.cancelled);
	give_up_reserve(j);
}

static void redirect(const struct journal *j)
{
	struct text path = TEXT_INIT;
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC), log_fd;

	text_fmt(&path, "%s/daemon.log", j->folder);
	log_fd = open(path.s, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	text_release(&path);
	if (null_fd < 0)
		_exit(1);
	dup2(null_fd, 0);
	dup2(log_fd >= 0 ? log_fd : null_fd, 1);
	dup2(1, 2);
	proc_close_others((const int[]){j->events_fd, j->lock_fd, j->profile_fd}, 3);
}

static void become_body(struct journal *j, pid_t parent, journal_body *body, void *ctx)
{
	sigset_t set;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(body(j, ctx));
}

/* The supervisor's process. `ready` is closed when the run is visible and can be cancelled. */
static void become_supervisor(struct journal *j, int ready, journal_body *body, void *ctx)
{
	sigset_t set;
	pid_t child, self = getpid();

	proc_reset_signals();
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	lock_sign(j->lock_fd);
	lock_sign(j->profile_fd);
	if (write(ready, "k", 1) != 1)
		_exit(1);
	redirect(j);
	child = fork();
	if (child == 0)
		become_body(j, self, body, ctx);
	if (child > 0)
		supervise(j, child, &set, ctx);
	else
		emit_end(j, ERROR_INTERNAL, 0);
	_exit(0);
}

static bool start_daemon(struct journal *j, journal_body *body, void *ctx, struct error *err)
{
	char answer = 0;
	int ready[2];
	ssize_t got;
	pid_t child;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return error_errno(err, "the builder cannot be started: no pipe");
	child = fork();
	if (child == 0) {
		setsid();
		if (fork() == 0)
			become_supervisor(j, ready[1], body, ctx);
		_exit(0); /* our parent exits, so that the supervisor never becomes a zombie */
	}
	close(ready[1]);
	if (child > 0)
		waitpid(child, NULL, 0);
	do
		got = read(ready[0], &answer, 1);
	while (got < 0 && errno == EINTR);
	close(ready[0]);
	if (child < 0 || got != 1)
		return error_set(err, ERROR_HOST,
			"the builder cannot be started: no new process could be made");
	return true;
}

static bool take_profile(
	struct journal *j, const struct place *place, const char *profile, struct error *err)
{
	struct text path = TEXT_INIT;
	double until = clock_now() + BUSY_PATIENCE_MS / 1000.0;
	const struct timespec tick = {0, 10 * 1000 * 1000};
	bool ok;

	text_fmt(&path, "%s/lock/profile-%s", place->cache, profile);
	/* A run that has just written its last event needs another moment to end. */
	while ((ok = lock_try(path.s, LOCK_ALONE, &j->profile_fd, err)) && j->profile_fd < 0 &&
		clock_now() < until)
		nanosleep(&tick, NULL);
	if (ok && j->profile_fd < 0)
		ok = error_set(err, ERROR_HOST,
			"another run of the profile %s is going on (pid %ld); `bootsmith attach` shows it",
			profile, lock_holder(path.s));
	text_release(&path);
	return ok;
}

static const char *new_folder(
	const struct place *place, const char *profile, struct arena *a, struct error *err)
{
	struct timespec t;
	struct tm parts;
	char stamp[32];

	for (int attempt = 0; attempt < 1000; attempt++) {
		const char *path;

		clock_gettime(CLOCK_REALTIME, &t);
		gmtime_r(&t.tv_sec, &parts);
		strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &parts);
		path = arena_fmt(
			a, "%s/run/%s-%06ld-%s", place->cache, stamp, t.tv_nsec / 1000, profile);
		if (mkdir(path, 0777) == 0)
			return path;
		if (errno != EEXIST)
			break;
	}
	error_errno(err, "no folder for the run can be made in %s/run", place->cache);
	return NULL;
}

static bool write_about(
	const struct journal *j, enum run_kind kind, struct arena *a, struct error *err)
{
	json_t *about = json_pack("{s:s,s:s}", "profile", j->profile, "kind", run_kind_word(kind));
	char *dump = json_dumps(about, JSON_COMPACT);
	const char *path = arena_fmt(a, "%s/about", j->folder);
	const char *reserve = arena_fmt(a, "%s/reserve", j->folder);
	bool ok = place_write_soon(path, dump, strlen(dump), err);
	int fd;

	free(dump);
	json_decref(about);
	if (!ok)
		return false;
	fd = open(reserve, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || posix_fallocate(fd, 0, RESERVE_BYTES) != 0) {
		if (fd >= 0)
			close(fd);
		unlink(reserve);
		return error_set(err, ERROR_HOST,
			"there is no space left for the cache in %s; free some and try again",
			j->folder);
	}
	close(fd);
	return true;
}

static bool open_journal(struct journal *j, const struct place *place, enum run_kind kind,
	struct arena *a, struct error *err)
{
	const char *path;

	j->folder = new_folder(place, j->profile, a, err);
	if (!j->folder ||
		!lock_try(arena_fmt(a, "%s/lock", j->folder), LOCK_ALONE, &j->lock_fd, err))
		return false;
	path = arena_fmt(a, "%s/events", j->folder);
	j->events_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (j->events_fd < 0)
		return error_errno(err, "%s cannot be written", path);
	return write_about(j, kind, a, err);
}

bool journal_spawn(struct run **out, const struct place *place, const char *profile,
	enum run_kind kind, journal_body *body, journal_after *after, void *ctx, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct journal j = {.profile = profile,
		.began = clock_now(),
		.after = after,
		.events_fd = -1,
		.lock_fd = -1,
		.profile_fd = -1};
	struct error ignored;
	bool ok = false;

	*out = NULL;
	if (!cache_prepare(place, err) || !take_profile(&j, place, profile, err))
		goto out;
	if (!open_journal(&j, place, kind, &a, err) || !start_daemon(&j, body, ctx, err)) {
		if (j.folder && !place_remove(j.folder, &ignored))
			errno = 0;
		goto out;
	}
	ok = run_open(out, j.folder, err);
	cache_trim_runs(place, RUNS_KEPT);
out:
	lock_release(j.lock_fd);
	lock_release(j.profile_fd);
	lock_release(j.events_fd);
	arena_release(&a);
	return ok;
}
