/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two containers with many files that only one of them has. */
#include "base/arena.h"
#include "base/place.h"
#include "compared.h"
#include "contents/compare.h"
#include "image/pack.h"
#include "scratch.h"
#include "tree/tree.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

enum { EPOCH = 1767225600, MANY = 300 };

static bool put(void *ctx, const void *bytes, size_t len, struct error *err)
{
	(void)err;
	return write(*(int *)ctx, bytes, len) == (ssize_t)len;
}

static void pack_many(struct scratch *s, struct arena *a, const char *name, char letter)
{
	int fd = open(scratch_path(s, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	struct pack_options o = {.format = PACK_CPIO, .epoch = EPOCH, .sink = put, .sink_ctx = &fd};
	struct tree t = {.arena = a};
	struct error err;

	for (int i = 0; i < MANY; i++)
		assert_true(tree_add(&t,
			&(struct tree_entry){.path = arena_fmt(a, "/d/%c%d", letter, i),
				.owner = "test",
				.kind = TREE_FILE,
				.mode = 0644,
				.content = "same",
				.content_len = 4},
			&err));
	assert_true(tree_settle(&t, &err));
	assert_true(pack_write(&t, &o, &err));
	close(fd);
}

/* Each file is looked at once, not once for each file of the other side, which would take longer than a test may. */
static void many_renamed_files_are_paired(void **state)
{
	struct arena a = ARENA_INIT;
	struct comparison k = {0};
	struct error err;
	struct scratch s;

	(void)state;
	scratch_make(&s);
	assert_true(place_make_folder(scratch_path(&s, "work"), &err));
	pack_many(&s, &a, "first", 'a');
	pack_many(&s, &a, "second", 'b');
	compared(&k, &s);
	for (size_t i = 0; i < k.of.n; i++)
		assert_null(strstr(k.of.at[i].what, "only the"));
	comparison_release(&k);
	scratch_remove(&s);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(many_renamed_files_are_paired)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
