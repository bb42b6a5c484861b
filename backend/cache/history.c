/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history file, one line each: "STEP PROFILE SECONDS OBJECTS BYTES WHEN CPU SYMBOLS"; older programs wrote the first six and
 * read no more. Each line is one write(2), so that concurrent builders do not split each other's lines; a file that has grown is
 * rewritten with only the newest line of each step and profile. */
#include "cache/history.h"

#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define HISTORY_LIMIT (4 * 1024 * 1024)
#define HISTORY_LONG  (256 * 1024)
/* Seconds of a step: what is longer, infinite or no number was never measured. */
#define LONGEST (366.0 * 24 * 3600)

static bool read_line(struct history *h, const char *line)
{
	struct history_entry e = {0};
	char step[128], profile[128];

	if (sscanf(line, "%127s %127s %lf %" SCNu64 " %" SCNu64 " %" SCNd64 " %lf %" SCNu64, step,
		    profile, &e.seconds, &e.objects, &e.bytes, &e.when, &e.cpu, &e.symbols) < 6 ||
		!(e.seconds >= 0 && e.seconds <= LONGEST))
		return false;
	if (!(e.cpu >= 0 && e.cpu <= LONGEST))
		e.cpu = 0;
	e.step = arena_str(&h->arena, step);
	e.profile = arena_str(&h->arena, profile);
	vec_push_in(&h->arena, &h->entries, e);
	return true;
}

void history_load(struct history *h, const struct place *p)
{
	struct text path = TEXT_INIT, all = TEXT_INIT;
	struct error ignored;

	*h = (struct history){.arena = ARENA_INIT};
	text_fmt(&path, "%s/history", p->state);
	if (text_read_file(&all, path.s, HISTORY_LIMIT, &ignored)) {
		char *rest = all.s, *line;

		while ((line = strsep(&rest, "\n")))
			if (!read_line(h, line))
				continue;
	}
	text_release(&path);
	text_release(&all);
}

void history_release(struct history *h)
{
	arena_release(&h->arena);
}

const struct history_entry *history_find(
	const struct history *h, const char *step, const char *profile)
{
	const struct history_entry *any = NULL;

	for (size_t i = h->entries.n; i-- > 0;) {
		const struct history_entry *e = &h->entries.at[i];

		if (strcmp(e->step, step) != 0)
			continue;
		if (profile && strcmp(e->profile, profile) == 0)
			return e;
		if (!any)
			any = e;
	}
	return any;
}

static void print_entry(struct text *out, const struct history_entry *e)
{
	text_fmt(out, "%s %s %.3f %" PRIu64 " %" PRIu64 " %" PRId64 " %.3f %" PRIu64 "\n", e->step,
		e->profile, e->seconds, e->objects, e->bytes, e->when, e->cpu, e->symbols);
}

static bool is_newest(const struct history *h, size_t i)
{
	const struct history_entry *e = &h->entries.at[i];

	for (size_t k = i + 1; k < h->entries.n; k++)
		if (strcmp(h->entries.at[k].step, e->step) == 0 &&
			strcmp(h->entries.at[k].profile, e->profile) == 0)
			return false;
	return true;
}

static void shorten(const struct place *p, const char *path)
{
	struct text out = TEXT_INIT;
	struct history h;
	struct error ignored;

	history_load(&h, p);
	for (size_t i = 0; i < h.entries.n; i++)
		if (is_newest(&h, i))
			print_entry(&out, &h.entries.at[i]);
	if (!place_write_file(path, out.s, out.len, &ignored))
		unlink(path); /* it must not grow for ever */
	history_release(&h);
	text_release(&out);
}

void history_add(const struct place *p, const struct history_entry *e)
{
	struct text path = TEXT_INIT, line = TEXT_INIT;
	struct error ignored;
	struct stat st;
	int fd = -1;

	text_fmt(&path, "%s/history", p->state);
	print_entry(&line, e);
	if (place_make_folder(p->state, &ignored))
		fd = open(path.s, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd >= 0) {
		bool grown = write(fd, line.s, line.len) == (ssize_t)line.len &&
			     fstat(fd, &st) == 0 && st.st_size > HISTORY_LONG;

		close(fd);
		if (grown)
			shorten(p, path.s);
	}
	text_release(&path);
	text_release(&line);
}
