/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of the overlay's owners: entries of the overlay get modes and owners that exist, others stay as they were; or one
 * sentence with file and line. */
#include "tree/owners.h"
#include "base/arena.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
		"/srv", "/srv/a b", "/srv/www", "/srv/www/index", "/link"};
	struct arena arena = ARENA_INIT;
	struct accounts accounts = {.arena = &arena};
	struct tree tree = {.arena = &arena};
	struct error err = {0};

	vec_push_in(&arena, &accounts.users, (struct account_user){.name = "ann", .uid = 1000});
	vec_push_in(&arena, &accounts.groups, (struct account_group){.name = "ann", .gid = 1000});
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		vec_push_in(&arena, &tree.entries,
			(struct tree_entry){.path = paths[i],
				.kind = paths[i][1] == 'l' ? TREE_LINK : TREE_FOLDER,
				.mode = 0755,
				.wins = i});
	if (!owners_apply(&tree, foreign_put("owners", data, size), &accounts, &err))
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
	for (size_t i = 0; i < tree.entries.n; i++)
		replay_must(tree.entries.at[i].mode <= 07777);
	replay_must(tree.entries.at[0].mode == 0755 && !tree.entries.at[0].uid);
	arena_release(&arena);
	return 0;
}
