/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stranger's source package says about itself (the first byte says in which file): whatever becomes a line of a recipe is
 * one line, and words are words. */
#include "base/arena.h"
#include "base/error.h"
#include "foreign.h"
#include "plan/source_facts.h"
#include "replay.h"

#include <string.h>

static void one_line(const char *s)
{
	replay_must(!s || !strpbrk(s, "\n\r\033\a"));
}

static void words(const struct strings *w)
{
	for (size_t i = 0; i < w->n; i++)
		replay_must(*w->at[i] && !strpbrk(w->at[i], " \t\n\"\\{}#"));
}

static void lines(const struct strings *w)
{
	for (size_t i = 0; i < w->n; i++)
		one_line(w->at[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[] = {"source/debian/control", "source/debian/copyright",
		"source/debian/rules", "source/debian/postinst"};
	static const char table[] =
		"[build a]\nfile = configure\nstyle = gnu\nsay = tree = copy\n"
		"[licence GPL-2+]\nis = GPL-2.0-or-later\n[section net]\nis = N\n";
	const char *path = foreign_put("source/configure", "", 0);
	struct arena a = ARENA_INIT;
	struct source_facts f;
	struct error err = {0};

	foreign_put("share/tables/debian-words", table, strlen(table));
	for (size_t i = 0; i < 4; i++) {
		bool mine = size && data[0] % 4 == i;

		foreign_put(files[i], mine ? data + 1 : data, mine ? size - 1 : 0);
	}
	path = arena_strn(&a, path, strlen(path) - strlen("/configure"));
	replay_must(source_facts_read(&f, foreign_place(), path, "a", &a, &err));
	one_line(f.summary);
	one_line(f.url);
	one_line(f.section);
	one_line(f.licence);
	one_line(f.said_licence);
	words(&f.built_with);
	words(&f.switches);
	words(&f.licence_files);
	lines(&f.users);
	lines(&f.modes);
	arena_release(&a);
	return 0;
}
