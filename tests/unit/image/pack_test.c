/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initramfs: every entry reads back as listed, the bytes are reproducible, and each compression is in the kernel's form. */
#include "base/arena.h"
#include "base/compress.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "image/pack.h"
#include "scratch.h"
#include "step/action.h"
#include "tree/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <lz4.h>
#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EPOCH = 1767225600 };

struct bench {
	struct scratch s;
	struct arena arena;
	struct tree tree;
	struct error err;
};

static void add(struct bench *b, struct tree_entry e)
{
	e.owner = "test";
	assert_true(tree_add(&b->tree, &e, &b->err));
}

static void bench_make(struct bench *b)
{
	*b = (struct bench){0};
	scratch_make(&b->s);
	b->tree.arena = &b->arena;
	scratch_write(&b->s, "from", "read from a file\n");
	add(b, (struct tree_entry){.path = "/etc/from",
		       .kind = TREE_FILE,
		       .mode = 0755,
		       .from = scratch_path(&b->s, "from")});
	add(b, (struct tree_entry){.path = "/etc/shadow",
		       .kind = TREE_FILE,
		       .mode = 0600,
		       .content = "secret",
		       .content_len = 6,
		       .gid = 42});
	add(b, (struct tree_entry){.path = "/etc/empty", .kind = TREE_FILE, .mode = 0644});
	add(b, (struct tree_entry){.path = "/dev/console",
		       .kind = TREE_CHARACTER,
		       .mode = 0600,
		       .major = 5,
		       .minor = 1});
	add(b, (struct tree_entry){
		       .path = "/init", .kind = TREE_LINK, .mode = 0777, .target = "sbin/init"});
	add(b, (struct tree_entry){.path = "/tmp", .kind = TREE_FOLDER, .mode = 01777});
	assert_true(tree_settle(&b->tree, &b->err));
}

static void bench_remove(struct bench *b)
{
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static bool to_compressor(void *ctx, const void *bytes, size_t len, struct error *err)
{
	return compress_write(ctx, bytes, len, err);
}

static bool pack(struct bench *b, struct compress *z, enum pack_format format, bool no_devices)
{
	const struct pack_options o = {.format = format,
		.epoch = EPOCH,
		.no_devices = no_devices,
		.sink = to_compressor,
		.sink_ctx = z};

	return pack_write(&b->tree, &o, &b->err);
}

static void write_image(struct bench *b, const char *name, const char *method)
{
	struct compress *z;
	uint64_t size = 0;

	assert_true(compress_open(&z, scratch_path(&b->s, name), method, 0, &b->err));
	assert_true(pack(b, z, PACK_CPIO, false));
	assert_true(compress_finish(z, &size, &b->err));
	assert_true(size > 0);
	compress_free(z);
}

/* path, type and mode, owner, device, size and link target of each entry, with its content */
static void read_back(struct bench *b, const char *name, struct text *out)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	char content[64];

	archive_read_support_filter_all(a);
	archive_read_support_format_cpio(a);
	archive_read_support_format_tar(a);
	assert_int_equal(
		archive_read_open_filename(a, scratch_path(&b->s, name), 4096), ARCHIVE_OK);
	while (archive_read_next_header(a, &e) == ARCHIVE_OK) {
		la_ssize_t n = archive_read_data(a, content, sizeof content);
		const char *target = archive_entry_symlink(e);

		assert_int_equal(archive_entry_mtime(e), EPOCH);
		text_fmt(out, "%s %o %d:%d %d:%d %s%.*s\n", archive_entry_pathname(e),
			archive_entry_mode(e), (int)archive_entry_uid(e), (int)archive_entry_gid(e),
			(int)archive_entry_rdevmajor(e), (int)archive_entry_rdevminor(e),
			target ? target : "", n > 0 ? (int)n : 0, content);
	}
	assert_int_equal(archive_errno(a), 0);
	archive_read_free(a);
}

static const char expected[] = ". 40755 0:0 0:0 \n"
			       "dev 40755 0:0 0:0 \n"
			       "dev/console 20600 0:0 5:1 \n"
			       "etc 40755 0:0 0:0 \n"
			       "etc/empty 100644 0:0 0:0 \n"
			       "etc/from 100755 0:0 0:0 read from a file\n\n"
			       "etc/shadow 100600 0:42 0:0 secret\n"
			       "init 120777 0:0 0:0 sbin/init\n"
			       "tmp 41777 0:0 0:0 \n";

static void all_is_read_back(void **state)
{
	static const char *const methods[] = {"none", "zstd", "gzip", "xz"};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		struct text out = TEXT_INIT;

		write_image(&b, "image", methods[i]);
		read_back(&b, "image", &out);
		assert_string_equal(out.s, expected);
		text_release(&out);
	}
	bench_remove(&b);
}

/* The same as tar, where folders end in a slash; without device nodes on request. */
static void a_tar_has_the_same_in_it(void **state)
{
	struct text out = TEXT_INIT;
	struct compress *z;
	struct bench b;
	uint64_t size;

	(void)state;
	bench_make(&b);
	for (int devices = 0; devices < 2; devices++) {
		assert_true(compress_open(&z, scratch_path(&b.s, "image"), "zstd", 0, &b.err));
		assert_true(pack(&b, z, PACK_TAR, !devices));
		assert_true(compress_finish(z, &size, &b.err));
		compress_free(z);
		text_clear(&out);
		read_back(&b, "image", &out);
		assert_int_equal(strstr(out.s, "dev/console 20600 0:0 5:1") != NULL, devices);
		assert_non_null(strstr(out.s, "etc/ 40755 0:0 0:0 \n"));
		assert_non_null(strstr(out.s, "etc/from 100755 0:0 0:0 read from a file\n"));
		assert_non_null(strstr(out.s, "etc/shadow 100600 0:42 0:0 secret\n"));
		assert_non_null(strstr(out.s, "init 120777 0:0 0:0 sbin/init\n"));
		assert_non_null(strstr(out.s, "tmp/ 41777 0:0 0:0 \n"));
	}
	text_release(&out);
	bench_remove(&b);
}

static void twice_the_same_bytes(void **state)
{
	static const char *const methods[] = {"none", "zstd", "gzip", "xz", "lz4"};
	char first[HASH_HEX], second[HASH_HEX];
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		write_image(&b, "one", methods[i]);
		write_image(&b, "two", methods[i]);
		assert_true(hash_file(scratch_path(&b.s, "one"), first, &b.err));
		assert_true(hash_file(scratch_path(&b.s, "two"), second, &b.err));
		assert_string_equal(first, second);
	}
	bench_remove(&b);
}

static size_t read_bytes(struct bench *b, const char *name, unsigned char *bytes, size_t size)
{
	int fd = open(scratch_path(&b->s, name), O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, bytes, size);

	assert_true(n >= 0);
	close(fd);
	return (size_t)n;
}

/* Byte 7 of an xz stream is its checksum type: the kernel supports only none and CRC-32 (1). */
static void xz_sums_are_crc32(void **state)
{
	unsigned char head[8] = {0};
	struct bench b;

	(void)state;
	bench_make(&b);
	write_image(&b, "image", "xz");
	read_bytes(&b, "image", head, sizeof head);
	assert_memory_equal(head,
		"\xfd"
		"7zXZ\0\0\1",
		8);
	bench_remove(&b);
}

/* The legacy framing: 0x184c2102, then blocks, each after its length, of 8 MiB when unpacked. */
static void lz4_is_in_the_legacy_framing(void **state)
{
	static unsigned char packed[64 * 1024], plain[64 * 1024], unpacked[64 * 1024];
	struct bench b;
	size_t n, size;
	unsigned len;

	(void)state;
	bench_make(&b);
	write_image(&b, "image", "lz4");
	write_image(&b, "plain", "none");
	n = read_bytes(&b, "image", packed, sizeof packed);
	size = read_bytes(&b, "plain", plain, sizeof plain);
	assert_true(n > 8);
	assert_memory_equal(packed, "\x02\x21\x4c\x18", 4);
	len = packed[4] | (unsigned)packed[5] << 8 | (unsigned)packed[6] << 16 |
	      (unsigned)packed[7] << 24;
	assert_int_equal(len, n - 8);
	assert_int_equal(LZ4_decompress_safe(
				 (char *)packed + 8, (char *)unpacked, (int)len, sizeof unpacked),
		size);
	assert_memory_equal(plain, unpacked, size);
	bench_remove(&b);
}

static void an_lz4_image_of_several_blocks_unpacks(void **state)
{
	enum { BLOCK = 8 * 1024 * 1024, LEN = 2 * BLOCK + 12345 };
	struct bench b;
	struct compress *z;
	unsigned char *bytes = malloc(LEN), *packed = malloc(LEN), *unpacked = malloc(LEN);
	size_t n, at = 4, done = 0;
	uint64_t size = 0;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < LEN; i++)
		bytes[i] = (unsigned char)(i * i >> 7);
	assert_true(compress_open(&z, scratch_path(&b.s, "image"), "lz4", 0, &b.err));
	assert_true(compress_write(z, bytes, LEN, &b.err) && compress_finish(z, &size, &b.err));
	compress_free(z);
	n = read_bytes(&b, "image", packed, LEN);
	assert_int_equal(n, size);
	while (at < n) {
		unsigned len = packed[at] | (unsigned)packed[at + 1] << 8 |
			       (unsigned)packed[at + 2] << 16 | (unsigned)packed[at + 3] << 24;
		int got = LZ4_decompress_safe((char *)packed + at + 4, (char *)unpacked + done,
			(int)len, (int)(LEN - done));

		assert_true(got > 0 && (got == BLOCK || at + 4 + len == n));
		done += (size_t)got;
		at += 4 + len;
	}
	assert_int_equal(done, LEN);
	assert_memory_equal(bytes, unpacked, LEN);
	free(bytes);
	free(packed);
	free(unpacked);
	bench_remove(&b);
}

static void a_file_that_has_gone_is_named(void **state)
{
	struct compress *z;
	struct bench b;

	(void)state;
	bench_make(&b);
	unlink(scratch_path(&b.s, "from"));
	assert_true(compress_open(&z, scratch_path(&b.s, "image"), "none", 0, &b.err));
	assert_false(pack(&b, z, PACK_CPIO, false));
	assert_non_null(strstr(b.err.text, "/etc/from"));
	compress_free(z);
	bench_remove(&b);
}

static void a_full_disk_is_the_hosts_fault(void **state)
{
	struct compress *z;
	struct bench b;
	uint64_t size = 0;

	(void)state;
	bench_make(&b);
	if (access("/dev/full", W_OK) != 0)
		skip();
	assert_true(compress_open(&z, "/dev/full", "none", 0, &b.err));
	assert_false(pack(&b, z, PACK_CPIO, false) && compress_finish(z, &size, &b.err));
	assert_int_equal(b.err.kind, ERROR_HOST);
	compress_free(z);
	bench_remove(&b);
}

static void an_unknown_compression_is_refused(void **state)
{
	struct compress *z;
	struct error err;

	(void)state;
	assert_false(compress_open(&z, "/nowhere", "bzip2", 0, &err));
	assert_non_null(strstr(err.text, "bzip2"));
	compress_free(z);
}

static void the_action_settles_and_writes(void **state)
{
	struct unit unit = {.name = "initramfs"};
	struct step step = {.id = "initramfs.write", .unit = &unit};
	struct action_context c = {.step = &step, .progress_fd = -1};
	struct strings args = {0};
	struct text out = TEXT_INIT;
	struct bench b;

	(void)state;
	bench_make(&b);
	unit.tree = &b.tree;
	add(&b, (struct tree_entry){.path = "/zoo/late", .kind = TREE_FOLDER, .mode = 0755});
	vec_push(&args, scratch_path(&b.s, "stage/image"));
	vec_push(&args, "gzip");
	vec_push(&args, "1767225600");
	assert_true(action_initramfs(&c, &args, &b.err));
	read_back(&b, "stage/image", &out);
	assert_non_null(strstr(out.s, "zoo/late 40755"));
	args.at[2] = "yesterday";
	assert_false(action_initramfs(&c, &args, &b.err));
	vec_release(&args);
	text_release(&out);
	bench_remove(&b);
}

/* A machine with little memory can unpack a small archive, however well it was compressed. */
static void xz_takes_no_more_memory_than_there_is_content(void **state)
{
	struct bench b;
	struct compress *z;
	uint64_t size = 0, limit = 1024 * 1024;
	char out[4096], *packed;
	size_t in_pos = 0, out_pos = 0;

	(void)state;
	bench_make(&b);
	for (int small = 0; small < 2; small++) {
		lzma_ret rc;

		assert_true(compress_open(
			&z, scratch_path(&b.s, "image"), "xz", small ? 2000 : 0, &b.err));
		assert_true(compress_write(z, "some bytes", 10, &b.err));
		assert_true(compress_finish(z, &size, &b.err));
		compress_free(z);
		packed = scratch_read(&b.s, "image");
		in_pos = out_pos = 0;
		rc = lzma_stream_buffer_decode(&limit, 0, NULL, (const uint8_t *)packed, &in_pos,
			size, (uint8_t *)out, &out_pos, sizeof out);
		assert_int_equal(rc, small ? LZMA_OK : LZMA_MEMLIMIT_ERROR);
		limit = 1024 * 1024;
		free(packed);
	}
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_read_back),
		cmocka_unit_test(a_tar_has_the_same_in_it),
		cmocka_unit_test(twice_the_same_bytes),
		cmocka_unit_test(xz_sums_are_crc32),
		cmocka_unit_test(lz4_is_in_the_legacy_framing),
		cmocka_unit_test(an_lz4_image_of_several_blocks_unpacks),
		cmocka_unit_test(a_file_that_has_gone_is_named),
		cmocka_unit_test(a_full_disk_is_the_hosts_fault),
		cmocka_unit_test(an_unknown_compression_is_refused),
		cmocka_unit_test(the_action_settles_and_writes),
		cmocka_unit_test(xz_takes_no_more_memory_than_there_is_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
