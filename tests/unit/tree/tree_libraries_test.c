/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loaders and libraries of a root file system: what programs need is there afterwards, and nothing else. */
#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "elf_make.h"
#include "scratch.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

static struct scratch here;
static struct arena arena;
static struct tree tree;
static struct error err;

#define LOADER	   "/lib64/ld-linux.so.2"
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static int set_up(void **state)
{
	(void)state;
	scratch_make(&here);
	arena = (struct arena)ARENA_INIT;
	tree = (struct tree){.arena = &arena};
	scratch_write(&here, "root/lib/notes", "not a library\n");
	vec_push_in(tree.arena, &tree.libraries,
		(struct tree_libraries){.from = scratch_path(&here, "root/lib"),
			.root = scratch_path(&here, "root"),
			.id = "id",
			.to = "/lib"});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	scratch_remove(&here);
	return 0;
}

static void library(const char *relative, const struct elf_made *made)
{
	struct text file = TEXT_INIT;

	elf_make(&file, made);
	assert_true(place_write_file(scratch_path(&here, relative), file.s, file.len, &err));
	text_release(&file);
}

static void program(const char *path, const struct elf_made *made)
{
	struct text file = TEXT_INIT;

	elf_make(&file, made);
	assert_true(tree_add(&tree,
		&(struct tree_entry){.path = path,
			.kind = TREE_FILE,
			.mode = 0755,
			.content = arena_strn(&arena, file.s, file.len),
			.content_len = file.len,
			.owner = "test"},
		&err));
	text_release(&file);
}

static const struct tree_entry *entry(const char *path)
{
	for (size_t i = 0; i < tree.entries.n; i++)
		if (strcmp(tree.entries.at[i].path, path) == 0)
			return &tree.entries.at[i];
	return NULL;
}

static void the_closure_and_no_more(void **state)
{
	(void)state;
	library("root/lib/ld-linux.so.2", &(struct elf_made){64, false, 62, NULL, NULL});
	library("root/lib/libc.so.6",
		&(struct elf_made){64, false, 62, NULL, NAMES("ld-linux.so.2")});
	library("root/lib/libm.so.6", &(struct elf_made){64, false, 62, NULL, NAMES("libc.so.6")});
	library("root/lib/libz.so.1", &(struct elf_made){64, false, 62, NULL, NULL});
	program("/bin/sh", &(struct elf_made){64, false, 62, LOADER, NAMES("libm.so.6")});
	assert_true(tree_settle(&tree, &err));
	assert_non_null(entry(LOADER));
	assert_int_equal(entry(LOADER)->mode, 0755);
	assert_non_null(entry("/lib/libm.so.6"));
	assert_non_null(entry("/lib/libc.so.6"));
	assert_null(entry("/lib/ld-linux.so.2")); /* it is running already when libc asks for it */
	assert_null(entry("/lib/libz.so.1"));
	assert_null(entry("/lib/notes"));
}

/* musl's loader is its libc under another name, through an absolute link in the stage. */
static void one_file_of_two_names(void **state)
{
	(void)state;
	library("root/lib/libc.so", &(struct elf_made){64, false, 62, NULL, NULL});
	assert_int_equal(symlink("/lib/libc.so", scratch_path(&here, "root/lib/ld-musl.so.1")), 0);
	program("/bin/sh",
		&(struct elf_made){64, false, 62, "/lib/ld-musl.so.1", NAMES("libc.so")});
	assert_true(tree_settle(&tree, &err));
	assert_int_equal(entry("/lib/ld-musl.so.1")->kind, TREE_FILE);
	assert_int_equal(entry("/lib/libc.so")->kind, TREE_LINK);
	assert_string_equal(entry("/lib/libc.so")->target, "/lib/ld-musl.so.1");
}

static void what_is_there_is_kept(void **state)
{
	(void)state;
	program("/opt/own/libx.so", &(struct elf_made){64, false, 62, NULL, NULL});
	program("/bin/sh", &(struct elf_made){64, false, 62, NULL, NAMES("libx.so")});
	assert_true(tree_settle(&tree, &err));
	assert_null(entry("/lib/libx.so"));
}

static void missing_ones_are_named(void **state)
{
	(void)state;
	program("/bin/sh", &(struct elf_made){64, false, 62, NULL, NAMES("libgone.so.3")});
	assert_false(tree_settle(&tree, &err));
	assert_int_equal(err.kind, ERROR_STEP);
	assert_non_null(strstr(err.text, "/bin/sh needs libgone.so.3"));
	assert_non_null(strstr(err.text, "root/lib"));
}

/* A library of another processor is none, and a file that only has the name is none either. */
static void the_wrong_kind_does_not_count(void **state)
{
	(void)state;
	library("root/lib/libc.so.6", &(struct elf_made){32, false, 3, NULL, NULL});
	program("/bin/sh", &(struct elf_made){64, false, 62, NULL, NAMES("libc.so.6")});
	assert_false(tree_settle(&tree, &err));
	assert_non_null(strstr(err.text, "needs libc.so.6"));
	scratch_write(&here, "root/lib/libc.so.6", "GROUP ( /lib/libc.so.6 )\n");
	assert_false(tree_add_libraries(&tree, &err));
	assert_non_null(strstr(err.text, "needs libc.so.6"));
}

static void links_that_go_round_end(void **state)
{
	(void)state;
	assert_int_equal(symlink("liba.so", scratch_path(&here, "root/lib/libb.so")), 0);
	assert_int_equal(symlink("libb.so", scratch_path(&here, "root/lib/liba.so")), 0);
	program("/bin/sh", &(struct elf_made){64, false, 62, NULL, NAMES("liba.so")});
	assert_false(tree_settle(&tree, &err));
	assert_non_null(strstr(err.text, "needs liba.so"));
}

static void damaged_programs_are_named(void **state)
{
	(void)state;
	assert_true(tree_add(&tree,
		&(struct tree_entry){.path = "/bin/broken",
			.kind = TREE_FILE,
			.content = "\177ELF\2\1\1",
			.content_len = 7,
			.owner = "overlay"},
		&err));
	assert_false(tree_settle(&tree, &err));
	assert_non_null(strstr(err.text, "/bin/broken"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_closure_and_no_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_file_of_two_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_there_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(missing_ones_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_wrong_kind_does_not_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(links_that_go_round_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_programs_are_named, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
