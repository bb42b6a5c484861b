/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives one behind the other, as the kernel takes them: all of them are looked into. */
#include "base/arena.h"
#include "base/compress.h"
#include "base/text.h"
#include "contents/contents.h"
#include "image/pack.h"
#include "scratch.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct bench {
	struct scratch s;
	struct arena arena;
	struct error err;
};

static bool to_compressor(void *ctx, const void *bytes, size_t len, struct error *err)
{
	return compress_write(ctx, bytes, len, err);
}

/* An archive with one file, or none, behind the bytes of the file `first`. */
static void pack(
	struct bench *b, const char *name, const char *first, const char *file, const char *method)
{
	struct tree t = {.arena = &b->arena};
	struct pack_options o = {.format = PACK_CPIO, .sink = to_compressor};
	struct compress *z;
	uint64_t size;

	assert_true(!file || tree_add(&t,
				     &(struct tree_entry){.path = file,
					     .kind = TREE_FILE,
					     .mode = 0644,
					     .content = file,
					     .content_len = strlen(file),
					     .owner = "test"},
				     &b->err));
	assert_true(tree_settle(&t, &b->err));
	assert_true(compress_open(&z, scratch_path(&b->s, name), method, 0, &b->err));
	assert_true(!first || compress_prepend(z, scratch_path(&b->s, first), &b->err));
	o.sink_ctx = z;
	assert_true(pack_write(&t, &o, &b->err) && compress_finish(z, &size, &b->err));
	compress_free(z);
}

static void all_archives_are_listed(void **state)
{
	static const char *const methods[] = {"none", "zstd", "gzip", "xz"};
	struct contents c;
	struct bench b;

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		struct text names = TEXT_INIT;

		b = (struct bench){0};
		scratch_make(&b.s);
		pack(&b, "one", NULL, "/lower", methods[i]);
		pack(&b, "two", "one", NULL, methods[i]);
		pack(&b, "three", "two", "/upper", methods[i]);
		c = (struct contents){.arena = ARENA_INIT};
		assert_true(
			contents_list(&c, scratch_path(&b.s, "three"), CONTENTS_ARCHIVE, &b.err));
		for (size_t k = 0; k < c.of.n; k++)
			text_fmt(&names, "%s ", c.of.at[k].path);
		assert_string_equal(names.s, ". lower . . upper ");
		/* of what lies behind the others the bytes are had, too */
		assert_true(contents_extract(scratch_path(&b.s, "three"), CONTENTS_ARCHIVE, 4,
			scratch_path(&b.s, "out"), &b.err));
		text_clear(&names);
		assert_true(text_read_file(&names, scratch_path(&b.s, "out"), 100, &b.err));
		assert_string_equal(names.s, "/upper");
		text_release(&names);
		contents_release(&c);
		arena_release(&b.arena);
		scratch_remove(&b.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_archives_are_listed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
