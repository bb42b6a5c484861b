/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks files with flock and writes the pid into them. An exclusive holder may remove its lock file, so after locking we check
 * that the file we locked still has that name. */
#include "base/lock.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static bool is_current(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino &&
	       here.st_dev == there.st_dev;
}

void lock_sign(int fd)
{
	char line[32];
	int len = snprintf(line, sizeof line, "%ld\n", (long)getpid());

	/* Only for messages: a full disk must not cost us the lock. */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, line, (size_t)len, 0) < 0)
		errno = 0;
}

bool lock_try(const char *path, enum lock_mode mode, int *fd, struct error *err)
{
	int how = (mode == LOCK_ALONE ? LOCK_EX : LOCK_SH) | LOCK_NB;
	struct stat st;

	for (;;) {
		*fd = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
		if (*fd < 0)
			return error_errno(err, "the lock file %s cannot be opened", path);
		if (fstat(*fd, &st) == 0 && !S_ISREG(st.st_mode)) {
			close(*fd);
			*fd = -1;
			return error_set(err, ERROR_HOST,
				"%s is in the way: a lock is a file, and this is none", path);
		}
		if (flock(*fd, how) < 0) {
			int why = errno;

			close(*fd);
			*fd = -1;
			if (why == EWOULDBLOCK)
				return true;
			if (why == EINTR)
				continue;
			errno = why;
			return error_errno(err, "%s cannot be locked", path);
		}
		if (is_current(*fd, path))
			break;
		close(*fd);
	}
	if (mode == LOCK_ALONE)
		lock_sign(*fd);
	else
		futimens(*fd, NULL);
	return true;
}

void lock_share(int fd)
{
	flock(fd, LOCK_SH | LOCK_NB);
}

void lock_release(int fd)
{
	if (fd >= 0)
		close(fd);
}

static bool would_wait(const char *path, int how)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool wait;

	if (fd < 0)
		return false;
	wait = flock(fd, how | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd);
	return wait;
}

bool lock_is_held(const char *path)
{
	return would_wait(path, LOCK_SH);
}

bool lock_is_used(const char *path)
{
	return would_wait(path, LOCK_EX);
}

long lock_holder(const char *path)
{
	char line[32] = "";
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return 0;
	got = read(fd, line, sizeof line - 1);
	close(fd);
	return got > 0 ? strtol(line, NULL, 10) : 0;
}
