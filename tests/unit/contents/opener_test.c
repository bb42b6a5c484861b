/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual machines' disks: a file inside that differs is named; a hostile file, or one that is no such disk after all, is
 * compared as bytes. */
#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/catalog_load.h"
#include "compared.h"
#include "contents/compare.h"
#include "contents/opener.h"
#include "image/disk.h"
#include "image/pack.h"
#include "proc/proc.h"
#include "scratch.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct scratch s;
static struct place place;
static struct arena arena;
static struct comparison k;
static struct error err;
static const char *const formats[] = {"qcow2", "vmdk", "vdi", "vhdx"};

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	if (!place_load(&place, &err))
		fail_msg("%s", err.text);
	assert_true(place_make_folder(scratch_path(&s, "work"), &err));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	comparison_release(&k);
	arena_release(&arena);
	place_release(&place);
	scratch_remove(&s);
	return 0;
}

static void need_tool(void)
{
	struct text path = TEXT_INIT;
	bool found = proc_find("qemu-img", NULL, &path);

	text_release(&path);
	if (!found)
		skip();
}

/* qemu-img with these words. */
static void run_well(const char *const words[])
{
	struct text out = TEXT_INIT;
	const char *argv[16] = {"qemu-img"};
	int status = -1;

	for (size_t i = 0; words[i]; i++)
		argv[i + 1] = words[i];
	assert_true(proc_capture(argv, NULL, NULL, 1 << 16, &out, &status, &err));
	if (status != 0)
		fail_msg("%s: %s", words[0], out.s ? out.s : "");
	text_release(&out);
}

static bool to_file(void *ctx, const void *bytes, size_t len, struct error *e)
{
	return fwrite(bytes, 1, len, ctx) == len || error_set(e, ERROR_INTERNAL, "not written");
}

/* A file system of a kind: an archive with one file. */
static void make_archive(const char *name, const char *content)
{
	struct tree t = {.arena = &arena};
	struct tree_entry e = {.path = "/etc/motd",
		.kind = TREE_FILE,
		.mode = 0644,
		.content = content,
		.content_len = strlen(content),
		.owner = "test"};
	FILE *f = fopen(scratch_path(&s, name), "w");
	struct pack_options o = {.format = PACK_CPIO, .sink = to_file, .sink_ctx = f};

	assert_non_null(f);
	assert_true(tree_add(&t, &e, &err) && tree_settle(&t, &err));
	assert_true(pack_write(&t, &o, &err));
	assert_int_equal(fclose(f), 0);
}

/* A disk with one partition, in the format. */
static void make(const char *name, const char *format, const char *content)
{
	struct disk_partitions p = {0};
	uint64_t size;

	make_archive("archive", content);
	vec_push(&p, (struct disk_partition){.type = "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
			     .name = "one",
			     .file = scratch_path(&s, "archive")});
	if (!disk_write(scratch_path(&s, "raw"), "gpt", "seed", &p, &size, &err))
		fail_msg("%s", err.text);
	vec_release(&p);
	run_well((const char *[]){"convert", "-q", "-f", "raw", "-O", format,
		scratch_path(&s, "raw"), scratch_path(&s, name), NULL});
}

static void compare(void)
{
	compared(&k, &s);
}

/* A difference of this kind was reported for the innermost of these names. */
static void told(const char *const inside[], const char *what)
{
	for (size_t i = 0; i < k.of.n; i++) {
		size_t n = 0;

		while (n < k.of.at[i].inside.n && inside[n] &&
			strcmp(inside[n], k.of.at[i].inside.at[n]) == 0)
			n++;
		if (n == k.of.at[i].inside.n && !inside[n] && strstr(k.of.at[i].what, what))
			return;
	}
	fail_msg("not told: %s", what);
}

static const char *const outside[] = {NULL};

static void the_file_inside_is_named(void **state)
{
	static const char *const motd[] = {"disk", "partition 1", "etc/motd", NULL};

	(void)state;
	need_tool();
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		make("first", formats[i], "hello, world");
		make("second", formats[i], "hello, World");
		compare();
		told(motd, "its bytes differ from offset 7 on");
	}
}

/* qemu-img chooses random identifiers (except for qcow2, which has none): nothing else differs. */
static void a_container_of_the_same_disk_is_told(void **state)
{
	(void)state;
	need_tool();
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		make("first", formats[i], "hello, world");
		make("second", formats[i], "hello, world");
		compare();
		assert_int_equal(k.same, i == 0);
		if (k.same)
			continue;
		assert_int_equal(k.n, 1);
		told(outside,
			"the disk in it is the same, but bytes around it differ from offset ");
		assert_int_equal(k.of.at[0].offset, k.offset);
	}
	make("first", "qcow2", "hello, world");
	make("second", "vdi", "hello, world");
	compare();
	told(outside, "its bytes differ from offset 0 on");
}

static void what_only_begins_like_one_is_bytes(void **state)
{
	(void)state;
	need_tool();
	scratch_write(&s, "first", "QFI\xfb, but no disk at all");
	scratch_write(&s, "second", "QFI\xfb, and no disk either");
	compare();
	assert_int_equal(k.n, 1);
	told(outside, "its bytes differ from offset 6 on");
}

/* A disk over another file would show that one. */
static void no_further_file_is_read(void **state)
{
	const char *first = scratch_path(&s, "first"), *second = scratch_path(&s, "second");
	const char *secret = scratch_path(&s, "secret");
	struct text t = TEXT_INIT;
	struct catalog all = {.place = &place};

	(void)state;
	need_tool();
	scratch_write(&s, "secret", "of somebody else");
	run_well((const char *[]){
		"create", "-q", "-f", "qcow2", "-b", secret, "-F", "raw", first, "1M", NULL});
	run_well((const char *[]){"create", "-q", "-f", "qcow2", second, "1M", NULL});
	compare();
	assert_int_equal(k.n, 1);
	told(outside, "the disk in it is the same, but");
	assert_true(format_load_all(&all, &err));
	assert_non_null(opener_find(&all, first));
	assert_null(opener_find(&all, secret));
	assert_true(
		opener_run(opener_find(&all, first), first, scratch_path(&s, "work"), "raw", &err));
	assert_true(text_read_file(&t, scratch_path(&s, "work/raw"), 2 << 20, &err));
	assert_int_equal(t.len, 1 << 20);
	assert_null(memmem(t.s, t.len, "somebody", 8));
	text_release(&t);
	catalog_release(&all);
}

static void a_disk_beyond_all_bounds_is_bytes(void **state)
{
	(void)state;
	need_tool();
	run_well((const char *[]){
		"create", "-q", "-f", "qcow2", scratch_path(&s, "first"), "1P", NULL});
	run_well((const char *[]){
		"create", "-q", "-f", "qcow2", scratch_path(&s, "second"), "1M", NULL});
	compare();
	assert_int_equal(k.n, 1);
	told(outside, "its bytes differ from offset ");
}

static void a_missing_program_is_named(void **state)
{
	const struct format f = {.raw = "no-such-program-here {file} {raw}"};

	(void)state;
	scratch_write(&s, "first", "x");
	assert_false(
		opener_run(&f, scratch_path(&s, "first"), scratch_path(&s, "work"), "raw", &err));
	assert_non_null(strstr(err.text, "no-such-program-here"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_file_inside_is_named),
		CASE(a_container_of_the_same_disk_is_told),
		CASE(what_only_begins_like_one_is_bytes),
		CASE(no_further_file_is_read),
		CASE(a_disk_beyond_all_bounds_is_bytes),
		CASE(a_missing_program_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
