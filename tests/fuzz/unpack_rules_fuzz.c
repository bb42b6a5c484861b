/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of a stranger's archive, one a line: a letter for its kind, its path, and behind a tab where it leads to. Whatever
 * comes, what is let through lies below the top folder, goes through no link, and is there once. The same of one without a top,
 * and of one that may be without.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "replay.h"
#include "source/unpack_rules.h"
#include <string.h>

enum { MOST = 64 }; /* entries: comparing each with each takes time */

struct past {
	const char *path;
	enum entry_kind kind;
};

struct pasts {
	struct past at[MOST];
	size_t n;
};

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/';
}

static void judge(const struct pasts *before, const char *path, enum entry_kind kind)
{
	replay_must(path[0] != '/' && strncmp(path, "../", 3) != 0 && !strstr(path, "/../"));
	for (size_t i = 0; i < before->n; i++) {
		const struct past *b = &before->at[i];
		bool both = b->kind == ENTRY_FOLDER && kind == ENTRY_FOLDER;

		replay_must(both || strcmp(path, b->path) != 0);
		replay_must(b->kind == ENTRY_FOLDER || !is_below(path, b->path));
	}
}

static void play(struct rules *r, struct pasts *before, struct arena *a, char *line)
{
	static const enum entry_kind kinds[] = {
		ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK, ENTRY_HARD_LINK, ENTRY_OTHER};
	char *tab = strchr(line, '\t');
	struct entry e = {.path = *line ? line + 1 : NULL,
		.target = tab ? tab + 1 : NULL,
		.kind = kinds[(unsigned char)*line % 5],
		.mode = 0644,
		.size = (unsigned char)*line};
	struct error err = {0};

	if (tab)
		*tab = '\0';
	if (!rules_judge(r, &e, &err)) {
		replay_must(err.kind == ERROR_SOURCE && err.text[0]);
		return;
	}
	if (!r->path.len)
		return;
	judge(before, r->path.s, e.kind);
	replay_must(e.kind != ENTRY_LINK || (r->target.len && r->target.s[0] != '/'));
	before->at[before->n++] = (struct past){arena_str(a, r->path.s), e.kind};
}

static void play_all(const uint8_t *data, size_t size, bool flat, bool further)
{
	struct rules r = {.flat = flat,
		.further = further,
		.most_entries = MOST,
		.most_bytes = 1 << 14,
		.most_file_bytes = 240,
		.top = TEXT_INIT,
		.path = TEXT_INIT,
		.target = TEXT_INIT};
	struct arena arena = ARENA_INIT;
	struct pasts before = {.n = 0};
	char *rest = arena_strn(&arena, (const char *)data, size), *line;

	while ((line = strsep(&rest, "\n")) && r.entries < MOST)
		play(&r, &before, &arena, line);
	rules_release(&r);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	play_all(data, size, false, false);
	play_all(data, size, true, false);
	play_all(data, size, false, true);
	return 0;
}
