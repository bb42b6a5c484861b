/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fragments over a configuration, and refusals explained from a small Kconfig tree. */
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
#include <unistd.h>

static const char kconfig_root[] = "mainmenu \"Test\"\n"
				   "source \"arch/$(SRCARCH)/Kconfig\"\n"
				   "config NET\n"
				   "\tbool \"Network\"\n"
				   "\thelp\n"
				   "\t  Not a definition:\n"
				   "\t  config HIDDEN_IN_HELP\n"
				   "\n"
				   "if NET\n"
				   "source \"net/Kconfig\"\n"
				   "endif\n"
				   "menu \"File systems\"\n"
				   "\tdepends on BLOCK\n"
				   "config EXT4\n"
				   "\ttristate \"ext4\" if EXPERT || \\\n"
				   "\t\tBLOCK\n"
				   "\tdepends on MMU && (A || B)\n"
				   "endmenu\n"
				   "config BLOCK\n"
				   "\tbool \"Disks\"\n"
				   "config CHOSEN_BY_OTHERS\n"
				   "\tbool\n"
				   "config CPUS\n"
				   "\tint \"Processors\"\n"
				   "\trange 2 8\n"
				   "\tdepends on $(cc-option,-mfancy)\n"
				   "source \"generated/Config.in\"\n";

struct bench {
	struct scratch s;
	struct arena arena;
	struct kconfig_request request;
	struct kconfig_verdict verdict;
	struct text out;
	struct error err;
	size_t refused;
};

static void bench_make(struct bench *b)
{
	*b = (struct bench){.out = TEXT_INIT};
	b->verdict = (struct kconfig_verdict)KCONFIG_VERDICT_INIT;
	scratch_make(&b->s);
	scratch_write(&b->s, "src/Kconfig", kconfig_root);
	scratch_write(&b->s, "src/arch/tiny/Kconfig", "config MMU\n\tdef_bool y\n");
	scratch_write(&b->s, "src/net/Kconfig", "config INET\n\tbool \"IP\"\n");
	scratch_write(&b->s, "build/generated/Config.in",
		"config FROM_SOURCE_COMMENT\n\tbool \"generated\"\n");
}

static void bench_remove(struct bench *b)
{
	kconfig_verdict_release(&b->verdict);
	text_release(&b->out);
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static bool wish(struct bench *b, const char *line)
{
	return kconfig_wish(&b->request.wishes, &b->arena, line, KCONFIG_OURS, &b->err);
}

static void merge_over(struct bench *b, const char *config)
{
	text_clear(&b->out);
	kconfig_merge(&b->request.wishes, config, &b->out);
}

/* The sentences about what was refused. */
static const char *verify(struct bench *b, const char *config)
{
	struct kconfig_result r;

	kconfig_verdict_release(&b->verdict);
	scratch_write(&b->s, "build/.config", config);
	assert_true(kconfig_result_read(&r, scratch_path(&b->s, "build/.config"), &b->err));
	assert_true(kconfig_verify(&b->request, &r, scratch_path(&b->s, "src"),
		scratch_path(&b->s, "build"), &b->verdict, &b->err));
	kconfig_result_release(&r);
	b->refused = b->verdict.refusals;
	return b->verdict.refused.s;
}

#define HEAD                                                                       \
	"#\n# Automatically generated file; DO NOT EDIT.\n# Test/tiny 1.0 Kernel " \
	"Configuration\n#\n"

static void old_lines_go_before_new_ones_come(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_CPUS=64") && wish(&b, "# CONFIG_NET is not set") &&
		    wish(&b, "CONFIG_NAME=\"a, b\""));
	merge_over(&b, "# a comment\n"
		       "CONFIG_CPUS=1\n"
		       "CONFIG_NET=y\n"
		       "CONFIG_NETWORKS=y\n"
		       "# CONFIG_NAME is not set\n");
	assert_string_equal(b.out.s,
		"# a comment\nCONFIG_NETWORKS=y\nCONFIG_CPUS=64\n# CONFIG_NET is not set\n"
		"CONFIG_NAME=\"a, b\"\n");
	bench_remove(&b);
}

static void a_later_wish_takes_the_place_of_an_earlier_one(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "one.config", "CONFIG_NET=y\nCONFIG_CPUS=2\n");
	scratch_write(&b.s, "two.config", "# mine\n# CONFIG_NET is not set\n");
	assert_true(wish(&b, scratch_path(&b.s, "one.config")) &&
		    wish(&b, scratch_path(&b.s, "two.config")));
	assert_int_equal(b.request.wishes.n, 2);
	assert_string_equal(verify(&b, HEAD "CONFIG_CPUS=2\n"), "");
	bench_remove(&b);
}

static void bad_lines_are_named_with_file_and_line(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "bad.config", "# fine\n\nCONFIG_NET=y\nNET=y\n");
	assert_false(wish(&b, scratch_path(&b.s, "bad.config")));
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	assert_non_null(strstr(b.err.text, "bad.config:4"));
	assert_non_null(strstr(b.err.text, "write CONFIG_NET=y"));
	assert_false(wish(&b, scratch_path(&b.s, "missing.config")));
	bench_remove(&b);
}

static void what_is_granted_is_not_looked_up(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_NET=y") && wish(&b, "# CONFIG_EXT4 is not set"));
	assert_int_equal(unlink(scratch_path(&b.s, "src/Kconfig")), 0);
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\n"), "");
	bench_remove(&b);
}

static void a_dropped_symbol_names_what_it_depends_on(void **state)
{
	struct bench b;
	const char *said;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "mine.config", "CONFIG_NET=y\nCONFIG_EXT4=y\n");
	assert_true(wish(&b, scratch_path(&b.s, "mine.config")));
	said = verify(&b, HEAD "CONFIG_NET=y\nCONFIG_MMU=y\n");
	assert_int_equal(b.refused, 1);
	assert_non_null(strstr(said, "CONFIG_EXT4"));
	assert_non_null(strstr(said, "mine.config:2"));
	assert_non_null(strstr(said, "not set"));
	assert_non_null(strstr(said, "(A || B)"));
	assert_non_null(strstr(said, "BLOCK"));
	assert_null(strstr(said, "MMU"));
	assert_non_null(strstr(said, "Kconfig:14"));
	bench_remove(&b);
}

static void the_if_around_a_source_line_counts(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_INET=y"));
	assert_non_null(strstr(verify(&b, HEAD), "not there: NET (net/Kconfig:1)"));
	bench_remove(&b);
}

static void unknown_and_unchoosable_symbols_are_told_apart(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_HIDDEN_IN_HELP=y"));
	assert_non_null(strstr(verify(&b, HEAD), "does not know"));
	b.request.wishes.n = 0;
	assert_true(wish(&b, "CONFIG_CHOSEN_BY_OTHERS=y"));
	assert_non_null(strstr(verify(&b, HEAD), "cannot be chosen"));
	b.request.wishes.n = 0;
	assert_true(wish(&b, "CONFIG_CPUS=64"));
	assert_non_null(strstr(verify(&b, HEAD "CONFIG_CPUS=8\n"), "came out as '8'"));
	b.request.wishes.n = 0;
	assert_true(wish(&b, "# CONFIG_MMU is not set"));
	verify(&b, HEAD "CONFIG_MMU=y\n");
	assert_int_equal(b.refused, 1);
	bench_remove(&b);
}

/* Built for "tiny64", whose files are in arch/tiny: the symbol TINY tells. */
static void the_folder_of_the_processor_may_have_another_name(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "src/arch/other/Kconfig", "config OTHER_ONLY\n\tbool \"other\"\n");
	assert_true(wish(&b, "# CONFIG_MMU is not set"));
	assert_null(strstr(
		verify(&b, "# Test/tiny64 1.0 Kernel Configuration\nCONFIG_TINY=y\nCONFIG_MMU=y\n"),
		"not know"));
	bench_remove(&b);
}

static void generated_kconfig_files_are_found(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_FROM_SOURCE_COMMENT=y"));
	assert_null(strstr(verify(&b, HEAD), "does not know"));
	bench_remove(&b);
}

static void the_first_known_alternative_counts(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_OLD_NAME=y | CONFIG_NET=y"));
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\n"), "");
	verify(&b, HEAD "# CONFIG_NET is not set\n");
	assert_int_equal(b.refused, 1);
	b.request.wishes.n = 0;
	/* NET is known: that the other one is there does not help */
	assert_true(wish(&b, "CONFIG_NET=y | CONFIG_BLOCK=y"));
	verify(&b, HEAD "CONFIG_BLOCK=y\n");
	assert_int_equal(b.refused, 1);
	merge_over(&b, "");
	assert_string_equal(b.out.s, "CONFIG_NET=y\nCONFIG_BLOCK=y\n");
	bench_remove(&b);
}

static void a_question_mark_forgives_unknown_symbols_only(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_NEVER_HEARD=y ?"));
	assert_string_equal(verify(&b, HEAD), "");
	assert_true(wish(&b, "CONFIG_INET=y ?"));
	verify(&b, HEAD);
	assert_int_equal(b.refused, 1);
	bench_remove(&b);
}

static const char *a_and_b(const void *ctx, const char *symbol)
{
	(void)ctx;
	return strcmp(symbol, "A") == 0 || strcmp(symbol, "B") == 0 || strcmp(symbol, "64BITA") == 0
		       ? "y"
		       : "n";
}

/* Each pair of lines doubles what would be read: the files of a stranger's tree are followed only so far. */
static void files_that_source_each_other_come_to_an_end(void **state)
{
	struct kconfig_tree t;
	struct bench b;
	size_t n;

	(void)state;
	bench_make(&b);
	scratch_write(
		&b.s, "src/Kconfig", "source \"Kconfig\"\nsource \"k0\"\nsource \"\"\nconfig A\n");
	for (int i = 0; i < 60; i++)
		scratch_write(&b.s, arena_fmt(&b.arena, "src/k%d", i),
			arena_fmt(&b.arena, "source \"k%d\"\nsource \"k%d\"\nconfig B%d\n", i + 1,
				i + 1, i));
	if (!kconfig_tree_read(
		    &t, scratch_path(&b.s, "src"), scratch_path(&b.s, "src"), "x86", &b.err))
		fail_msg("%s", b.err.text);
	assert_non_null(kconfig_tree_find(&t, "A", &n));
	assert_non_null(kconfig_tree_find(&t, "B59", &n));
	kconfig_tree_release(&t);
	bench_remove(&b);
}

static void conditions_grow_only_so_far(void **state)
{
	struct text source = TEXT_INIT;
	struct kconfig_tree t;
	struct bench b;

	(void)state;
	bench_make(&b);
	text_str(&source, "menu \"M\"\n");
	for (int i = 0; i < 20000; i++)
		text_str(&source, "\tdepends on SOMETHING\n");
	for (int i = 0; i < 2000; i++)
		text_str(&source, "if A\n");
	text_str(&source, "config X\n\tdepends on Y");
	for (int i = 0; i < 2000; i++)
		text_str(&source, " && Y");
	text_str(&source, "\n\tdepends on Z\n");
	scratch_write(&b.s, "src/Kconfig", source.s);
	assert_true(kconfig_tree_read(
		&t, scratch_path(&b.s, "src"), scratch_path(&b.s, "src"), "x86", &b.err));
	assert_int_equal(t.n, 1);
	assert_int_equal(t.at[0].needs.n, 64 + 1);
	assert_string_equal(t.at[0].needs.at[64], "Z");
	for (size_t i = 0; i < t.at[0].needs.n; i++)
		assert_true(strlen(t.at[0].needs.at[i]) < 8192);
	kconfig_tree_release(&t);
	text_release(&source);
	bench_remove(&b);
}

static void a_fragment_has_only_so_many_wishes(void **state)
{
	struct text fragment = TEXT_INIT;
	struct bench b;

	(void)state;
	bench_make(&b);
	for (int i = 0; i <= 20000; i++)
		text_fmt(&fragment, "CONFIG_%d=y\n", i);
	scratch_write(&b.s, "mine.config", fragment.s);
	assert_false(wish(&b, scratch_path(&b.s, "mine.config")));
	assert_non_null(strstr(b.err.text, "mine.config:20001: there are more than 20000"));
	text_release(&fragment);
	bench_remove(&b);
}

static void expressions(void **state)
{
	/* with A, B and 64BITA set: the unmet terms, "" when all hold or may hold */
	static const char *const cases[][2] = {
		{"A", ""},
		{"X", "X"},
		{"!A", "!A"},
		{"!X && A", ""},
		{"A && X && Y", "X, Y"},
		{"(A && X) || B", ""},
		{"X || (Y && A)", "X || (Y && A)"},
		{"A && (X || Y)", "(X || Y)"},
		{"A=y && X=n", ""},
		{"A!=y", "A!=y"},
		{"A = \"y\"", ""},
		{"$(cc-option,-x || y)", ""},
		{"$(cc-option,-x (y)) && X", "X"},
		{"!!A", ""},
		{"64BITA && 64BIT", "64BIT"},
		{"5 != 5", "5 != 5"},
		{"m || X", ""},
		{"\"a && b\" = \"a && b\" && X", "X"},
		{"", ""},
		{"&&", ""},
		{"((((", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct text out = TEXT_INIT;
		bool unmet = kconfig_unmet(cases[i][0], a_and_b, NULL, &out);

		assert_string_equal(out.s, cases[i][1]);
		assert_int_equal(unmet, *cases[i][1] != '\0');
		text_release(&out);
	}
}

static void request(struct bench *b, const char *const *words, bool good)
{
	struct strings list = {0};

	for (; *words; words++)
		vec_push(&list, *words);
	assert_int_equal(kconfig_request(&b->request, &b->arena, &list, 0, &b->err), good);
	vec_release(&list);
}

static void preferences_yield_to_what_a_person_selects(void **state)
{
	const char *const alone[] = {"# CONFIG_BLOCK is not set", "CONFIG_NET=y", NULL};
	const char *const asked[] = {"# CONFIG_BLOCK is not set", "--theirs", "CONFIG_NET=y", NULL};
	const char *const module[] = {"CONFIG_EXT4=m", "--theirs", "CONFIG_NET=y", NULL};
	const char *const theirs[] = {
		"--theirs", "# CONFIG_BLOCK is not set", "CONFIG_NET=y", NULL};
	struct bench b;

	(void)state;
	bench_make(&b);
	request(&b, alone, true);
	assert_non_null(strstr(verify(&b, HEAD "CONFIG_NET=y\nCONFIG_BLOCK=y\n"), "selects it"));
	request(&b, asked, true);
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\nCONFIG_BLOCK=y\n"), "");
	assert_int_equal(b.verdict.yields, 1);
	assert_non_null(strstr(b.verdict.yielded.s, "CONFIG_BLOCK"));
	/* nor is a module that had to be compiled in */
	request(&b, module, true);
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\nCONFIG_MODULES=y\nCONFIG_EXT4=y\n"), "");
	assert_int_equal(b.verdict.yields, 1);
	verify(&b, HEAD "CONFIG_NET=y\nCONFIG_MODULES=y\n");
	assert_int_equal(b.refused, 1);
	/* what they wish themselves is no preference */
	request(&b, theirs, true);
	verify(&b, HEAD "CONFIG_NET=y\nCONFIG_BLOCK=y\n");
	assert_int_equal(b.refused, 1);
	bench_remove(&b);
}

static void firm_values_cannot_be_wished_otherwise(void **state)
{
	const char *const other[] = {
		"--theirs", "CONFIG_PREFIX=\"/bin/evil-\"", "--firm", "CONFIG_PREFIX=\"\" ?", NULL};
	const char *const same[] = {
		"--theirs", "CONFIG_PREFIX=\"\"", "--firm", "CONFIG_PREFIX=\"\" ?", NULL};
	struct bench b;

	(void)state;
	bench_make(&b);
	request(&b, other, false);
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	assert_non_null(strstr(b.err.text, "CONFIG_PREFIX cannot be chosen"));
	request(&b, same, true);
	assert_string_equal(verify(&b, HEAD), "");
	bench_remove(&b);
}

static void packages_ask_and_a_person_may_choose_more(void **state)
{
	const char *const less[] = {
		"--asked-by=a,b", "CONFIG_NET=m", "--theirs", "# CONFIG_NET is not set", NULL};
	const char *const more[] = {
		"--asked-by=a", "CONFIG_NET=m", "--theirs", "CONFIG_NET=y", NULL};
	const char *const bad[] = {"--asked-by=a", "name-without-value", NULL};
	const char *const refused[] = {
		"# CONFIG_BLOCK is not set", "--asked-by=a", "CONFIG_BLOCK=y", "--theirs", NULL};
	struct bench b;

	(void)state;
	bench_make(&b);
	request(&b, less, false);
	assert_non_null(strstr(b.err.text, "does not go with one of the packages a,b"));
	request(&b, more, true);
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\n"), "");
	/* it is never the name of a fragment */
	request(&b, bad, false);
	assert_non_null(strstr(b.err.text, "the package a"));
	request(&b, refused, true);
	assert_non_null(strstr(verify(&b, HEAD), "CONFIG_BLOCK: the package a asks for 'y'"));
	bench_remove(&b);
}

static void fragments_of_the_program_are_found_by_name(void **state)
{
	struct text in = TEXT_INIT;
	const char *words[] = {"--theirs", NULL, NULL, "guest.config", NULL};
	const char *const none[] = {"--theirs", "--in=/nowhere", "guest.config", NULL};
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "src/kernel/configs/guest.config", "CONFIG_NET=y\n");
	scratch_write(&b.s, "src/arch/tiny/configs/guest.config", "CONFIG_BLOCK=y\n");
	text_fmt(&in, "--in=%s", scratch_path(&b.s, "src/kernel/configs"));
	words[1] = arena_str(&b.arena, in.s);
	text_clear(&in);
	text_fmt(&in, "--in=%s", scratch_path(&b.s, "src/arch/tiny/configs"));
	words[2] = in.s;
	request(&b, words, true);
	assert_int_equal(b.request.wishes.n, 2);
	/* made for every machine: what does not fit here is told */
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\n"), "");
	assert_int_equal(b.verdict.misfits, 1);
	assert_non_null(strstr(b.verdict.misfit.s, "CONFIG_BLOCK"));
	request(&b, none, false);
	assert_non_null(strstr(b.err.text, "guest.config"));
	text_release(&in);
	bench_remove(&b);
}

static void whole_configurations_are_compared(void **state)
{
	const char *words[] = {"--theirs", "CONFIG_CPUS=4", "--own", NULL, NULL};
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "mine.config",
		"CONFIG_NET=y\nCONFIG_NEVER_HEARD=y\nCONFIG_EXT4=y\nCONFIG_CPUS=2\n"
		"CONFIG_CHOSEN_BY_OTHERS=y\n# CONFIG_LONG_GONE is not set\n");
	words[3] = scratch_path(&b.s, "mine.config");
	request(&b, words, true);
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\nCONFIG_CPUS=4\n"), "");
	assert_int_equal(b.verdict.lines, 6);
	assert_int_equal(b.verdict.known, 4);
	/* neither what a fragment says instead nor what nobody can choose */
	assert_int_equal(b.verdict.changes, 2);
	assert_non_null(strstr(b.verdict.changed.s, "CONFIG_NEVER_HEARD"));
	assert_non_null(strstr(b.verdict.changed.s, "CONFIG_EXT4"));
	bench_remove(&b);
}

static void without_modules_they_are_compiled_in(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(wish(&b, "CONFIG_NET=m"));
	assert_string_equal(verify(&b, HEAD "CONFIG_NET=y\n"), "");
	verify(&b, HEAD "CONFIG_NET=y\nCONFIG_MODULES=y\n");
	assert_int_equal(b.refused, 1);
	bench_remove(&b);
}

static void the_actions(void **state)
{
	struct action_context c = {.progress_fd = -1};
	struct strings args = {0};
	struct bench b;
	char *config;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "mine.config", "CONFIG_INET=y\nCONFIG_EXT4=y\n");
	vec_push(&args, scratch_path(&b.s, "build/new/.config"));
	vec_push(&args, scratch_path(&b.s, "mine.config"));
	assert_true(action_merge(&c, &args, &b.err));
	config = scratch_read(&b.s, "build/new/.config");
	assert_string_equal(config, "CONFIG_INET=y\nCONFIG_EXT4=y\n");
	free(config);
	args.at[1] = scratch_path(&b.s, "src");
	vec_push(&args, scratch_path(&b.s, "mine.config"));
	assert_true(action_verify(&c, &args, &b.err));
	scratch_write(&b.s, "build/new/.config", HEAD);
	assert_false(action_verify(&c, &args, &b.err));
	assert_int_equal(b.err.kind, ERROR_STEP);
	assert_non_null(strstr(b.err.text, "CONFIG_INET"));
	assert_non_null(strstr(b.err.text, "1 more"));
	vec_release(&args);
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_lines_go_before_new_ones_come),
		cmocka_unit_test(a_later_wish_takes_the_place_of_an_earlier_one),
		cmocka_unit_test(bad_lines_are_named_with_file_and_line),
		cmocka_unit_test(what_is_granted_is_not_looked_up),
		cmocka_unit_test(a_dropped_symbol_names_what_it_depends_on),
		cmocka_unit_test(the_if_around_a_source_line_counts),
		cmocka_unit_test(unknown_and_unchoosable_symbols_are_told_apart),
		cmocka_unit_test(the_folder_of_the_processor_may_have_another_name),
		cmocka_unit_test(generated_kconfig_files_are_found),
		cmocka_unit_test(the_first_known_alternative_counts),
		cmocka_unit_test(a_question_mark_forgives_unknown_symbols_only),
		cmocka_unit_test(files_that_source_each_other_come_to_an_end),
		cmocka_unit_test(conditions_grow_only_so_far),
		cmocka_unit_test(a_fragment_has_only_so_many_wishes),
		cmocka_unit_test(expressions),
		cmocka_unit_test(preferences_yield_to_what_a_person_selects),
		cmocka_unit_test(firm_values_cannot_be_wished_otherwise),
		cmocka_unit_test(packages_ask_and_a_person_may_choose_more),
		cmocka_unit_test(fragments_of_the_program_are_found_by_name),
		cmocka_unit_test(whole_configurations_are_compared),
		cmocka_unit_test(without_modules_they_are_compiled_in),
		cmocka_unit_test(the_actions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
