/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nested containers of every kind that differ in one known place: that place is reported, and no other. */
#include "base/arena.h"
#include "base/compress.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "compared.h"
#include "contents/compare.h"
#include "contents/contents.h"
#include "image/disk.h"
#include "image/ext4.h"
#include "image/oci.h"
#include "image/pack.h"
#include "proc/proc.h"
#include "scratch.h"
#include "squash.h"
#include "tree/tree.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EPOCH = 1767225600 };

/* One of the two things to compare. */
struct recipe {
	const char *content; /* of etc/motd */
	const char *target;  /* of the link bin/sh */
	unsigned mode, uid, minor;
	const char *extra; /* a further file's path, or NULL */
	time_t epoch;
};

static const struct recipe plain = {"hello, world\n", "busybox", 0644, 0, 1, NULL, EPOCH};

static struct scratch s;
static struct arena arena;
static struct comparison k;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	assert_true(place_make_folder(scratch_path(&s, "work"), &err));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	comparison_release(&k);
	arena_release(&arena);
	scratch_remove(&s);
	return 0;
}

/* ---- making ---- */

static void add(struct tree *t, struct tree_entry e)
{
	e.owner = "test";
	assert_true(tree_add(t, &e, &err));
}

static void add_text(struct tree *t, const char *path, unsigned mode, const char *content)
{
	add(t, (struct tree_entry){.path = path,
		       .kind = TREE_FILE,
		       .mode = mode,
		       .content = content,
		       .content_len = strlen(content)});
}

static void make_tree(struct tree *t, const struct recipe *r)
{
	*t = (struct tree){.arena = &arena};
	add_text(t, "/etc/motd", r->mode, r->content);
	add_text(t, "/etc/other", 0600, "always the same");
	add(t, (struct tree_entry){
		       .path = "/bin/sh", .kind = TREE_LINK, .mode = 0777, .target = r->target});
	add(t, (struct tree_entry){.path = "/dev/console",
		       .kind = TREE_CHARACTER,
		       .mode = 0600,
		       .uid = r->uid,
		       .major = 5,
		       .minor = r->minor});
	if (r->extra)
		add_text(t, r->extra, 0644, "one more");
	assert_true(tree_settle(t, &err));
}

static bool to_compressor(void *ctx, const void *bytes, size_t len, struct error *e)
{
	return compress_write(ctx, bytes, len, e);
}

static void pack(
	const char *name, const struct recipe *r, enum pack_format format, const char *method)
{
	struct pack_options o = {.format = format, .epoch = r->epoch, .sink = to_compressor};
	struct compress *z;
	struct tree t;
	uint64_t size;

	make_tree(&t, r);
	assert_true(compress_open(&z, scratch_path(&s, name), method, 0, &err));
	o.sink_ctx = z;
	assert_true(pack_write(&t, &o, &err));
	assert_true(compress_finish(z, &size, &err));
	compress_free(z);
}

static void make_cpio(const char *name, const struct recipe *r)
{
	pack(name, r, PACK_CPIO, "zstd");
}

static void make_plain_cpio(const char *name, const struct recipe *r)
{
	pack(name, r, PACK_CPIO, "none");
}

static void make_tar(const char *name, const struct recipe *r)
{
	pack(name, r, PACK_TAR, "gzip");
}

static void make_ext4(const char *name, const struct recipe *r)
{
	struct ext4_options o = {.label = "test", .epoch = r->epoch};
	struct tree t;
	uint64_t size;

	make_tree(&t, r);
	if (!ext4_write(&t, scratch_path(&s, name), &o, &size, NULL, NULL, &err))
		fail_msg("%s", err.text);
}

static void make_squash(const char *name, const struct recipe *r)
{
	struct tree t;

	make_tree(&t, r);
	if (!squash_make(&t, scratch_path(&s, name), "zstd", r->epoch, &err))
		fail_msg("%s", err.text);
}

static void make_oci(const char *name, const struct recipe *r)
{
	static const char *const shell[] = {"/bin/sh"};
	struct strings command = {0};
	struct oci_options o = {
		.name = "x", .os = "os", .arch = "arch", .command = &command, .epoch = r->epoch};
	struct tree t;
	uint64_t size;

	vec_push(&command, shell[0]);
	make_tree(&t, r);
	if (!oci_write(&t, scratch_path(&s, name), &o, &size, &err))
		fail_msg("%s", err.text);
	vec_release(&command);
}

/* A file system in the second partition of a disk. */
static void make_disk(const char *name, const struct recipe *r)
{
	struct disk_partitions p = {0};
	uint64_t size;

	make_cpio("part.cpio", &plain);
	make_ext4("part.ext4", r);
	vec_push(&p, (struct disk_partition){.type = "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
			     .name = "one",
			     .file = scratch_path(&s, "part.cpio")});
	vec_push(&p, (struct disk_partition){.type = "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
			     .name = "two",
			     .file = scratch_path(&s, "part.ext4")});
	if (!disk_write(scratch_path(&s, name), "gpt", "seed", &p, &size, &err))
		fail_msg("%s", err.text);
	vec_release(&p);
}

static void put(FILE *f, const void *bytes, size_t len)
{
	assert_int_equal(fwrite(bytes, 1, len, f), len);
}

/* The same with the older kind of table: one partition, from sector 1 on. */
static void make_old_disk(const char *name, const struct recipe *r)
{
	static unsigned char sector[512], piece[4096];
	FILE *from, *f = fopen(scratch_path(&s, name), "w");
	size_t n, bytes = 0;

	make_squash("part.squash", r);
	from = fopen(scratch_path(&s, "part.squash"), "r");
	assert_non_null(f);
	assert_non_null(from);
	put(f, sector, sizeof sector);
	while ((n = fread(piece, 1, sizeof piece, from)) > 0) {
		put(f, piece, n);
		bytes += n;
	}
	fclose(from);
	while (bytes++ % 512)
		fputc(0, f);
	memset(sector, 0, sizeof sector);
	sector[446 + 4] = 0x83;
	sector[446 + 8] = 1;
	sector[446 + 12] = (unsigned char)(bytes / 512);
	sector[446 + 13] = (unsigned char)(bytes / 512 >> 8);
	sector[510] = 0x55;
	sector[511] = 0xaa;
	rewind(f);
	put(f, sector, sizeof sector);
	memset(sector, 0, sizeof sector);
	fclose(f);
}

/* A program for UEFI with two sections: some code, and an archive that fills up its last bytes with zeros. */
static void make_pe(const char *name, const struct recipe *r)
{
	enum { HEAD = 0x80, TABLE = HEAD + 24 + 16, DATA = 0x200 };
	unsigned char head[DATA] = "MZ";
	struct text t = TEXT_INIT;
	FILE *f;

	make_plain_cpio("part.cpio", r);
	assert_true(text_read_file(&t, scratch_path(&s, "part.cpio"), 1 << 20, &err));
	head[0x3c] = HEAD;
	memcpy(head + HEAD, "PE\0\0", 4);
	head[HEAD + 6] = 2;
	head[HEAD + 20] = 16;
	memcpy(head + TABLE, ".text", 5);
	head[TABLE + 8] = head[TABLE + 16] = 16;
	head[TABLE + 21] = DATA >> 8;
	memcpy(head + TABLE + 40, ".initrd", 7);
	for (int i = 0; i < 2; i++) {
		head[TABLE + 48 + i] = (unsigned char)(t.len >> 8 * i);
		head[TABLE + 56 + i] = (unsigned char)((t.len + 100) >> 8 * i);
		head[TABLE + 60 + i] = (unsigned char)((DATA + 16) >> 8 * i);
	}
	f = fopen(scratch_path(&s, name), "w");
	assert_non_null(f);
	put(f, head, sizeof head);
	put(f, "16 bytes of code", 16);
	put(f, t.s, t.len);
	memset(head, 0, sizeof head);
	put(f, head, 100);
	fclose(f);
	text_release(&t);
}

/* An archive in an ISO image; skipped without xorriso. */
static void make_iso(const char *name, const struct recipe *r)
{
	const char *folder = scratch_path(&s, "medium"), *iso = scratch_path(&s, name);
	const char *const argv[] = {"xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-V", "TEST",
		"--modification-date=2026010100000000", "--set_all_file_dates", "2026010100000000",
		"-o", iso, folder, NULL};
	struct text out = TEXT_INIT, path = TEXT_INIT;
	bool there = proc_find("xorriso", NULL, &path);
	int status;

	text_release(&path);
	if (!there)
		skip();
	assert_true(place_make_folder(scratch_path(&s, "medium/boot"), &err));
	make_cpio("medium/boot/initramfs.img", r);
	assert_true(proc_capture(argv, NULL, NULL, 1 << 20, &out, &status, &err));
	if (status)
		fail_msg("%s", out.s);
	text_release(&out);
}

static void make_packed(const char *name, const struct recipe *r)
{
	struct compress *z;
	uint64_t size;

	assert_true(compress_open(&z, scratch_path(&s, name), "xz", 0, &err));
	assert_true(compress_write(z, r->content, strlen(r->content), &err));
	assert_true(compress_finish(z, &size, &err));
	compress_free(z);
}

static void make_bytes(const char *name, const struct recipe *r)
{
	scratch_write(&s, name, r->content);
}

/* ---- comparing ---- */

typedef void maker(const char *name, const struct recipe *r);

static void compare(void)
{
	compared(&k, &s);
}

static void make_both(maker *make, const struct recipe *a, const struct recipe *b)
{
	make("first", a);
	make("second", b);
	compare();
}

/* "etc/motd: its bytes differ ..." of difference i */
static const char *sentence(size_t i)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (size_t n = 0; n < k.of.at[i].inside.n; n++)
		text_fmt(&t, "%s: ", k.of.at[i].inside.at[n]);
	text_str(&t, k.of.at[i].what);
	copy = arena_str(&arena, t.s);
	text_release(&t);
	return copy;
}

static void only(const char *wanted)
{
	assert_false(k.same);
	if (k.n != 1)
		for (size_t i = 0; i < k.of.n; i++)
			print_error("%s\n", sentence(i));
	assert_int_equal(k.n, 1);
	assert_int_equal(k.of.n, 1);
	assert_string_equal(sentence(0), wanted);
}

static void has(const char *wanted)
{
	for (size_t i = 0; i < k.of.n; i++)
		if (strcmp(sentence(i), wanted) == 0)
			return;
	for (size_t i = 0; i < k.of.n; i++)
		print_error("%s\n", sentence(i));
	fail_msg("not told: %s", wanted);
}

static struct recipe with_content(const char *content)
{
	struct recipe r = plain;

	r.content = content;
	return r;
}

static void equal_files_are_equal(void **state)
{
	maker *const makers[] = {make_bytes, make_packed, make_cpio, make_tar, make_oci,
		make_squash, make_ext4, make_disk, make_old_disk};

	(void)state;
	for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
		make_both(makers[i], &plain, &plain);
		assert_true(k.same);
		assert_int_equal(k.n, 0);
	}
}

static void the_file_inside_is_named(void **state)
{
	struct recipe other = with_content("hello, World\n");

	(void)state;
	make_both(make_bytes, &plain, &other);
	only("its bytes differ from offset 7 on");
	assert_int_equal(k.offset, 7);
	make_both(make_packed, &plain, &other);
	only("unpacked: its bytes differ from offset 7 on");
	make_both(make_cpio, &plain, &other);
	only("etc/motd: its bytes differ from offset 7 on");
	assert_true(k.of.at[0].has_offset);
	assert_int_equal(k.of.at[0].offset, 7);
	make_both(make_plain_cpio, &plain, &other);
	only("etc/motd: its bytes differ from offset 7 on");
	make_both(make_tar, &plain, &other);
	only("etc/motd: its bytes differ from offset 7 on");
	make_both(make_squash, &plain, &other);
	only("etc/motd: its bytes differ from offset 7 on");
	make_both(make_ext4, &plain, &other);
	has("etc/motd: its bytes differ from offset 7 on");
}

static void containers_in_containers_are_opened(void **state)
{
	struct recipe other = with_content("hello, World\n");

	(void)state;
	make_both(make_disk, &plain, &other);
	has("partition 2: etc/motd: its bytes differ from offset 7 on");
	make_both(make_old_disk, &plain, &other);
	only("partition 1: etc/motd: its bytes differ from offset 7 on");
	make_both(make_pe, &plain, &other);
	only("section .initrd: etc/motd: its bytes differ from offset 7 on");
	make_both(make_iso, &plain, &other);
	has("boot/initramfs.img: etc/motd: its bytes differ from offset 7 on");
}

/* With different bytes the layer gets another name, and so do the documents that name it. */
static void renamed_blobs_are_recognized(void **state)
{
	struct recipe other = with_content("hello, World\n");
	bool found = false;

	(void)state;
	make_both(make_oci, &plain, &other);
	for (size_t i = 0; i < k.of.n; i++)
		found = found ||
			(strstr(sentence(i), "blobs/sha256/") &&
				strstr(sentence(i),
					" in the second): etc/motd: its bytes differ from offset 7 on"));
	assert_true(found);
	has("index.json: its bytes differ from offset 143 on");
}

static void facts_of_a_file_are_told(void **state)
{
	maker *const makers[] = {make_cpio, make_tar, make_squash, make_ext4};
	struct recipe mode = plain, owner = plain, link = plain, minor = plain;

	(void)state;
	mode.mode = 0755;
	owner.uid = 7;
	link.target = "dash";
	minor.minor = 2;
	for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
		make_both(makers[i], &plain, &mode);
		has("etc/motd: its mode is 100644 and 100755");
		make_both(makers[i], &plain, &owner);
		has("dev/console: its owner is 0 and 7");
		make_both(makers[i], &plain, &link);
		has("bin/sh: it leads to busybox and dash");
		make_both(makers[i], &plain, &minor);
		has("dev/console: its device's minor number is 1 and 2");
	}
}

static void a_file_of_one_side_is_told_alone(void **state)
{
	struct recipe more = plain;

	(void)state;
	more.extra = "/etc/more";
	make_both(make_cpio, &plain, &more);
	only("etc/more: only the second has it");
	make_both(make_squash, &more, &plain);
	only("etc/more: only the first has it");
	make_both(make_cpio, &plain, &plain);
	assert_true(k.same);
}

/* The dates of all files differ: the one with different bytes is reported all the same. */
static void bytes_come_before_dates(void **state)
{
	struct recipe later = with_content("hello, World\n");
	char path[32];
	struct tree t;

	(void)state;
	later.epoch = EPOCH + 60;
	make_both(make_tar, &plain, &later);
	has("etc/motd: its bytes differ from offset 7 on");
	has("etc/motd: its date is 1767225600 and 1767225660");
	/* so many dates that they have no room */
	for (int side = 0; side < 2; side++) {
		struct pack_options o = {
			.format = PACK_CPIO, .epoch = EPOCH + side, .sink = to_compressor};
		struct compress *z;
		uint64_t size;

		t = (struct tree){.arena = &arena};
		for (int i = 0; i < 3 * COMPARE_MOST; i++) {
			snprintf(path, sizeof path, "/%d", i);
			add_text(&t, arena_str(&arena, path), 0644, "x");
		}
		add_text(&t, "/last", 0644, side ? "one" : "two");
		assert_true(tree_settle(&t, &err));
		assert_true(compress_open(
			&z, scratch_path(&s, side ? "second" : "first"), "none", 0, &err));
		o.sink_ctx = z;
		assert_true(pack_write(&t, &o, &err) && compress_finish(z, &size, &err));
		compress_free(z);
	}
	compare();
	assert_int_equal(k.of.n, COMPARE_MOST);
	assert_int_equal(k.n, 3 * COMPARE_MOST + 3);
	has("last: its bytes differ from offset 0 on");
}

/* Another compressor's bytes for the same files, and garbage that starts like a container. */
static void the_container_itself_may_differ(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	pack("first", &plain, PACK_CPIO, "gzip");
	pack("second", &plain, PACK_CPIO, "zstd");
	compare();
	only("its files are the same, but bytes around them differ from offset 0 on");
	scratch_write(&s, "first", "hsqs, but no squashfs at all");
	scratch_write(&s, "second", "hsqs, and no squashfs either");
	compare();
	only("its bytes differ from offset 6 on");
	/* cut off: what can be read of it says enough */
	make_tar("first", &plain);
	assert_true(text_read_file(&t, scratch_path(&s, "first"), 1 << 20, &err));
	assert_true(place_write_file(scratch_path(&s, "second"), t.s, t.len / 2, &err));
	text_release(&t);
	compare();
	assert_false(k.same);
	assert_true(k.n > 0);
}

static void one_may_be_the_beginning_of_the_other(void **state)
{
	const struct catalog none = {.arena = ARENA_INIT};

	(void)state;
	scratch_write(&s, "first", "12345");
	scratch_write(&s, "second", "12345678");
	compare();
	only("its bytes differ from offset 5 on");
	scratch_write(&s, "first", "");
	compare();
	only("its bytes differ from offset 0 on");
	comparison_release(&k);
	assert_false(compare_files(&k, scratch_path(&s, "first"), scratch_path(&s, "none"),
		scratch_path(&s, "work"), &none, &err));
	assert_non_null(strstr(err.text, "none"));
}

static void kinds_are_seen_from_bytes(void **state)
{
	static const struct {
		maker *make;
		enum contents_kind kind;
	} rows[] = {{make_bytes, CONTENTS_NONE}, {make_packed, CONTENTS_ARCHIVE},
		{make_cpio, CONTENTS_ARCHIVE}, {make_tar, CONTENTS_ARCHIVE},
		{make_ext4, CONTENTS_EXT4}, {make_disk, CONTENTS_DISK},
		{make_old_disk, CONTENTS_DISK}, {make_pe, CONTENTS_PE},
		{make_iso, CONTENTS_ARCHIVE}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rows[i].make("first", &plain);
		assert_int_equal(contents_kind(scratch_path(&s, "first")), rows[i].kind);
	}
	scratch_write(&s, "first", "");
	assert_int_equal(contents_kind(scratch_path(&s, "first")), CONTENTS_NONE);
	assert_int_equal(contents_kind(scratch_path(&s, "none")), CONTENTS_NONE);
	assert_int_equal(contents_kind(scratch_path(&s, "work")), CONTENTS_NONE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(equal_files_are_equal),
		CASE(the_file_inside_is_named),
		CASE(containers_in_containers_are_opened),
		CASE(renamed_blobs_are_recognized),
		CASE(facts_of_a_file_are_told),
		CASE(a_file_of_one_side_is_told_alone),
		CASE(bytes_come_before_dates),
		CASE(the_container_itself_may_differ),
		CASE(one_may_be_the_beginning_of_the_other),
		CASE(kinds_are_seen_from_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
