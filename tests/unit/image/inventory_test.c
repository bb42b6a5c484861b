/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image holds: the package of each file, images in images, empty areas; and its form in the manifest, read back. */
#include "base/arena.h"
#include "base/vec.h"
#include "cache/weight.h"
#include "image/inventory.h"
#include "scratch.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

static struct scratch s;
static struct arena a;
static struct tree tree;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	a = (struct arena)ARENA_INIT;
	tree = (struct tree){.arena = &a};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&a);
	scratch_remove(&s);
	return 0;
}

static void add(const char *path, const char *owner, const char *content)
{
	struct tree_entry e = {.path = path,
		.kind = TREE_FILE,
		.mode = 0644,
		.owner = owner,
		.content = content,
		.content_len = strlen(content)};
	struct error err;

	assert_true(tree_add(&tree, &e, &err));
}

static void settle_and_add(struct inventory *c)
{
	struct error err = {0};

	*c = (struct inventory){.arena = ARENA_INIT, .compression = ""};
	if (!tree_settle(&tree, &err) || !inventory_add_tree(c, &tree, &err))
		fail_msg("%s", err.text);
}

static void save(const struct inventory *c, const char *folder)
{
	struct error err = {0};

	if (!inventory_save(c, scratch_path(&s, folder), &err))
		fail_msg("%s", err.text);
}

static const struct inventory_file *file_of(const struct inventory *c, const char *path)
{
	for (size_t i = 0; i < c->files.n; i++)
		if (strcmp(c->files.at[i].path, path) == 0)
			return &c->files.at[i];
	fail_msg("no %s", path);
	return NULL;
}

static void files_know_who_brought_them(void **state)
{
	struct inventory c;

	(void)state;
	add("/bin/tool", "recipe toolbox", "12345678");
	add("/etc/issue", "share/rootfs/base.files:12", "hello");
	add("/lib/libx.so", "the libraries of /bin/tool", "lib");
	vec_push_in(tree.arena, &tree.entries,
		(struct tree_entry){.path = "/etc/mine",
			.kind = TREE_FILE,
			.owner = "/somewhere/of/mine",
			.wins = true,
			.content = "mine",
			.content_len = 4});
	vec_push_in(tree.arena, &tree.entries,
		(struct tree_entry){
			.path = "/etc/link", .kind = TREE_LINK, .owner = "x", .target = "issue"});
	settle_and_add(&c);
	assert_int_equal(c.files.n, 4);
	assert_string_equal(file_of(&c, "/bin/tool")->package, "toolbox");
	assert_int_equal(file_of(&c, "/bin/tool")->bytes, 8);
	assert_string_equal(file_of(&c, "/etc/issue")->package, "rootfs/base");
	assert_string_equal(file_of(&c, "/lib/libx.so")->package, "libraries");
	assert_string_equal(file_of(&c, "/etc/mine")->package, "overlay");
	inventory_release(&c);
}

/* Also those of an image in an image, by way of its record. */
static void set_id_programs_are_listed(void **state)
{
	struct tree_entry e = {.path = "/bin/su",
		.kind = TREE_FILE,
		.mode = 04755,
		.gid = 7,
		.owner = "recipe shadow",
		.content = "su",
		.content_len = 2};
	struct inventory c, loaded;
	struct error err = {0};

	(void)state;
	assert_true(tree_add(&tree, &e, &err));
	add("/bin/ls", "recipe coreutils", "ls");
	settle_and_add(&c);
	scratch_write(&s, "inner/image", "image");
	save(&c, "inner");
	inventory_release(&c);
	c = (struct inventory){.arena = ARENA_INIT, .compression = ""};
	assert_true(inventory_add_part(&c, "initramfs", scratch_path(&s, "inner/image"), &err));
	scratch_write(&s, "outer/image", "image");
	save(&c, "outer");
	inventory_release(&c);
	assert_true(inventory_load(&loaded, scratch_path(&s, "outer"), &err));
	assert_int_equal(loaded.set_id.n, 1);
	assert_string_equal(loaded.set_id.at[0].path, "/bin/su");
	assert_string_equal(loaded.set_id.at[0].package, "shadow");
	assert_int_equal(loaded.set_id.at[0].mode, 04755);
	assert_int_equal(loaded.set_id.at[0].gid, 7);
	inventory_release(&loaded);
}

/* A medium with a kernel and an initramfs, which has a record of its own. */
static void an_image_in_an_image_brings_its_files(void **state)
{
	struct inventory inner, outer, back;
	struct error err = {0};

	(void)state;
	scratch_write(&s, "inner/initramfs", "packed");
	add("/bin/tool", "recipe toolbox", "0123456789");
	settle_and_add(&inner);
	inner.compression = "zstd";
	save(&inner, "inner");
	inventory_release(&inner);

	tree.entries.n = 0;
	add("/boot/kernel", "recipe kernel", "kernel!");
	tree_graft(&tree, &(struct tree_graft){.from = scratch_path(&s, "inner/initramfs"),
				  .id = "i",
				  .to = "/boot/initramfs.img",
				  .owner = "image initramfs"});
	settle_and_add(&outer);
	assert_int_equal(outer.files.n, 2);
	assert_string_equal(file_of(&outer, "/bin/tool")->package, "toolbox");
	assert_int_equal(outer.parts.n, 1);
	assert_string_equal(outer.parts.at[0].name, "initramfs");
	assert_int_equal(outer.parts.at[0].bytes, 6);
	assert_int_equal(outer.parts.at[0].content, 10);
	assert_string_equal(outer.parts.at[0].compression, "zstd");

	/* without a record it is a file like others, such as a loader's; a part it becomes by a line that says so */
	assert_int_equal(unlink(scratch_path(&s, "inner/inventory")), 0);
	inventory_release(&outer);
	settle_and_add(&outer);
	assert_string_equal(file_of(&outer, "/boot/initramfs.img")->package, "image initramfs");
	assert_int_equal(outer.parts.n, 0);
	assert_true(
		inventory_add_part(&outer, "initramfs", scratch_path(&s, "inner/initramfs"), &err));
	assert_int_equal(outer.parts.at[0].bytes, 6);

	scratch_write(&s, "outer/x", "");
	save(&outer, "outer");
	assert_true(inventory_load(&back, scratch_path(&s, "outer"), &err));
	assert_int_equal(back.files.n, 2);
	assert_string_equal(back.parts.at[0].name, "initramfs");
	inventory_release(&back);
	inventory_release(&outer);
}

static void make_sparse(const char *name, size_t size)
{
	int fd = open(scratch_path(&s, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char zeros[8192] = "";

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(pwrite(fd, "x", 1, 0), 1);
	assert_int_equal(pwrite(fd, "xy", 2, 3 * MIB - 1), 2); /* on both sides of a block's end */
	assert_int_equal(pwrite(fd, zeros, sizeof zeros, 2 * MIB), sizeof zeros);
	close(fd);
}

static uint64_t measured(const char *name)
{
	struct error err = {0};
	uint64_t bytes = 99;

	if (!inventory_measure(scratch_path(&s, name), &bytes, &err))
		fail_msg("%s", err.text);
	return bytes;
}

static void what_is_empty_does_not_count(void **state)
{
	struct error err = {0};
	uint64_t bytes;

	(void)state;
	make_sparse("sparse", 5 * MIB + 100);
	assert_int_equal(measured("sparse"), 3 * 4096);
	scratch_write(&s, "short", "abc");
	assert_int_equal(measured("short"), 3);
	scratch_write(&s, "nothing", "");
	assert_int_equal(measured("nothing"), 0);
	assert_false(inventory_measure(scratch_path(&s, "missing"), &bytes, &err));
}

static void write_manifest(const struct inventory *c)
{
	json_t *size = NULL, *root;
	struct error err = {0};
	char *dump;

	if (!inventory_json(c, scratch_path(&s, "sparse"), "my.img", &size, &err))
		fail_msg("%s", err.text);
	root = json_pack("{s:[o]}", "sizes", size);
	dump = json_dumps(root, 0);
	scratch_write(&s, "out/manifest.json", dump);
	free(dump);
	json_decref(root);
}

static void the_manifest_says_all_and_is_read_back(void **state)
{
	struct inventory c;
	struct error err = {0};
	struct weight w;
	const struct weight_image *i;

	(void)state;
	make_sparse("sparse", 5 * MIB);
	scratch_write(&s, "loader", "loader");
	add("/a", "recipe one", "1");
	add("/b", "recipe two", "22");
	add("/c", "recipe one", "333");
	settle_and_add(&c);
	assert_true(inventory_add_part(&c, "loader", scratch_path(&s, "loader"), &err));
	assert_true(inventory_add_part(&c, "loader", scratch_path(&s, "loader"), &err));
	write_manifest(&c);
	inventory_release(&c);

	assert_true(weight_load(&w, "any", scratch_path(&s, "out"), &err));
	assert_int_equal(w.images.n, 1);
	i = &w.images.at[0];
	assert_string_equal(i->file, "my.img");
	assert_int_equal(i->bytes, 5 * MIB);
	assert_int_equal(i->content, 6);
	assert_int_equal(i->content_files, 3);
	/* the largest first: empty, tables, loader; together they are the image */
	assert_int_equal(i->parts.n, 3);
	assert_string_equal(i->parts.at[0].name, "empty");
	assert_string_equal(i->parts.at[1].name, "tables");
	assert_string_equal(i->parts.at[2].name, "loader");
	assert_int_equal(i->parts.at[2].bytes, 12);
	assert_int_equal(
		i->parts.at[0].bytes + i->parts.at[1].bytes + i->parts.at[2].bytes, 5 * MIB);
	assert_int_equal(i->packages.n, 2);
	assert_string_equal(i->packages.at[0].name, "one");
	assert_int_equal(i->packages.at[0].bytes, 4);
	assert_int_equal(i->packages.at[0].files, 2);
	assert_string_equal(i->files.at[0].name, "/c");
	assert_string_equal(i->files.at[0].package, "one");
	assert_true(weight_same(i, i));
	weight_release(&w);
}

static void what_cannot_be_read_is_told(void **state)
{
	struct inventory c;
	struct error err = {0};
	struct weight w;

	(void)state;
	scratch_write(&s, "bad/inventory", "{");
	assert_false(inventory_load(&c, scratch_path(&s, "bad"), &err));
	assert_non_null(strstr(err.text, "is damaged"));
	inventory_release(&c);
	assert_true(inventory_load(&c, scratch_path(&s, "nowhere"), &err));
	assert_int_equal(c.files.n, 0);
	inventory_release(&c);
	assert_false(weight_load(&w, "none", NULL, &err));
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_non_null(strstr(err.text, "out/none"));
	/* what others wrote there */
	scratch_write(&s, "odd/manifest.json",
		"{\"sizes\":[1,{\"file\":7,\"bytes\":-1,\"parts\":[{}],\"files\":{}}]}");
	assert_true(weight_load(&w, "odd", scratch_path(&s, "odd"), &err));
	assert_int_equal(w.images.at[1].bytes, 0);
	assert_string_equal(w.images.at[1].parts.at[0].name, "");
	weight_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_know_who_brought_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(set_id_programs_are_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_image_in_an_image_brings_its_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_empty_does_not_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_manifest_says_all_and_is_read_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
