/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches a failed step's log for known causes. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/known.h"
#include "base/printable.h"
#include "base/text.h"
#include "proc/jail_enter.h"
#include "run/configure_log.h"
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

struct bytes {
	char *at;
	size_t len;
};

/* Nothing if there is no such file. A step may have left anything under that name: a pipe would be waited for. */
static struct bytes map_file(const char *path)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW) : -1;
	struct bytes b = {0};
	struct stat st;
	void *at;

	if (fd < 0)
		return b;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (at != MAP_FAILED)
			b = (struct bytes){at, (size_t)st.st_size};
	}
	close(fd);
	return b;
}

static void unmap(struct bytes b)
{
	if (b.len)
		munmap(b.at, b.len);
}

/* The row whose line speaks of another file that is below the step's folder; NULL: none. */
static const struct known_row *further_row(
	const struct known *k, const struct failed_step *s, struct arena *a, const char **path)
{
	size_t len = s->work ? strlen(s->work) : 0;

	for (size_t i = 0; len && i < k->seen.n; i++) {
		*path = known_log(k, k->seen.at[i], a);
		if (**path && **path != '/')
			*path = arena_fmt(a, "%s/%s", s->work, *path);
		if (strncmp(*path, s->work, len) == 0 && (*path)[len] == '/' &&
			!strstr(*path, "/../") && access(*path, R_OK) == 0)
			return k->seen.at[i];
	}
	return NULL;
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

/* ---- what rows may ask and tell: of the step, and of programs that are only hidden ---- */

struct hiding {
	struct jail_hidden found;
	const char *settings;
	const char *package; /* yes or no */
};

static const char *hiding_fact(const void *ctx, const char *name)
{
	const struct hiding *h = ctx;
	const struct {
		const char *name, *value;
	} facts[] = {{"program", h->found.program}, {"wanted", h->found.wanted},
		{"folder", h->found.folder}, {"settings", h->settings}, {"package", h->package}};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (strcmp(facts[i].name, name) == 0)
			return facts[i].value ? facts[i].value : "";
	return NULL;
}

/* A row that says that a program is missing gives way to the one for hidden programs, if that is what it is. */
static const struct known_row *unless_hidden(const struct known *k, const struct known_row *row,
	const struct failed_step *s, struct hiding *h, struct arena *a)
{
	const struct known_row *better = NULL;
	struct strings programs = {0};
	struct error ignored;

	if (!row || !s->jail || !conf_words(known_program(k, row, a), a, &programs, &ignored))
		return row;
	for (size_t i = 0; i < programs.n && !better; i++)
		if (jail_hides(&h->found, s->jail, s->search, programs.at[i], a))
			better = known_event(k, "hidden", NULL);
	return better ? better : row;
}

/* A full disk is a fact, reported even without a known message. */
static void tell(struct explanation *x, const struct known *k, const struct failed_step *s,
	struct hiding *h, struct arena *a)
{
	const struct known_row *row = known_best(k, NULL);
	const char *line = row && !(s->builtin && s->sentence) ? row->line : s->sentence;
	bool full;
	const char *free = free_space(s->log, a, &full);

	row = unless_hidden(k, row, s, h, a);
	x->line = clean(line ? line : "", a);
	x->known = (row && row->cause) || full;
	x->host = row && row->cause ? row->host : full;
	if (row && row->cause) {
		x->id = arena_str(a, row->id);
		known_tell(k, row, free, a, &x->cause, &x->remedy);
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

/* What a tool that configures wrote down at `path`. */
static void tell_further(struct explanation *x, struct known *k, const struct failed_step *s,
	const char *path, const char *mark, struct hiding *h, struct arena *a)
{
	struct bytes log = map_file(path);
	size_t part_len, len;
	const char *part = mark ? configure_log_last(log.at, log.len, mark, &part_len)
				: configure_log_question(log.at, log.len, &part_len);
	const char *line = mark ? NULL : configure_log_answer(part, part_len, &len);
	const struct known_row *row;

	known_reset(k);
	show(k, part, part_len, NULL);
	row = known_best(k, NULL);
	if (line)
		line = arena_strn(a, line, len < LINE_LIMIT ? len : LINE_LIMIT);
	if (row)
		line = row->line;
	if (line && strcmp(clean(line, a), x->line) != 0)
		x->line = arena_fmt(
			a, "%s (%s: %s)", x->line, strrchr(path, '/') + 1, clean(line, a));
	row = unless_hidden(k, row, s, h, a);
	if (row && row->cause) {
		x->known = true;
		x->host = row->host;
		x->id = arena_str(a, row->id);
		known_tell(k, row, free_space(s->log, a, &(bool){false}), a, &x->cause, &x->remedy);
	} else if (!x->known && part) {
		x->remedy = arena_fmt(a, "read what it found: %s", path);
	}
	unmap(log);
}

bool explain(struct explanation *x, const struct failed_step *s, const struct place *p,
	struct arena *a, struct error *err)
{
	struct known k;
	const struct known_row *best;
	struct hiding h = {.settings = p->config, .package = s->package ? "yes" : "no"};
	bool ok = known_load(&k, p, "build", (struct known_facts){hiding_fact, &h}, err);
	struct bytes log = {0};
	const struct known_row *further;
	const char *path;

	*x = (struct explanation){.line = "", .cause = "", .remedy = ""};
	if (ok) {
		if (!s->builtin || !s->sentence)
			log = map_file(s->log);
		show(&k, log.at, log.len, s->began);
		best = known_best(&k, NULL);
		/* "make was killed by SIGKILL" may be all there is. */
		if (s->sentence && (!best || best->rank < KNOWN_RANK))
			show(&k, s->sentence, strlen(s->sentence), NULL);
		tell(x, &k, s, &h, a);
		further = further_row(&k, s, a, &path);
		if (further)
			tell_further(x, &k, s, path, further->part, &h, a);
		unmap(log);
	}
	known_release(&k);
	return ok;
}
