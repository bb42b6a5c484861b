/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Container images: every digest matches the bytes it names, everything a container program looks for is there, and the same tree
 * gives the same file. */
#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "image/oci.h"
#include "scratch.h"
#include "step/action.h"
#include "tree/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EPOCH = 1767225600, MOST = 1 << 20 };

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
	add(b, (struct tree_entry){.path = "/bin/sh",
		       .kind = TREE_FILE,
		       .mode = 0755,
		       .content = "a shell",
		       .content_len = 7});
	add(b, (struct tree_entry){.path = "/dev/console",
		       .kind = TREE_CHARACTER,
		       .mode = 0600,
		       .major = 5,
		       .minor = 1});
	assert_true(tree_settle(&b->tree, &b->err));
}

static void bench_remove(struct bench *b)
{
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static void write_image(struct bench *b, const char *file, const char *name)
{
	struct strings command = {0};
	struct oci_options o = {
		.name = name, .os = "anos", .arch = "amd64", .command = &command, .epoch = EPOCH};
	uint64_t size = 0;

	vec_push(&command, "/bin/sh");
	vec_push(&command, "-l");
	assert_true(oci_write(&b->tree, scratch_path(&b->s, file), &o, &size, &b->err));
	assert_true(size > 0);
	vec_release(&command);
}

/* One file of an archive, that of this name or, without one, the names of all. */
static size_t extract(struct archive *a, const char *name, char *bytes, struct text *names)
{
	struct archive_entry *e;
	la_ssize_t n = 0;

	while (archive_read_next_header(a, &e) == ARCHIVE_OK) {
		if (names)
			text_fmt(names, "%s\n", archive_entry_pathname(e));
		else if (strcmp(archive_entry_pathname(e), name) == 0)
			n = archive_read_data(a, bytes, MOST);
	}
	assert_int_equal(archive_errno(a), 0);
	archive_read_free(a);
	assert_true(n >= 0);
	return (size_t)n;
}

static size_t member(struct bench *b, const char *file, const char *name, char *bytes)
{
	struct archive *a = archive_read_new();

	archive_read_support_filter_all(a);
	archive_read_support_format_tar(a);
	assert_int_equal(
		archive_read_open_filename(a, scratch_path(&b->s, file), 4096), ARCHIVE_OK);
	return extract(a, name, bytes, NULL);
}

static json_t *document(struct bench *b, const char *file, const char *name)
{
	char *bytes = malloc(MOST);
	size_t n = member(b, file, name, bytes);
	json_t *o = json_loadb(bytes, n, 0, NULL);

	assert_non_null(o);
	free(bytes);
	return o;
}

static const char *string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	assert_non_null(s);
	return s;
}

/* The bytes that a descriptor names, with the stated length and digest. */
static size_t blob(struct bench *b, const json_t *descriptor, char *bytes, char path[100])
{
	const char *digest = string(descriptor, "digest");
	char hex[HASH_HEX];
	size_t n;

	assert_int_equal(strncmp(digest, "sha256:", 7), 0);
	snprintf(path, 100, "blobs/sha256/%s", digest + 7);
	n = member(b, "image", path, bytes);
	assert_int_equal(n, json_integer_value(json_object_get(descriptor, "size")));
	hash_bytes(bytes, n, hex);
	assert_string_equal(hex, digest + 7);
	return n;
}

static void look_at_layer(const char *packed, size_t len, const json_t *config)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	struct text names = TEXT_INIT;
	char *plain = malloc(MOST), hex[HASH_HEX], digest[80];
	la_ssize_t n;

	/* unpacked only, it is what diff_ids says */
	archive_read_support_filter_gzip(a);
	archive_read_support_format_raw(a);
	assert_int_equal(archive_read_open_memory(a, packed, len), ARCHIVE_OK);
	assert_int_equal(archive_read_next_header(a, &e), ARCHIVE_OK);
	n = archive_read_data(a, plain, MOST);
	assert_true(n > 0);
	archive_read_free(a);
	hash_bytes(plain, (size_t)n, hex);
	snprintf(digest, sizeof digest, "sha256:%s", hex);
	assert_string_equal(
		json_string_value(json_array_get(
			json_object_get(json_object_get(config, "rootfs"), "diff_ids"), 0)),
		digest);
	/* and holds the files, but no device */
	a = archive_read_new();
	archive_read_support_format_tar(a);
	assert_int_equal(archive_read_open_memory(a, plain, (size_t)n), ARCHIVE_OK);
	extract(a, NULL, NULL, &names);
	assert_string_equal(names.s, "bin/\nbin/sh\ndev/\n");
	text_release(&names);
	free(plain);
}

static void all_of_it_is_there(void **state)
{
	struct bench b;
	json_t *layout, *index, *manifest, *config, *docker;
	const json_t *entry;
	char *bytes = malloc(MOST), config_path[100], layer_path[100], path[100];
	size_t n;

	(void)state;
	bench_make(&b);
	write_image(&b, "image", "My+System");
	layout = document(&b, "image", "oci-layout");
	assert_string_equal(string(layout, "imageLayoutVersion"), "1.0.0");
	index = document(&b, "image", "index.json");
	entry = json_array_get(json_object_get(index, "manifests"), 0);
	assert_string_equal(
		string(json_object_get(entry, "annotations"), "org.opencontainers.image.ref.name"),
		"my-system:latest");
	n = blob(&b, entry, bytes, path);
	manifest = json_loadb(bytes, n, 0, NULL);
	n = blob(&b, json_object_get(manifest, "config"), bytes, config_path);
	config = json_loadb(bytes, n, 0, NULL);
	assert_string_equal(string(config, "architecture"), "amd64");
	assert_string_equal(string(config, "os"), "anos");
	assert_string_equal(string(config, "created"), "2026-01-01T00:00:00Z");
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(config, "config"), "Cmd")), 2);
	n = blob(&b, json_array_get(json_object_get(manifest, "layers"), 0), bytes, layer_path);
	look_at_layer(bytes, n, config);
	/* the other form names the same files */
	docker = document(&b, "image", "manifest.json");
	entry = json_array_get(docker, 0);
	assert_string_equal(string(entry, "Config"), config_path);
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(entry, "Layers"), 0)), layer_path);
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(entry, "RepoTags"), 0)),
		"localhost/my-system:latest");
	json_decref(layout);
	json_decref(index);
	json_decref(manifest);
	json_decref(config);
	json_decref(docker);
	free(bytes);
	bench_remove(&b);
}

static void twice_the_same_bytes(void **state)
{
	char first[HASH_HEX], second[HASH_HEX];
	struct bench b;

	(void)state;
	bench_make(&b);
	write_image(&b, "one", "x");
	write_image(&b, "two", "x");
	assert_true(hash_file(scratch_path(&b.s, "one"), first, &b.err));
	assert_true(hash_file(scratch_path(&b.s, "two"), second, &b.err));
	assert_string_equal(first, second);
	assert_int_equal(access(scratch_path(&b.s, "one.layer"), F_OK), -1);
	bench_remove(&b);
}

static void the_action_writes_and_a_missing_folder_is_told(void **state)
{
	struct unit unit = {.name = "oci"};
	struct step step = {.id = "oci.write", .unit = &unit};
	struct action_context c = {.step = &step, .progress_fd = -1};
	struct strings args = {0};
	struct bench b;
	uint64_t size;

	(void)state;
	bench_make(&b);
	unit.tree = &b.tree;
	vec_push(&args, scratch_path(&b.s, "stage/x.oci.tar"));
	vec_push(&args, "x");
	vec_push(&args, "anos");
	vec_push(&args, "386");
	vec_push(&args, "1767225600");
	vec_push(&args, "/init");
	assert_true(action_oci(&c, &args, &b.err));
	assert_int_equal(access(scratch_path(&b.s, "stage/x.oci.tar"), F_OK), 0);
	assert_false(oci_write(&b.tree, "/nowhere/x",
		&(struct oci_options){.name = "x", .os = "anos", .arch = "386", .command = &args},
		&size, &b.err));
	assert_non_null(strstr(b.err.text, "/nowhere/x"));
	vec_release(&args);
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_there),
		cmocka_unit_test(twice_the_same_bytes),
		cmocka_unit_test(the_action_writes_and_a_missing_folder_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
