/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and reads the files that keep unsaved changes through a crash. */
#include "shared/recover.h"

#include "base/place.h"
#include "base/text.h"
#include "choice/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SUFFIX ".unsaved"
#define SEAT   ".session"
#define LIMIT  (1 << 20)

static void folder_of(const struct place *place, struct text *out)
{
	text_fmt(out, "%s/recovery", place->state);
}

static void path_of(const struct place *place, const char *name, long pid, struct text *out)
{
	folder_of(place, out);
	text_fmt(out, "/%s.%ld" SUFFIX, name, pid);
}

static void seat_path(const struct place *place, long pid, struct text *out)
{
	folder_of(place, out);
	text_fmt(out, "/%ld" SEAT, pid);
}

/* A living session holds the lock on its file; the system releases it however the session ends. */
static bool lives(const struct place *place, long pid)
{
	struct text path = TEXT_INIT;
	bool held = false;
	int fd;

	seat_path(place, pid, &path);
	fd = pid > 0 ? open(path.s, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
		close(fd);
	}
	text_release(&path);
	return held;
}

void recover_sit(const struct place *place, struct recover_seat *seat, const char *profile)
{
	struct text path = TEXT_INIT;
	struct error err = {0};
	bool ok;

	folder_of(place, &path);
	ok = seat->taken || place_make_folder(path.s, &err);
	text_clear(&path);
	seat_path(place, getpid(), &path);
	if (ok && !seat->taken) {
		seat->fd = open(path.s, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		seat->taken = seat->fd >= 0;
		if (seat->taken && flock(seat->fd, LOCK_EX | LOCK_NB) < 0) {
			close(seat->fd);
			seat->taken = false;
		}
	}
	/* Only for a word to others: a full disk is no reason to stop. */
	if (seat->taken && ftruncate(seat->fd, 0) == 0 &&
		pwrite(seat->fd, profile, strlen(profile), 0) < 0)
		errno = 0;
	text_release(&path);
}

void recover_stand(const struct place *place, struct recover_seat *seat)
{
	struct text path = TEXT_INIT;

	if (!seat->taken)
		return;
	seat_path(place, getpid(), &path);
	unlink(path.s);
	close(seat->fd);
	seat->taken = false;
	text_release(&path);
}

/* True when the file that this one is called after, NUMBER.session, is a living session's other than ours, on this profile. */
static bool sits_on(const struct place *place, const char *file, const char *profile, long *pid)
{
	struct text path = TEXT_INIT, content = TEXT_INIT;
	struct error err = {0};
	char *end;
	bool same;

	*pid = strtol(file, &end, 10);
	if (end == file || strcmp(end, SEAT) != 0 || *pid == getpid())
		return false;
	seat_path(place, *pid, &path);
	same = lives(place, *pid);
	if (!same)
		unlink(path.s); /* whoever sat there was killed */
	same = same && text_read_file(&content, path.s, LIMIT, &err) &&
	       strcmp(content.s, profile) == 0;
	text_release(&path);
	text_release(&content);
	return same;
}

long recover_other(const struct place *place, const char *profile)
{
	struct text path = TEXT_INIT;
	const struct dirent *e;
	long pid = 0, found = 0;
	DIR *dir;

	folder_of(place, &path);
	dir = opendir(path.s);
	text_release(&path);
	while (dir && !found && (e = readdir(dir))) {
		if (sits_on(place, e->d_name, profile, &pid))
			found = pid;
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool write_all(int fd, const char *s, size_t len)
{
	while (len) {
		ssize_t n = write(fd, s, len);

		if (n <= 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

/* Not synced to disk with every key: this protects against a crash of the program, not of the machine. */
static void replace(const char *path, const struct text *content)
{
	struct text temporary = TEXT_INIT;
	int fd;

	text_fmt(&temporary, "%s.%ld", path, (long)getpid());
	fd = open(temporary.s, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		bool ok = write_all(fd, content->s, content->len);

		ok = !close(fd) && ok;
		if (!ok || rename(temporary.s, path))
			unlink(temporary.s);
	}
	text_release(&temporary);
}

void recover_write(const struct place *place, const struct profile *p)
{
	struct text path = TEXT_INIT, content = TEXT_INIT;
	struct error err = {0};

	folder_of(place, &path);
	if (place_make_folder(path.s, &err)) {
		text_clear(&path);
		path_of(place, p->name, getpid(), &path);
		profile_print(p, &content);
		replace(path.s, &content);
	}
	text_release(&path);
	text_release(&content);
}

void recover_forget(const struct place *place, const char *name)
{
	struct text path = TEXT_INIT;

	path_of(place, name, getpid(), &path);
	unlink(path.s);
	text_release(&path);
}

/* Takes "NAME.PID.unsaved" apart; false for any other file, and for what a living session or we ourselves wrote. */
static bool was_left(const struct place *place, const char *file, struct text *name, long *pid)
{
	size_t len = strlen(file), suffix = strlen(SUFFIX);
	const char *dot;

	if (len <= suffix || strcmp(file + len - suffix, SUFFIX))
		return false;
	text_clear(name);
	text_add(name, file, len - suffix);
	dot = strrchr(name->s, '.');
	*pid = dot ? strtol(dot + 1, NULL, 10) : 0;
	if (*pid <= 0 || *pid == getpid() || lives(place, *pid))
		return false;
	name->len = (size_t)(dot - name->s);
	name->s[name->len] = '\0';
	return profile_name_ok(name->s);
}

/* The first that was left, of `only` when that is given. */
static bool find_left(const struct place *place, const char *only, struct text *name, long *pid)
{
	struct text path = TEXT_INIT;
	const struct dirent *e;
	bool found = false;
	DIR *dir;

	folder_of(place, &path);
	dir = opendir(path.s);
	text_release(&path);
	while (dir && !found && (e = readdir(dir)))
		found = was_left(place, e->d_name, name, pid) && (!only || !strcmp(name->s, only));
	if (dir)
		closedir(dir);
	return found;
}

bool recover_find(const struct place *place, struct text *name)
{
	long pid;

	return find_left(place, NULL, name, &pid);
}

void recover_drop(const struct place *place, const char *name)
{
	struct text found = TEXT_INIT, path = TEXT_INIT;
	long pid;

	while (find_left(place, name, &found, &pid)) {
		text_clear(&path);
		path_of(place, name, pid, &path);
		if (unlink(path.s))
			break;
	}
	text_release(&found);
	text_release(&path);
}

bool recover_read(struct profile *p, const struct catalog *c, const struct place *place,
	const char *name, struct error *err)
{
	struct text path = TEXT_INIT, content = TEXT_INIT, found = TEXT_INIT;
	long pid = 0;
	bool ok;

	if (!find_left(place, name, &found, &pid))
		pid = getpid();
	path_of(place, name, pid, &path);
	ok = text_read_file(&content, path.s, LIMIT, err) &&
	     profile_parse(p, c, path.s, content.s, content.len, err);
	text_release(&path);
	text_release(&content);
	text_release(&found);
	return ok;
}
