/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads logs line by line through the printable filter. */
#include "shared/log_lines.h"

#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "shared/width.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP  100000
#define CHUNK (64 * 1024)
/* Of a much longer file only this much before its end is read: nobody scrolls through more. */
#define TAIL (16 * 1024 * 1024)
/* A line that never ends is cut, so that it neither grows without bound nor is re-read with every byte. */
#define LONGEST 8192

void log_lines_init(struct log_lines *l)
{
	*l = (struct log_lines){.rest = TEXT_INIT, .keep = KEEP};
}

void log_lines_clear(struct log_lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->at[i]);
	l->n = 0;
	l->offset = l->dropped = 0;
	text_clear(&l->rest);
}

void log_lines_release(struct log_lines *l)
{
	log_lines_clear(l);
	vec_release(l);
	text_release(&l->rest);
}

/* Dropping a quarter at a time keeps the cost per line constant. */
static void make_room(struct log_lines *l)
{
	size_t drop = l->keep / 4 + 1;

	if (l->n < l->keep)
		return;
	for (size_t i = 0; i < drop; i++)
		free(l->at[i]);
	memmove(l->at, l->at + drop, (l->n - drop) * sizeof *l->at);
	l->n -= drop;
	l->dropped += drop;
}

static void push_line(struct log_lines *l, const char *bytes, size_t len)
{
	struct text clean = TEXT_INIT;

	while (len && (bytes[len - 1] == '\r'))
		len--;
	make_room(l);
	printable(&clean, bytes, len);
	vec_push(l, text_detach(&clean));
}

void log_lines_flush(struct log_lines *l)
{
	if (l->rest.len)
		push_line(l, l->rest.s, l->rest.len);
	text_clear(&l->rest);
}

void log_lines_add(struct log_lines *l, const char *bytes, size_t len)
{
	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end ? (size_t)(end - bytes) : len;

		if (end && !l->rest.len) {
			push_line(l, bytes, n);
		} else {
			text_add(&l->rest, bytes, n);
			if (end) {
				push_line(l, l->rest.s, l->rest.len);
				text_clear(&l->rest);
			} else if (l->rest.len > LONGEST) {
				log_lines_flush(l);
			}
		}
		n += end != NULL;
		bytes += n;
		len -= n;
	}
}

/* A file that became shorter was rewritten. */
static bool place_in_file(struct log_lines *l, int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	if ((uint64_t)st.st_size < l->offset)
		log_lines_clear(l);
	if (!l->offset && st.st_size > TAIL)
		l->offset = (uint64_t)(st.st_size - TAIL);
	return (uint64_t)st.st_size > l->offset;
}

bool log_lines_grow(struct log_lines *l, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char bytes[CHUNK];
	ssize_t n;
	bool news;

	if (fd < 0)
		return false;
	news = place_in_file(l, fd);
	while (news && (n = pread(fd, bytes, sizeof bytes, (off_t)l->offset)) > 0) {
		log_lines_add(l, bytes, (size_t)n);
		l->offset += (uint64_t)n;
	}
	close(fd);
	return news;
}

size_t log_lines_find(const struct log_lines *l, const char *raw_line)
{
	struct text clean = TEXT_INIT;
	size_t found = SIZE_MAX;

	printable(&clean, raw_line, strlen(raw_line));
	for (size_t i = 0; i < l->n && found == SIZE_MAX; i++) {
		if (strstr(l->at[i], clean.s))
			found = i;
	}
	text_release(&clean);
	return found;
}

size_t log_lines_skip(const char *line, int cols)
{
	return cols > 0 ? width_fit(line, cols, NULL) : 0;
}
