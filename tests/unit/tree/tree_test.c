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
	/* the same file once more, of which a recipe named the folder and a folder in it */
	bench_make(&b);
	for (int i = 0; i < 2; i++) {
		assert_true(add(&b, "/etc/x", TREE_FILE, "a recipe"));
		b.tree.entries.at[2 * i].content = NULL;
		b.tree.entries.at[2 * i].from = "/stage/etc/x";
		assert_true(add(&b, "/etc/y", TREE_LINK, "a recipe"));
	}
	assert_true(tree_settle(&b.tree, &b.err));
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

/* A stage's folder with the rules of its recipe. */
static void graft(struct bench *b, struct scratch *s, const char *folder,
	const struct tree_rules *rules, const char *owner)
{
	tree_graft(&b->tree, &(struct tree_graft){.from = scratch_path(s, folder),
				     .id = "i",
				     .to = "/",
				     .owner = owner,
				     .rules = rules});
}

static void a_stated_mode_is_put_on_the_entry(void **state)
{
	struct tree_mode modes[] = {{.path = "/bin/su", .mode = 04755, .where = "r:1"},
		{.path = "/var/spool", .mode = 01730, .gid = 7, .where = "r:2"},
		{.path = "/var/lib/db", .mode = 0700, .uid = 5, .make = true, .where = "r:3"}};
	struct tree_rules rules = {.modes = {modes, 3, 3}, .all_modes = true};
	struct scratch s;
	struct bench b;

	(void)state;
	scratch_make(&s);
	bench_make(&b);
	scratch_write(&s, "root/bin/su", "su");
	scratch_write(&s, "root/var/spool/x", "x");
	graft(&b, &s, "root", &rules, "recipe shadow");
	assert_true(tree_print(&b.tree, &b.out, &b.err));
	assert_non_null(strstr(b.out.s, "  mode /bin/su 4755 0 0\n"));
	assert_true(tree_settle(&b.tree, &b.err));
	assert_int_equal(find(&b, "/bin/su")->mode, 04755);
	assert_int_equal(find(&b, "/var/spool")->mode, 01730);
	assert_int_equal(find(&b, "/var/spool")->gid, 7);
	assert_int_equal(find(&b, "/var/spool/x")->mode, 0644);
	assert_int_equal(find(&b, "/var/lib/db")->uid, 5);
	assert_int_equal(find(&b, "/var/lib")->mode, 0755);
	bench_remove(&b);
	/* a path that it does not bring, and a link */
	bench_make(&b);
	modes[1].path = "/var/spoool";
	graft(&b, &s, "root", &rules, "recipe shadow");
	assert_false(tree_settle(&b.tree, &b.err));
	assert_string_equal(b.err.text,
		"r:2: recipe shadow does not bring /var/spoool, whose mode this is; correct the path, or take the line away");
	bench_remove(&b);
	bench_make(&b);
	assert_int_equal(symlink("su", scratch_path(&s, "root/bin/s")), 0);
	modes[1].path = "/bin/s";
	graft(&b, &s, "root", &rules, "recipe shadow");
	assert_false(tree_settle(&b.tree, &b.err));
	assert_string_equal(b.err.text, "r:2: /bin/s is a link to su; name what it leads to");
	bench_remove(&b);
	scratch_remove(&s);
}

static void a_set_id_bit_must_be_stated(void **state)
{
	struct tree_mode no = {.path = "/bin/su", .mode = 0755, .where = "r:1"};
	struct tree_rules none = {.yields = false}, said = {.modes = {&no, 1, 1}};
	struct scratch s;
	struct bench b;

	(void)state;
	scratch_make(&s);
	bench_make(&b);
	scratch_write(&s, "root/bin/su", "su");
	assert_int_equal(chmod(scratch_path(&s, "root/bin/su"), 02711), 0);
	graft(&b, &s, "root", &none, "recipe shadow");
	assert_false(tree_settle(&b.tree, &b.err));
	assert_string_equal(b.err.text,
		"recipe shadow installs /bin/su with the set-id mode 2711, which its recipe does not state; say 'mode = /bin/su 2711' in it to keep that, or 'mode = /bin/su 0755' for an ordinary program");
	bench_remove(&b);
	bench_make(&b);
	graft(&b, &s, "root", &said, "recipe shadow");
	assert_true(tree_settle(&b.tree, &b.err));
	assert_int_equal(find(&b, "/bin/su")->mode, 0755);
	bench_remove(&b);
	scratch_remove(&s);
}

static void parts_stay_out_by_their_paths(void **state)
{
	const char *left[] = {"/usr/share/man", "*.la"}, *links[] = {"/usr/lib/lib*.so"};
	const char *kept[] = {"/usr/share/man/man7"};
	struct tree_rules rules = {
		.left = {left, 2, 2}, .links = {links, 1, 1}, .kept = {kept, 1, 1}};
	struct scratch s;
	struct bench b;

	(void)state;
	scratch_make(&s);
	bench_make(&b);
	scratch_write(&s, "root/usr/share/man/man1/x.1", "x");
	scratch_write(&s, "root/usr/share/man/man7/y.7", "y");
	scratch_write(&s, "root/usr/share/manual", "z");
	scratch_write(&s, "root/usr/lib/libz.so.1", "z");
	scratch_write(&s, "root/usr/lib/libplain.so", "z");
	scratch_write(&s, "root/usr/lib/deep/in/libz.la", "z");
	assert_int_equal(symlink("libz.so.1", scratch_path(&s, "root/usr/lib/libz.so")), 0);
	graft(&b, &s, "root", &rules, "recipe zlib");
	assert_true(tree_settle(&b.tree, &b.err));
	assert_null(find(&b, "/usr/share/man/man1"));
	assert_non_null(find(&b, "/usr/share/man/man7/y.7"));
	assert_non_null(find(&b, "/usr/share/manual"));
	assert_non_null(find(&b, "/usr/lib/libz.so.1"));
	assert_non_null(find(&b, "/usr/lib/libplain.so"));
	assert_null(find(&b, "/usr/lib/libz.so"));
	assert_null(find(&b, "/usr/lib/deep/in/libz.la"));
	bench_remove(&b);
	scratch_remove(&s);
}

/* Applets as BusyBox installs them, links and hard links, and real programs with the same path, and elsewhere in PATH. */
static void who_yields_leads_to_the_others(void **state)
{
	const char *path[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
	struct tree_rules busybox = {.yields = true, .alike = {path, 4, 4}}, real = {.links = {0}};
	struct scratch s;
	struct bench b;

	(void)state;
	scratch_make(&s);
	bench_make(&b);
	scratch_write(&s, "bb/bin/busybox", "bb");
	scratch_write(&s, "bb/bin/ls", "bb");
	scratch_write(&s, "bb/bin/gzip", "bb");
	assert_int_equal(symlink("busybox", scratch_path(&s, "bb/bin/sh")), 0);
	assert_int_equal(symlink("busybox", scratch_path(&s, "bb/bin/cat")), 0);
	scratch_write(&s, "bb/usr/bin/less", "bb");
	scratch_write(&s, "bb/usr/bin/kept", "bb");
	scratch_write(&s, "real/usr/bin/ls", "ls");
	scratch_write(&s, "real/bin/gzip", "gzip");
	scratch_write(&s, "real/bin/less", "less");
	scratch_write(&s, "real/opt/kept", "no program of PATH");
	/* it leads back: nothing of its own */
	assert_int_equal(symlink("../../bin/sh", scratch_path(&s, "real/usr/bin/sh")), 0);
	/* a name for another program */
	scratch_write(&s, "real/usr/libexec/cat", "cat");
	assert_int_equal(symlink("../libexec/cat", scratch_path(&s, "real/usr/bin/cat")), 0);
	graft(&b, &s, "bb", &busybox, "recipe busybox");
	graft(&b, &s, "real", &real, "recipe real");
	assert_true(tree_settle(&b.tree, &b.err));
	assert_string_equal(find(&b, "/bin/gzip")->owner, "recipe real");
	assert_string_equal(find(&b, "/bin/ls")->target, "../usr/bin/ls");
	assert_string_equal(find(&b, "/usr/bin/less")->target, "../../bin/less");
	assert_string_equal(find(&b, "/bin/cat")->target, "../usr/bin/cat");
	assert_string_equal(find(&b, "/bin/sh")->target, "busybox");
	assert_int_equal(find(&b, "/usr/bin/kept")->kind, TREE_FILE);
	assert_int_equal(find(&b, "/bin/busybox")->kind, TREE_FILE);
	bench_remove(&b);
	/* two others do not yield to each other */
	bench_make(&b);
	graft(&b, &s, "bb", &busybox, "recipe busybox");
	graft(&b, &s, "real", &real, "recipe real");
	graft(&b, &s, "real", &real, "recipe twin");
	assert_false(tree_settle(&b.tree, &b.err));
	assert_string_equal(b.err.text,
		"both recipe real and recipe twin bring /bin/gzip; leave one of them out");
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
		cmocka_unit_test(a_stated_mode_is_put_on_the_entry),
		cmocka_unit_test(a_set_id_bit_must_be_stated),
		cmocka_unit_test(parts_stay_out_by_their_paths),
		cmocka_unit_test(who_yields_leads_to_the_others),
		cmocka_unit_test(a_missing_graft_is_an_error),
		cmocka_unit_test(the_text_depends_on_content_not_on_order_or_place),
		cmocka_unit_test(the_stages_part_is_found_again),
		cmocka_unit_test(listed_files_make_a_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
