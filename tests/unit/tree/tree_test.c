/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listing of a root file system: clean paths, conflicts, grafts, the canonical text. */
#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "scratch.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bench {
	struct arena arena;
	struct tree tree;
	struct text out;
	struct error err;
};

static void bench_make(struct bench *b)
{
	*b = (struct bench){.out = TEXT_INIT};
	b->tree.arena = &b->arena;
}

static void bench_remove(struct bench *b)
{
	text_release(&b->out);
	arena_release(&b->arena);
}

static bool add(struct bench *b, const char *path, enum tree_kind kind, const char *owner)
{
	struct tree_entry e = {.path = path,
		.kind = kind,
		.mode = 0644,
		.owner = owner,
		.content = "x",
		.content_len = 1,
		.target = "t"};

	return tree_add(&b->tree, &e, &b->err);
}

static const struct tree_entry *find(const struct bench *b, const char *path)
{
	for (size_t i = 0; i < b->tree.entries.n; i++)
		if (strcmp(b->tree.entries.at[i].path, path) == 0)
			return &b->tree.entries.at[i];
	return NULL;
}

static void unclean_paths_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "/", "etc/x", "/etc/", "/etc//x", "/./x", "/etc/../x", "/etc/..", "/a\nb"};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(add(&b, bad[i], TREE_FILE, "me"));
		assert_int_equal(b.err.kind, ERROR_PROFILE);
	}
	assert_true(add(&b, "/etc/..x", TREE_FILE, "me"));
	bench_remove(&b);
}

static void parents_appear_and_all_is_sorted(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(add(&b, "/usr/share/z", TREE_FILE, "me"));
	assert_true(add(&b, "/a", TREE_FILE, "me"));
	assert_true(tree_settle(&b.tree, &b.err));
	assert_int_equal(b.tree.entries.n, 4);
	assert_string_equal(b.tree.entries.at[0].path, "/a");
	assert_string_equal(b.tree.entries.at[1].path, "/usr");
	assert_int_equal(b.tree.entries.at[1].kind, TREE_FOLDER);
	assert_int_equal(b.tree.entries.at[1].mode, 0755);
	assert_string_equal(b.tree.entries.at[3].path, "/usr/share/z");
	bench_remove(&b);
}

static void two_for_one_path_name_both(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(add(&b, "/etc/x", TREE_FILE, "the first"));
	assert_true(add(&b, "/etc/x", TREE_FILE, "the second"));
	assert_false(tree_settle(&b.tree, &b.err));
	assert_string_equal(
		b.err.text, "both the first and the second bring /etc/x; leave one of them out");
	bench_remove(&b);
}

/* The owners must not be swapped in the message. (Mutation: the two owners change places.) */
static void a_file_is_no_parent(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(add(&b, "/etc", TREE_LINK, "the first"));
	assert_true(add(&b, "/etc/x", TREE_FILE, "the second"));
	assert_false(tree_print(&b.tree, &b.out, &b.err));
	assert_string_equal(
		b.err.text, "both the first and the second bring /etc; leave one of them out");
	bench_remove(&b);
	/* an overlay's file replaces a folder, but then nothing can be in that folder */
	bench_make(&b);
	assert_true(add(&b, "/etc/x", TREE_FILE, "a recipe"));
	assert_true(add(&b, "/etc", TREE_LINK, "an overlay"));
	b.tree.entries.at[1].wins = true;
	assert_false(tree_settle(&b.tree, &b.err));
	assert_string_equal(b.err.text,
		"a recipe brings /etc/x, but /etc is no folder: an overlay brings it as a link; leave one of them out");
	bench_remove(&b);
}

static void listed_folders_win_over_implied_ones(void **state)
{
	struct tree_entry tmp = {
		.path = "/tmp", .kind = TREE_FOLDER, .mode = 01777, .owner = "list"};
	struct tree_entry other = {
		.path = "/tmp", .kind = TREE_FOLDER, .mode = 0700, .owner = "other list"};
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(add(&b, "/tmp/x", TREE_FILE, "me"));
	assert_true(tree_add(&b.tree, &tmp, &b.err));
	assert_true(tree_settle(&b.tree, &b.err));
	assert_int_equal(find(&b, "/tmp")->mode, 01777);
	assert_true(tree_add(&b.tree, &other, &b.err));
	assert_false(tree_settle(&b.tree, &b.err));
	bench_remove(&b);
}

static void an_overlay_wins_but_leaves_folders_as_they_are(void **state)
{
	struct tree_entry tmp = {
		.path = "/tmp", .kind = TREE_FOLDER, .mode = 01777, .owner = "list"};
	struct tree_entry over = {.path = "/tmp",
		.kind = TREE_FOLDER,
		.mode = 0755,
		.owner = "overlay",
		.wins = true};
	struct tree_entry file = {.path = "/etc/x",
		.kind = TREE_FILE,
		.mode = 0600,
		.owner = "overlay",
		.wins = true};
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(tree_add(&b.tree, &over, &b.err));
	assert_true(tree_add(&b.tree, &tmp, &b.err));
	assert_true(add(&b, "/etc/x", TREE_LINK, "me"));
	assert_true(tree_add(&b.tree, &file, &b.err));
	assert_true(tree_settle(&b.tree, &b.err));
	assert_int_equal(find(&b, "/tmp")->mode, 01777);
	assert_int_equal(find(&b, "/etc/x")->kind, TREE_FILE);
	assert_int_equal(find(&b, "/etc/x")->mode, 0600);
	bench_remove(&b);
}

static void grafts_lose_owners_and_odd_modes(void **state)
{
	struct scratch s;
	struct bench b;
	struct tree_graft g = {.id = "thing KEY root", .to = "/", .owner = "recipe thing"};

	(void)state;
	scratch_make(&s);
	bench_make(&b);
	scratch_write(&s, "root/bin/tool", "tool");
	scratch_write(&s, "root/etc/note", "note");
	assert_int_equal(chmod(scratch_path(&s, "root/bin/tool"), 04711), 0);
	assert_int_equal(chmod(scratch_path(&s, "root/etc/note"), 0600), 0);
	assert_int_equal(symlink("tool", scratch_path(&s, "root/bin/alias")), 0);
	g.from = scratch_path(&s, "root");
	tree_graft(&b.tree, &g);
	assert_true(tree_settle(&b.tree, &b.err));
	assert_int_equal(find(&b, "/bin/tool")->mode, 0755);
	assert_int_equal(find(&b, "/bin/tool")->uid, 0);
	assert_int_equal(find(&b, "/etc/note")->mode, 0644);
	assert_string_equal(find(&b, "/bin/alias")->target, "tool");
	assert_null(find(&b, "/"));
	bench_remove(&b);
	scratch_remove(&s);
}

static void a_missing_graft_is_an_error(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	tree_graft(&b.tree,
		&(struct tree_graft){
			.from = "/nowhere/at/all", .id = "i", .to = "/", .owner = "recipe gone"});
	assert_false(tree_settle(&b.tree, &b.err));
	assert_non_null(strstr(b.err.text, "recipe gone"));
	bench_remove(&b);
}

static void the_text_depends_on_content_not_on_order_or_place(void **state)
{
	struct tree_entry node = {.path = "/dev/null",
		.kind = TREE_CHARACTER,
		.mode = 0666,
		.major = 1,
		.minor = 3,
		.owner = "list"};
	struct tree_graft g = {
		.from = "/one/place", .id = "thing KEY root", .to = "/", .owner = "recipe thing"};
	struct text other = TEXT_INIT;
	struct bench b, c;

	(void)state;
	bench_make(&b);
	bench_make(&c);
	assert_true(add(&b, "/a", TREE_FILE, "me") && add(&b, "/b", TREE_LINK, "me") &&
		    tree_add(&b.tree, &node, &b.err));
	tree_graft(&b.tree, &g);
	g.from = "/another/place";
	tree_graft(&c.tree, &g);
	assert_true(tree_add(&c.tree, &node, &c.err) && add(&c, "/b", TREE_LINK, "you") &&
		    add(&c, "/a", TREE_FILE, "you"));
	assert_true(tree_print(&b.tree, &b.out, &b.err));
	assert_true(tree_print(&c.tree, &other, &c.err));
	assert_string_equal(b.out.s, other.s);
	assert_null(strstr(b.out.s, "place"));
	assert_non_null(strstr(b.out.s, "character /dev/null 0666 0 0 1:3\n"));
	assert_non_null(strstr(b.out.s, "graft / thing KEY root\n"));
	/* printing changes nothing */
	assert_int_equal(b.tree.entries.n, 3);
	b.tree.entries.at[0].content = "y";
	text_clear(&other);
	assert_true(tree_print(&b.tree, &other, &b.err));
	assert_string_not_equal(b.out.s, other.s);
	text_release(&other);
	bench_remove(&b);
	bench_remove(&c);
}

/* Of a tree with a stage, some listed files and an overlay, the stage's part: what of it the whole has unchanged. */
static void the_stages_part_is_found_again(void **state)
{
	struct tree_entry change = {
		.kind = TREE_FILE, .content = "new", .content_len = 3, .mode = 0755};
	struct bench b;
	struct scratch s;
	struct tree stages;

	(void)state;
	bench_make(&b);
	scratch_make(&s);
	scratch_write(&s, "stage/bin/sh", "program");
	tree_graft(&b.tree, &(struct tree_graft){.from = scratch_path(&s, "stage"),
				    .id = "busybox KEY root",
				    .to = "/",
				    .owner = "recipe busybox"});
	assert_true(add(&b, "/etc/hostname", TREE_FILE, "list") &&
		    add(&b, "/bin", TREE_FOLDER, "list"));
	tree_stages(&b.tree, &stages);
	assert_true(tree_settle(&b.tree, &b.err) && tree_settle(&stages, &b.err));
	assert_int_equal(stages.entries.n, 2);
	assert_true(tree_contains(&b.tree, &stages));
	assert_true(tree_holds(&stages, find(&b, "/bin/sh")));
	assert_false(tree_holds(&stages, find(&b, "/etc/hostname")));
	/* the list gave it another mode */
	assert_false(tree_holds(&stages, find(&b, "/bin")));
	/* now an overlay brings a program of its own */
	change.path = "/bin/sh";
	change.wins = true;
	change.owner = "overlay";
	assert_true(tree_add(&b.tree, &change, &b.err) && tree_settle(&b.tree, &b.err));
	assert_false(tree_contains(&b.tree, &stages));
	scratch_remove(&s);
	bench_remove(&b);
}

/* What an image is made from may be a few listed files, which the others do not change. */
static void listed_files_make_a_part(void **state)
{
	const char *names[] = {"/etc/motd", "/etc/nothing"};
	struct strings paths = {names, 1, 1};
	struct bench b;
	struct tree part;

	(void)state;
	bench_make(&b);
	assert_true(add(&b, "/etc/hostname", TREE_FILE, "list") &&
		    add(&b, "/etc/motd", TREE_FILE, "list"));
	tree_graft(&b.tree, &(struct tree_graft){
				    .from = "/nowhere", .id = "x", .to = "/", .owner = "recipe x"});
	assert_true(tree_listed(&b.tree, &paths, &part, &b.err));
	assert_true(tree_settle(&part, &b.err));
	assert_int_equal(part.entries.n, 2); /* with its folder */
	assert_string_equal(part.entries.at[1].path, "/etc/motd");
	paths.n = 2;
	assert_false(tree_listed(&b.tree, &paths, &part, &b.err));
	assert_non_null(strstr(b.err.text, "/etc/nothing"));
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unclean_paths_are_refused),
		cmocka_unit_test(parents_appear_and_all_is_sorted),
		cmocka_unit_test(two_for_one_path_name_both),
		cmocka_unit_test(a_file_is_no_parent),
		cmocka_unit_test(listed_folders_win_over_implied_ones),
		cmocka_unit_test(an_overlay_wins_but_leaves_folders_as_they_are),
		cmocka_unit_test(grafts_lose_owners_and_odd_modes),
		cmocka_unit_test(a_missing_graft_is_an_error),
		cmocka_unit_test(the_text_depends_on_content_not_on_order_or_place),
		cmocka_unit_test(the_stages_part_is_found_again),
		cmocka_unit_test(listed_files_make_a_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
