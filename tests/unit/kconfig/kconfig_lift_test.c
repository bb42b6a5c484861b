/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person's symbol depends on is switched on, whatever our fragments prefer, and nothing else is. */
#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "kconfig/kconfig.h"
#include "kconfig/kconfig_tree.h"
#include "scratch.h"
#include "step/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const char root[] =
	"config BUS\n\tbool \"Bus\"\n"
	"if BUS\n"
	"config ARCH_HAS_HOST\n\tdef_bool y\n"
	"config HOST\n\ttristate \"Host\"\n\tdepends on ARCH_HAS_HOST\n"
	"endif\n"
	"config MOUSE\n\ttristate \"Mouse\"\n\tdepends on HOST && (CLOCK || CLOCK=n)\n"
	"config CLOCK\n\ttristate \"Clock\"\n"
	"config SPLIT\n\tbool \"Two ways\"\n\tdepends on OTHER_ARCH || COMPILE_TEST || FIRST || SECOND\n"
	"config COMPILE_TEST\n\tbool \"Only compiled\"\n"
	"config OTHER_ARCH\n\tbool\n"
	"config FIRST\n\tbool \"First\"\n\tdepends on OTHER_ARCH\n"
	"config SECOND\n\tbool \"Second\"\n\tdepends on !NEVER && CLOCK != n\n"
	"config NEVER\n\tbool \"Never\"\n"
	"config TINY\n\tbool \"Tiny\"\n\tdepends on !BUS\n"
	"config ROUND\n\tbool \"Round\"\n\tdepends on ABOUT\n"
	"config ABOUT\n\tbool \"About\"\n\tdepends on ROUND\n";

struct bench {
	struct scratch s;
	struct error err;
	char *config;
};

static void bench_make(struct bench *b)
{
	*b = (struct bench){0};
	scratch_make(&b->s);
	scratch_write(&b->s, "src/Kconfig", root);
}

static void bench_remove(struct bench *b)
{
	free(b->config);
	scratch_remove(&b->s);
}

/* The configuration after merging: what stands before, our line, and that of the person. */
static const char *merged(
	struct bench *b, const char *before, const char *ours, const char *theirs, bool lifting)
{
	struct action_context c = {.progress_fd = -1};
	struct arena a = ARENA_INIT;
	struct strings args = {0};

	scratch_write(&b->s, "build/.config", before);
	vec_push(&args, scratch_path(&b->s, "build/.config"));
	vec_push(&args, ours);
	vec_push(&args, "--theirs");
	if (lifting)
		vec_push(&args, arena_fmt(&a, "--tree=%s", scratch_path(&b->s, "src")));
	vec_push(&args, theirs);
	assert_true(action_merge(&c, &args, &b->err));
	free(b->config);
	b->config = scratch_read(&b->s, "build/.config");
	vec_release(&args);
	arena_release(&a);
	return b->config;
}

static void what_is_asked_for_brings_what_it_depends_on(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_string_equal(merged(&b, "", "# CONFIG_BUS is not set", "CONFIG_MOUSE=y", false),
		"# CONFIG_BUS is not set\nCONFIG_MOUSE=y\n");
	/* at any depth, through what nobody can choose but comes by itself, and without what may be missing */
	assert_string_equal(merged(&b, "", "# CONFIG_BUS is not set", "CONFIG_MOUSE=y", true),
		"CONFIG_MOUSE=y\nCONFIG_HOST=y\nCONFIG_BUS=y\nCONFIG_ARCH_HAS_HOST=y\n");
	/* what is there stays as it is */
	assert_string_equal(merged(&b, "CONFIG_BUS=y\nCONFIG_ARCH_HAS_HOST=y\nCONFIG_HOST=m\n",
				    "CONFIG_CLOCK=m", "CONFIG_MOUSE=m", true),
		"CONFIG_BUS=y\nCONFIG_ARCH_HAS_HOST=y\nCONFIG_HOST=m\nCONFIG_CLOCK=m\nCONFIG_MOUSE=m\n");
	/* a module is not enough for what is to be compiled in */
	assert_string_equal(merged(&b, "CONFIG_BUS=y\nCONFIG_ARCH_HAS_HOST=y\nCONFIG_HOST=m\n",
				    "CONFIG_CLOCK=m", "CONFIG_MOUSE=y", true),
		"CONFIG_BUS=y\nCONFIG_ARCH_HAS_HOST=y\nCONFIG_MOUSE=y\nCONFIG_HOST=y\nCONFIG_CLOCK=y\n");
	bench_remove(&b);
}

static void of_several_ways_one_that_is_open_is_taken(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_string_equal(merged(&b, "", "CONFIG_BUS=y", "CONFIG_SPLIT=y", true),
		"CONFIG_BUS=y\nCONFIG_SPLIT=y\nCONFIG_SECOND=y\nCONFIG_CLOCK=y\n");
	assert_string_equal(merged(&b, "", "CONFIG_BUS=y", "CONFIG_ROUND=y", true),
		"CONFIG_BUS=y\nCONFIG_ROUND=y\nCONFIG_ABOUT=y\n");
	bench_remove(&b);
}

/* What nothing can cure is left for kconfig_verify to explain, and nothing is switched on in vain. */
static void orders_and_needs_stay(void **state)
{
	static const char *const cases[][3] = {
		{"# CONFIG_CLOCK is not set", "# CONFIG_HOST is not set", "CONFIG_MOUSE=y"},
		{"CONFIG_BUS=y", "CONFIG_TINY=y", ""},
		{"CONFIG_NEVER=y", "CONFIG_SPLIT=y", ""},
		{"CONFIG_BUS=y", "CONFIG_NO_SUCH=y", ""},
		{"CONFIG_BUS=y", "# CONFIG_MOUSE is not set", ""},
	};
	struct text fragment = TEXT_INIT, expected = TEXT_INIT;
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		text_clear(&fragment);
		text_clear(&expected);
		text_fmt(&fragment, "%s\n%s%s", cases[i][1], cases[i][2], *cases[i][2] ? "\n" : "");
		text_fmt(&expected, "%s\n%s", cases[i][0], fragment.s);
		scratch_write(&b.s, "mine.config", fragment.s);
		assert_string_equal(
			merged(&b, "", cases[i][0], scratch_path(&b.s, "mine.config"), true),
			expected.s);
	}
	text_release(&fragment);
	text_release(&expected);
	bench_remove(&b);
}

/* Nobody waits for a tree that was written to have endless ways. */
static void endless_ways_come_to_an_end(void **state)
{
	struct text tree = TEXT_INIT;
	struct bench b;

	(void)state;
	bench_make(&b);
	for (int i = 0; i < 30; i++)
		text_fmt(&tree,
			"config A%d\n\tbool \"A\"\n\tdepends on (A%d && X) || (A%d && X) || (A%d && X)\n",
			i, i + 1, i + 1, i + 1);
	scratch_write(&b.s, "src/Kconfig", tree.s);
	assert_string_equal(
		merged(&b, "", "CONFIG_BUS=y", "CONFIG_A0=y", true), "CONFIG_BUS=y\nCONFIG_A0=y\n");
	text_release(&tree);
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_for_brings_what_it_depends_on),
		cmocka_unit_test(of_several_ways_one_that_is_open_is_taken),
		cmocka_unit_test(orders_and_needs_stay),
		cmocka_unit_test(endless_ways_come_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
