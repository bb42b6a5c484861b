/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches a failed step's log for known causes. */
#include "base/arena.h"
#include "base/known.h"
#include "base/printable.h"
#include "base/text.h"
#include "run/explain.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/banned.h"

#define LINE_LIMIT 2000		/* bytes of a line that are matched and shown */
#define FULL_BYTES (256 * 1024) /* a disk with less space counts as full */

/* Our own lines ("# " in head and foot, "+ " before an action) quote commands, which may well mention errors. */
static bool is_ours(const char *line, size_t len)
{
	return len >= 2 && (line[0] == '#' || line[0] == '+') && line[1] == ' ';
}

/* What came before a line that ends in `began` is forgotten. */
static void show(struct known *k, const char *log, size_t len, const char *began)
{
	size_t tail = began ? strlen(began) : 0;

	while (len > 0) {
		const char *end = memchr(log, '\n', len);
		size_t line = end ? (size_t)(end - log) : len, whole = line + (end != NULL);

		if (began && whole >= tail && memcmp(log + whole - tail, began, tail) == 0)
			known_reset(k);
		else if (!is_ours(log, line))
			known_line(k, NULL, log, line < LINE_LIMIT ? line : LINE_LIMIT);
		log += whole;
		len -= whole;
	}
}

static void show_file(struct known *k, const struct failed_step *s)
{
	int fd = s->log ? open(s->log, O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	void *bytes;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes != MAP_FAILED) {
			show(k, bytes, (size_t)st.st_size, s->began);
			munmap(bytes, (size_t)st.st_size);
		}
	}
	close(fd);
}

/* The folder of the log; NULL if unknown. */
static const char *free_space(const char *log, struct arena *a, bool *full)
{
	struct statvfs s;
	uint64_t bytes;

	*full = false;
	if (!log || statvfs(log, &s) != 0)
		return NULL;
	bytes = (uint64_t)s.f_bavail * s.f_frsize;
	*full = bytes < FULL_BYTES;
	return arena_fmt(a, "%" PRIu64 " KiB", bytes / 1024);
}

/* The line, safe for display and JSON. */
static const char *clean(const char *line, struct arena *a)
{
	struct text t = TEXT_INIT;
	const char *result;

	printable(&t, line, strlen(line));
	result = arena_str(a, t.s + strspn(t.s, " "));
	text_release(&t);
	return result;
}

/* A full disk is a fact, reported even without a known message. */
static void tell(struct explanation *x, const struct known_row *row, const struct failed_step *s,
	struct arena *a)
{
	const char *line = row && !(s->builtin && s->sentence) ? row->line : s->sentence;
	bool full;
	const char *free = free_space(s->log, a, &full);

	x->line = clean(line ? line : "", a);
	x->known = (row && row->cause) || full;
	x->host = row && row->cause ? row->host : full;
	if (row && row->cause) {
		known_tell(row, free, a, &x->cause, &x->remedy);
	} else if (full) {
		x->cause = arena_fmt(
			a, "only %s of space are left on the disk that holds the cache", free);
		x->remedy =
			"free some space or move the cache with BOOTSMITH_CACHE, then start the build again";
	} else {
		x->cause = "unknown: this message is not in the table of known causes";
		x->remedy = arena_fmt(
			a, "read the log around this line: %s", s->log ? s->log : "there is none");
	}
}

bool explain(struct explanation *x, const struct failed_step *s, const struct place *p,
	struct arena *a, struct error *err)
{
	struct known k;
	const struct known_row *best;
	bool ok = known_load(&k, p, "build", err);

	*x = (struct explanation){.line = "", .cause = "", .remedy = ""};
	if (ok) {
		if (!s->builtin || !s->sentence)
			show_file(&k, s);
		best = known_best(&k, NULL);
		/* "make was killed by SIGKILL" may be all there is. */
		if (s->sentence && (!best || best->rank < KNOWN_RANK))
			show(&k, s->sentence, strlen(s->sentence), NULL);
		tell(x, known_best(&k, NULL), s, a);
	}
	known_release(&k);
	return ok;
}
