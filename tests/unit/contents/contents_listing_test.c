/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What unsquashfs prints for every kind of file, with names that need escapes; anything else is refused. */
#include "base/arena.h"
#include "base/hash.h"
#include "contents/contents.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void everything_is_listed(void **state)
{
	struct scratch s;
	struct arena arena = ARENA_INIT;
	struct error err;
	static const char lines[] = "/ D 5 755 0 0\n"
				    "a\\ \\\"b\\\n\\\\ R 5 4755 70000 -1 3 2 0\n"
				    "a x user.y=0sMQ==\n"
				    "far B 5 660 0 6 1118467 112\n"
				    "l S 5 777 0 0  two  words\n"
				    "same L a\n"
				    "#\n# START OF DATA - DO NOT MODIFY\n#\n";
	const char *path;
	struct contents c;
	char hex[HASH_HEX];

	(void)state;
	scratch_make(&s);
	path = scratch_path(&s, "first");
	scratch_write(&s, "first", arena_fmt(&arena, "%s12abc", lines));
	assert_int_equal(contents_kind(path), CONTENTS_LISTING);
	if (!contents_list(&c, path, CONTENTS_LISTING, &err))
		fail_msg("%s", err.text);
	assert_int_equal(c.of.n, 5);
	assert_string_equal(c.of.at[0].path, "");
	assert_int_equal(c.of.at[0].mode, 040755);
	assert_string_equal(c.of.at[1].path, "a \"b\n\\");
	assert_int_equal(c.of.at[1].mode, 0104755);
	assert_int_equal(c.of.at[1].uid, 70000);
	assert_int_equal(c.of.at[1].gid, 0xffffffff);
	assert_int_equal(c.of.at[1].mtime, 5);
	hash_bytes("abc", 3, hex);
	assert_string_equal(c.of.at[1].sha256, hex);
	assert_int_equal(c.of.at[2].major, 259);
	assert_int_equal(c.of.at[2].minor, 70000);
	assert_string_equal(c.of.at[3].target, " two  words");
	assert_string_equal(c.of.at[4].target, "a");
	contents_release(&c);
	scratch_write(&s, "first", lines);
	assert_false(contents_list(&c, path, CONTENTS_LISTING, &err));
	scratch_write(&s, "first", "/ D 5 755 0 0\nx R 5 644");
	assert_false(contents_list(&c, path, CONTENTS_LISTING, &err));
	scratch_write(&s, "first", "/ D 5 755 0 0\nx\n#\n# START\n#\n");
	assert_false(contents_list(&c, path, CONTENTS_LISTING, &err));
	arena_release(&arena);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(everything_is_listed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
