/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader's side of a run: follows the event log as it grows. The writer's lock tells whether it is alive; a log without a
 * last event and without a writer is reported once as EVENT_LOST.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/text.h"
#include "choice/profile.h"
#include "run/event.h"
#include "run/journal.h"
#include "run/run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/banned.h"

struct run {
	struct arena arena;
	const char *folder, *profile, *lock;
	uid_t owner;
	enum run_kind kind;
	int events_fd;
	int news_fd; /* inotify; -1 if the system has no watches left: then the caller's poll time-out must do */
	struct text unread; /* bytes of the log not yet delivered */
	bool ended;	    /* the last event was delivered */
};

static const char *const kinds[] = {"build", "boot", "grid", "write"};

const char *run_kind_word(enum run_kind kind)
{
	return kinds[kind];
}

static bool read_about(struct run *r, struct error *err)
{
	struct text about = TEXT_INIT;
	const char *profile, *word;
	size_t kind = 0, n = sizeof kinds / sizeof *kinds;
	json_t *o = NULL;
	bool ok = false;

	if (!text_read_file(&about, arena_fmt(&r->arena, "%s/about", r->folder), 4096, err))
		goto out;
	o = json_loadb(about.s, about.len, 0, NULL);
	profile = json_string_value(json_object_get(o, "profile"));
	word = json_string_value(json_object_get(o, "kind"));
	while (word && kind < n && strcmp(kinds[kind], word) != 0)
		kind++;
	if (!profile || !word || kind == n) {
		error_set(err, ERROR_INTERNAL, "%s/about is damaged", r->folder);
		goto out;
	}
	r->profile = arena_str(&r->arena, profile);
	r->kind = (enum run_kind)kind;
	ok = true;
out:
	json_decref(o);
	text_release(&about);
	return ok;
}

bool run_open(struct run **out, const char *folder, struct error *err)
{
	struct run *r = xmalloc(sizeof *r);
	const char *events;
	struct stat st;

	*r = (struct run){.events_fd = -1, .news_fd = -1, .unread = TEXT_INIT};
	r->folder = arena_str(&r->arena, folder);
	r->lock = arena_fmt(&r->arena, "%s/lock", folder);
	events = arena_fmt(&r->arena, "%s/events", folder);
	*out = NULL;
	if (!read_about(r, err))
		goto fail;
	r->owner = stat(folder, &st) == 0 ? st.st_uid : geteuid();
	r->events_fd = file_open(events, err);
	if (r->events_fd < 0) {
		error_in(err, "the event log");
		goto fail;
	}
	r->news_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (r->news_fd >= 0)
		inotify_add_watch(r->news_fd, events, IN_MODIFY | IN_CLOSE_WRITE);
	*out = r;
	return true;
fail:
	run_free(r);
	return false;
}

static bool newer_run_of(
	const char *runs, const char *id, const char *profile, const char *than, struct run **out)
{
	struct text folder = TEXT_INIT;
	struct error ignored;
	bool found = false;

	if (id[0] == '.' || (than && strcmp(id, than) < 0))
		return false;
	text_fmt(&folder, "%s/%s", runs, id);
	if (run_open(out, folder.s, &ignored)) {
		found = !profile || strcmp((*out)->profile, profile) == 0;
		if (!found)
			run_free(*out);
	}
	text_release(&folder);
	return found;
}

/* The newest run of a profile (NULL: of any) that is older than the run `before` (NULL: of all). */
static struct run *newest(const char *runs, const char *profile, const char *before, bool own)
{
	struct run *best = NULL, *r;
	const struct dirent *d;
	char *best_id = NULL;
	DIR *dir = opendir(runs);

	while (dir && (d = readdir(dir))) {
		if (before && strcmp(d->d_name, before) >= 0)
			continue;
		if (!newer_run_of(runs, d->d_name, profile, best_id, &r))
			continue;
		if (own && !run_is_own(r)) {
			run_free(r);
			continue;
		}
		run_free(best);
		free(best_id);
		best = r;
		best_id = xstrdup(d->d_name);
	}
	if (dir)
		closedir(dir);
	free(best_id);
	return best;
}

bool run_attach(struct run **out, const struct place *place, const char *profile, struct error *err)
{
	struct text runs = TEXT_INIT;

	text_fmt(&runs, "%s/run", place->cache);
	*out = newest(runs.s, profile, NULL, true);
	if (!*out)
		*out = newest(runs.s, profile, NULL, false);
	text_release(&runs);
	if (*out)
		return true;
	if (profile)
		return error_set(err, ERROR_USAGE,
			"there is no run of the profile %s yet; `bootsmith build %s` starts one",
			profile, profile);
	return error_set(
		err, ERROR_USAGE, "there is no run yet; `bootsmith build PROFILE` starts one");
}

struct run *run_before(const struct run *r)
{
	const char *id = strrchr(r->folder, '/') + 1;
	struct text runs = TEXT_INIT;
	struct run *older;

	text_add(&runs, r->folder, (size_t)(id - 1 - r->folder));
	older = newest(runs.s, r->profile, id, false);
	text_release(&runs);
	return older;
}

const char *run_profile(const struct run *r)
{
	return r->profile;
}

const char *run_folder(const struct run *r)
{
	return r->folder;
}

bool run_choices(const struct run *r, const struct catalog *c, struct profile *p, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	text_fmt(&path, "%s/profile", r->folder);
	ok = profile_open(p, c, path.s, err);
	text_release(&path);
	return ok;
}

bool run_is_own(const struct run *r)
{
	return r->owner == geteuid();
}

void run_print_owner(const struct run *r, struct text *out)
{
	const struct passwd *p = getpwuid(r->owner);

	if (p)
		text_str(out, p->pw_name);
	else
		text_fmt(out, "user %ld", (long)r->owner);
}

bool run_is_boot(const struct run *r)
{
	return r->kind == RUN_BOOT || r->kind == RUN_GRID;
}

enum run_kind run_kind(const struct run *r)
{
	return r->kind;
}

bool run_is_alive(const struct run *r)
{
	return lock_is_held(r->lock);
}

int run_fd(const struct run *r)
{
	return r->news_fd;
}

/* Reads what was appended to the log since; false on a read error. */
static bool read_news(struct run *r, struct error *err)
{
	char chunk[65536];
	ssize_t got;

	while (r->news_fd >= 0 && read(r->news_fd, chunk, sizeof chunk) > 0)
		continue;
	while ((got = read(r->events_fd, chunk, sizeof chunk)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "the event log in %s cannot be read", r->folder);
		text_add(&r->unread, chunk, (size_t)got);
	}
	return true;
}

static bool deliver_line(
	struct run *r, const char *line, size_t len, event_sink *sink, void *ctx, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct event e;
	bool known, ok = event_parse(&e, &known, line, len, &a, err);

	if (!ok) {
		error_in(err, "%s/events", r->folder);
	} else if (known) {
		r->ended = r->ended || event_is_last(&e);
		sink(ctx, &e);
	}
	arena_release(&a);
	return ok;
}

static bool deliver(struct run *r, event_sink *sink, void *ctx, struct error *err)
{
	size_t at = 0;
	bool ok = true;
	const char *end;

	while (ok && (end = memchr(r->unread.s + at, '\n', r->unread.len - at))) {
		size_t len = (size_t)(end - r->unread.s) - at;

		ok = deliver_line(r, r->unread.s + at, len, sink, ctx, err);
		at += len + 1;
	}
	memmove(r->unread.s, r->unread.s + at, r->unread.len - at + (r->unread.cap > 0));
	r->unread.len -= at;
	return ok;
}

bool run_pump(struct run *r, event_sink *sink, void *ctx, struct error *err)
{
	bool alive = run_is_alive(
		r); /* check this before reading: then what a dying writer wrote last is surely read */

	if (!read_news(r, err) || !deliver(r, sink, ctx, err))
		return false;
	if (!alive && !r->ended) {
		struct event lost = {.kind = EVENT_LOST, .json = "{\"event\":\"lost\"}"};

		r->ended = true;
		sink(ctx, &lost);
	}
	return true;
}

void run_cancel(struct run *r)
{
	pid_t pid = (pid_t)lock_holder(r->lock);
	int pidfd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0U) : -1;

	/* Check the lock while the pidfd pins the process: then the pid cannot have been reused. */
	if (pidfd >= 0 && lock_is_held(r->lock) && lock_holder(r->lock) == pid)
		syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0U);
	if (pidfd >= 0)
		close(pidfd);
}

void run_free(struct run *r)
{
	if (!r)
		return;
	if (r->events_fd >= 0)
		close(r->events_fd);
	if (r->news_fd >= 0)
		close(r->news_fd);
	text_release(&r->unread);
	arena_release(&r->arena);
	free(r);
}
