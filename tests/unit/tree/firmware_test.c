/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware that modules name: read from their bytes, compared with what is in the system, listed beside an image, summed up
 * in one sentence. */
#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "elf_make.h"
#include "scratch.h"
#include "tree/firmware.h"
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
	struct tree tree;
	struct firmware_list list;
	struct text said;
	struct error err;
};

static void bench_make(struct bench *b)
{
	*b = (struct bench){.arena = ARENA_INIT, .said = TEXT_INIT};
	scratch_make(&b->s);
	b->tree.arena = &b->arena;
}

static void bench_remove(struct bench *b)
{
	text_release(&b->said);
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static void add(struct bench *b, const char *path, const char *content, size_t len)
{
	struct tree_entry e = {.path = path,
		.kind = TREE_FILE,
		.mode = 0644,
		.content = arena_strn(&b->arena, content, len),
		.content_len = len,
		.owner = "test"};

	assert_true(tree_add(&b->tree, &e, &b->err));
}

static void add_module(struct bench *b, const char *path, const char *info, size_t len)
{
	struct elf_made made = {.bits = 64};
	struct text file = TEXT_INIT;

	elf_make_section(&file, &made, ".modinfo", info, len);
	add(b, path, file.s, file.len);
	text_release(&file);
}

static const char card[] =
	"license=GPL\0firmware=nic/one.fw\0depends=mii\0firmware=two.bin\0firmwarenot=x";

static void names_are_collected(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	add_module(&b, "/lib/modules/6.12.1/kernel/card.ko", card, sizeof card);
	add_module(&b, "/lib/modules/6.12.1/kernel/quiet.ko", "license=GPL", 12);
	add(&b, "/lib/modules/6.12.1/kernel/text.ko", "no module", 9);
	add_module(&b, "/bin/program", card, sizeof card);
	add(&b, "/lib/firmware/two.bin", "x", 1);
	assert_true(tree_settle(&b.tree, &b.err));
	assert_true(firmware_collect(&b.list, &b.tree, &b.err));
	assert_int_equal(b.list.n, 2);
	assert_string_equal(b.list.at[0].module, "card");
	assert_string_equal(b.list.at[0].file, "nic/one.fw");
	assert_false(b.list.at[0].present);
	assert_string_equal(b.list.at[1].file, "two.bin");
	assert_true(b.list.at[1].present);
	bench_remove(&b);
}

static void bad_names_are_refused(void **state)
{
	static const char *const names[] = {"firmware=", "firmware=/etc/shadow",
		"firmware=../../etc/shadow", "firmware=a b", "firmware=\033[2J", "firmware=a\"b",
		"firmware=caf\xe9"};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		bench_make(&b);
		add_module(&b, "/lib/modules/x.ko", names[i], strlen(names[i]));
		assert_true(tree_settle(&b.tree, &b.err));
		assert_false(firmware_collect(&b.list, &b.tree, &b.err));
		assert_non_null(strstr(b.err.text, "/lib/modules/x.ko"));
		bench_remove(&b);
	}
}

static void lists_are_kept(void **state)
{
	struct firmware two[] = {{"card", "nic/one.fw", false}, {"card", "two.bin", true}};
	struct firmware_list list = {.at = two, .n = 2}, none = {0};
	const char *folder;
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "image/file", "");
	folder = scratch_path(&b.s, "image");
	assert_true(firmware_load(&b.list, folder, &b.arena, &b.err));
	assert_int_equal(b.list.n, 0);
	assert_true(firmware_save(&list, folder, &b.err));
	assert_true(firmware_load(&b.list, folder, &b.arena, &b.err));
	assert_int_equal(b.list.n, 2);
	assert_string_equal(b.list.at[0].module, "card");
	assert_string_equal(b.list.at[0].file, "nic/one.fw");
	assert_false(b.list.at[0].present);
	assert_true(b.list.at[1].present);
	assert_true(firmware_save(&none, folder, &b.err));
	assert_false(scratch_has(&b.s, "image/firmware"));
	scratch_write(&b.s, "image/firmware", "missing = one two three\n");
	assert_false(firmware_load(&b.list, folder, &b.arena, &b.err));
	bench_remove(&b);
}

static void one_sentence_says_it(void **state)
{
	struct firmware some[] = {
		{"fine", "is.there", true}, {"card", "nic/one.fw", false}, {"other", "b", false}};
	struct firmware_list list = {.at = some, .n = 1};
	struct bench b;

	(void)state;
	bench_make(&b);
	firmware_say(&list, &b.said);
	assert_string_equal(b.said.s, "");
	list.n = 2;
	firmware_say(&list, &b.said);
	assert_non_null(strstr(b.said.s, "module card names the firmware file nic/one.fw"));
	assert_non_null(strstr(b.said.s, "overlay"));
	assert_null(strstr(b.said.s, "more"));
	list.n = 3;
	text_clear(&b.said);
	firmware_say(&list, &b.said);
	assert_non_null(strstr(b.said.s, "1 more"));
	bench_remove(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_collected),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(lists_are_kept),
		cmocka_unit_test(one_sentence_says_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
