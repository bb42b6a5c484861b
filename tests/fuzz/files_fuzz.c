/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a stranger's recipes say of files and users. The first byte says whether the rest is a table of parts, a trigger, or lines
 * `user` and `group`, each of them behind one letter. Whoever is there afterwards has a number and a name of his own.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/accounts.h"
#include "choice/catalog.h"
#include "choice/parts.h"
#include "choice/profile.h"
#include "choice/trigger.h"
#include "foreign.h"
#include "replay.h"

#include <string.h>

static void judge(const struct accounts *a)
{
	for (size_t i = 0; i < a->users.n; i++)
		for (size_t k = 0; k < i; k++)
			replay_must(a->users.at[i].uid != a->users.at[k].uid &&
				    strcmp(a->users.at[i].name, a->users.at[k].name) != 0);
	for (size_t i = 0; i < a->groups.n; i++)
		for (size_t k = 0; k < i; k++)
			replay_must(a->groups.at[i].gid != a->groups.at[k].gid &&
				    strcmp(a->groups.at[i].name, a->groups.at[k].name) != 0);
}

static const char table[] = "user = root 0\ngroup = root 0 always\ngroup = tty 5\n";

static bool read_lines(char *s, struct arena *a, struct error *err)
{
	struct catalog c = {.place = foreign_place()};
	struct account_lines lines = {0};
	struct accounts accounts;
	struct profile p;
	bool ok;

	foreign_put("share/tables/accounts", table, sizeof table - 1);
	for (char *line; (line = strsep(&s, "\n"));)
		if (*line)
			vec_push_in(a, &lines,
				(struct account_line){
					*line == 'g' ? "group" : "user", line + 1, "x:1"});
	profile_init(&p, &c, "x");
	ok = accounts_read(&accounts, &p, &lines, a, err);
	if (ok)
		judge(&accounts);
	profile_release(&p);
	return ok;
}

static bool read_trigger(const uint8_t *data, size_t size, struct arena *a, struct error *err)
{
	struct catalog c = {.place = foreign_place()};
	struct triggers t;
	bool ok;

	foreign_put("share/triggers/a.trigger", data, size);
	ok = triggers_load(&t, &c, a, err);
	for (size_t i = 0; ok && i < t.n; i++)
		replay_must(t.at[i].tool && t.at[i].run.n && t.at[i].makes.n);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = ARENA_INIT;
	struct parts parts;
	struct error err = {0};
	bool ok;

	if (!size)
		return 0;
	if (data[0] == 'p') {
		foreign_put("share/tables/parts", data + 1, size - 1);
		ok = parts_read(&parts, foreign_place(), &a, &err);
		for (size_t i = 0; ok && i < parts.n; i++)
			replay_must(parts_find(&parts, parts.at[i].name) != NULL);
	} else if (data[0] == 't') {
		ok = read_trigger(data + 1, size - 1, &a, &err);
	} else {
		ok = read_lines(arena_strn(&a, (const char *)data + 1, size - 1), &a, &err);
	}
	replay_must(ok || err.text[0]);
	arena_release(&a);
	return 0;
}
