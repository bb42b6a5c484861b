/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The growing string, and memory allocation that aborts on failure. */
#include "base/text.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

char text_empty[1];

void *xmalloc(size_t size)
{
	return xrealloc(NULL, size);
}

void *xrealloc(void *p, size_t size)
{
	void *q = realloc(p, size ? size : 1);

	if (!q)
		abort();
	return q;
}

char *xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}

static void text_room(struct text *t, size_t more)
{
	size_t need = t->len + more + 1;

	if (need < more)
		abort();
	if (need <= t->cap)
		return;
	need = need < 64 ? 64 : need + need / 2;
	t->s = xrealloc(t->cap ? t->s : NULL, need);
	t->cap = need;
}

void text_add(struct text *t, const void *bytes, size_t len)
{
	if (!len)
		return;
	text_room(t, len);
	memcpy(t->s + t->len, bytes, len);
	t->len += len;
	t->s[t->len] = '\0';
}

void text_str(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_char(struct text *t, char c)
{
	text_add(t, &c, 1);
}

void text_fmt(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len <= 0)
		return;
	text_room(t, (size_t)len);
	va_start(ap, fmt);
	vsnprintf(t->s + t->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)len;
}

void text_clear(struct text *t)
{
	t->len = 0;
	if (t->cap)
		t->s[0] = '\0';
}

void text_release(struct text *t)
{
	if (t->cap)
		free(t->s);
	*t = (struct text)TEXT_INIT;
}

char *text_detach(struct text *t)
{
	char *s = t->cap ? t->s : xstrdup("");

	*t = (struct text)TEXT_INIT;
	return s;
}

int file_open(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	if (fd < 0 && stat(path, &st) != 0)
		error_errno(err, "%s cannot be read", path);
	else if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		fd < 0 ? error_errno(err, "%s cannot be read", path)
		       : error_set(err, ERROR_PROFILE, "%s is a folder, not a file", path);
	else
		error_set(err, ERROR_PROFILE, "%s is a %s, not a file", path,
			S_ISFIFO(st.st_mode)   ? "pipe"
			: S_ISSOCK(st.st_mode) ? "socket"
					       : "device");
	if (fd >= 0)
		close(fd);
	return -1;
}

bool text_read_file(struct text *t, const char *path, size_t limit, struct error *err)
{
	char buffer[16384];
	ssize_t got = 0;
	bool ok = false;
	struct stat st;
	int fd = file_open(path, err);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && (size_t)st.st_size > limit) {
		error_set(err, ERROR_PROFILE, "%s is %lld bytes; at most %zu are read", path,
			(long long)st.st_size, limit);
		goto out;
	}
	while ((got = read(fd, buffer, sizeof buffer)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error_errno(err, "%s cannot be read", path);
			goto out;
		}
		if (t->len + (size_t)got > limit) {
			error_set(err, ERROR_PROFILE, "%s is longer than %zu bytes", path, limit);
			goto out;
		}
		text_add(t, buffer, (size_t)got);
	}
	ok = true;
out:
	close(fd);
	return ok;
}
