/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an overlay brings into the listing, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "scratch.h"
#include "tree/overlay.h"
#include "tree/tree.h"

static struct scratch s;
static struct arena arena;
static struct tree tree;
static struct text said = TEXT_INIT;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	tree = (struct tree){.arena = &arena};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	arena_release(&arena);
	text_release(&said);
	return 0;
}

static void collect(void)
{
	struct error err;

	if (!overlay_collect(&tree, scratch_path(&s, "over"), &err))
		fail_msg("%s", err.text);
	overlay_say(&tree, "/data", &said);
}

static unsigned mode_of(const char *path)
{
	for (size_t i = 0; i < tree.entries.n; i++)
		if (strcmp(tree.entries.at[i].path, path) == 0)
			return tree.entries.at[i].mode;
	fail_msg("there is no %s", path);
	return 0;
}

static void built(const char *path, enum tree_kind kind)
{
	struct error err;

	assert_true(tree_add(&tree,
		&(struct tree_entry){.path = path,
			.kind = kind,
			.mode = 0755,
			.target = "x",
			.content = "",
			.owner = "a list"},
		&err));
}

static void bring(const char *name, unsigned mode)
{
	scratch_write(&s, name, "x");
	assert_int_equal(chmod(scratch_path(&s, name), mode), 0);
}

static void modes_are_kept_and_told(void **state)
{
	(void)state;
	bring("over/bin/own", 04755);
	bring("over/etc/plain", 0644);
	bring("over/srv/drop/x", 0666);
	assert_int_equal(chmod(scratch_path(&s, "over/srv/drop"), 01777), 0);
	assert_int_equal(chmod(scratch_path(&s, "over/etc"), 0755), 0);
	assert_int_equal(chmod(scratch_path(&s, "over/bin"), 0755), 0);
	collect();
	assert_int_equal(mode_of("/bin/own"), 04755);
	assert_int_equal(mode_of("/srv/drop"), 01777);
	assert_int_equal(mode_of("/etc/plain"), 0644);
	assert_non_null(strstr(said.s, "/bin/own (4755)"));
	assert_non_null(strstr(said.s, "/srv/drop (1777)"));
	assert_non_null(strstr(said.s, "/srv/drop/x (0666)"));
	assert_null(strstr(said.s, "plain"));
	assert_null(strstr(said.s, "replaces"));
}

static void what_is_replaced_is_told(void **state)
{
	/* in an order in which no folder lists them */
	static const char *const many[] = {"m", "z", "a", "k", "b", "y", "c"};
	static const char *const sorted[] = {
		"/a", "/b", "/c", "/etc/inittab", "/init", "/k", "/m", "/y", "/z"};
	struct strings paths = {0};

	(void)state;
	built("/etc", TREE_FOLDER);
	built("/etc/inittab", TREE_FILE);
	built("/init", TREE_LINK);
	for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
		built(arena_fmt(&s.place.arena, "/%s", many[i]), TREE_FILE);
		bring(arena_fmt(&s.place.arena, "over/%s", many[i]), 0644);
	}
	built("/etc/hosts", TREE_FILE);
	bring("over/etc/inittab", 0644);
	bring("over/etc/new", 0644);
	assert_int_equal(symlink("bin/sh", scratch_path(&s, "over/init")), 0);
	collect();
	assert_non_null(strstr(said.s, "the overlay replaces "));
	assert_non_null(strstr(said.s, "/etc/inittab"));
	assert_non_null(strstr(said.s, "/init"));
	assert_null(strstr(said.s, "/etc/new"));
	assert_null(strstr(said.s, "/etc/hosts"));
	assert_null(strchr(said.s, '\n'));
	overlay_replaced(&tree, &s.place.arena, &paths);
	assert_int_equal(paths.n, sizeof sorted / sizeof *sorted);
	for (size_t i = 0; i < paths.n; i++)
		assert_string_equal(paths.at[i], sorted[i]);
}

static void a_plain_overlay_is_not_worth_a_word(void **state)
{
	(void)state;
	bring("over/etc/new", 0644);
	collect();
	assert_int_equal(said.len, 0);
}

/* (Mutation: whatever begins with the same letters counts.) */
static void what_another_file_system_covers_is_told(void **state)
{
	(void)state;
	scratch_write(&s, "over/datas/x", "");
	scratch_write(&s, "over/data/ann/notes", "");
	collect();
	assert_non_null(strstr(said.s, "will cover: /data/ann, /data/ann/notes; nobody"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(modes_are_kept_and_told),
		CASE(what_is_replaced_is_told),
		CASE(what_another_file_system_covers_is_told),
		CASE(a_plain_overlay_is_not_worth_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
