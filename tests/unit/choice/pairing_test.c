/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs of versions: ranges, what is refused and who is to blame, and errors in a broken table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/option.h"
#include "choice/pairing.h"
#include "choice/profile.h"
#include "scratch.h"

#include <string.h>

static struct scratch s;
static struct place place; /* finds the table of the test only */
static struct catalog catalog;
static struct profile profile;
static const char *kernel, *library;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	scratch_make(&s);
	assert_true(catalog_load(&catalog, &s.place, &err));
	assert_true(profile_parse(&profile, &catalog, "test.profile", "hostname = x\n", 13, &err));
	place = s.place;
	place.data = (struct strings){0};
	vec_push_in(&s.place.arena, &place.data, s.folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	profile_release(&profile);
	catalog_release(&catalog);
	scratch_remove(&s);
	return 0;
}

static const char *chosen(const void *ctx, const char *component)
{
	(void)ctx;
	return strcmp(component, "linux") == 0	 ? kernel
	       : strcmp(component, "glibc") == 0 ? library
						 : NULL;
}

static bool allowed(const char *table, const char *linux, const char *glibc, struct error *err)
{
	struct pairings *p;
	bool ok;

	kernel = linux;
	library = glibc;
	scratch_write(&s, "share/pairings/test.pairing", table);
	assert_true(pairings_load(&p, &place, err));
	ok = pairings_check(p, &profile, chosen, NULL, err);
	pairings_free(p);
	return ok;
}

#define REASONS "reason = it breaks\nremedy = take another\nsource = a test\n"

static void ranges_decide(void **state)
{
	static const char table[] =
		"[pair p]\nleft = linux >= 6.8 < 7\nright = glibc <= 2.36\n" REASONS;
	struct error err;

	(void)state;
	assert_false(allowed(table, "6.8", "2.36", &err));
	assert_non_null(strstr(err.text,
		"linux 6.8 and glibc 2.36 do not go together: it breaks; take another (a test)"));
	assert_int_equal(err.kind, ERROR_PROFILE);
	assert_false(allowed(table, "6.12.107", "2.35", &err));
	assert_true(allowed(table, "6.7.9", "2.36", &err));
	assert_true(allowed(table, "7.0", "2.36", &err));
	assert_true(allowed(table, "6.12", "2.37", &err));
	assert_true(allowed(table, "6.12", NULL, &err));
}

static void a_tool_of_the_machine_is_the_machines_fault(void **state)
{
	struct error err;

	(void)state;
	assert_false(allowed("[tool old]\nask = echo old (something) 4.2\n"
			     "[pair p]\nleft = linux\nright = old < 5\n" REASONS,
		"6.12", NULL, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, "old 4.2"));
	assert_true(allowed("[tool gone]\nask = no-such-program-here\n"
			    "[pair p]\nleft = linux\nright = gone < 5\n" REASONS,
		"6.12", NULL, &err));
}

static void choices_decide_too(void **state)
{
	struct error err;

	(void)state;
	assert_true(allowed("[pair p]\nwhen = arch=i386\nleft = linux\nright = glibc\n" REASONS,
		"6.12", "2.41", &err));
	assert_false(allowed("[pair p]\nwhen = arch=x86_64\nleft = linux\nright = glibc\n" REASONS,
		"6.12", "2.41", &err));
}

/* The names of the cures that these versions need, joined by blanks. */
static const char *cured(const char *table, const char *linux, const char *glibc)
{
	static struct text names = TEXT_INIT;
	struct pairings *p;
	struct error err;
	struct cures cures;

	kernel = linux;
	library = glibc;
	scratch_write(&s, "share/pairings/test.pairing", table);
	assert_true(pairings_load(&p, &place, &err));
	/* a cure refuses nothing */
	assert_true(pairings_check(p, &profile, chosen, NULL, &err));
	cures = pairings_cures(p, &profile, chosen, NULL);
	text_release(&names);
	for (size_t i = 0; i < cures.n; i++)
		text_fmt(&names, "%s%s", i ? " " : "", cures.at[i]->name);
	pairings_free(p);
	return names.s;
}

#define CURED "file = CONFIG_X=n\nreason = it breaks\nsource = a test\n"

static void a_cure_is_for_its_versions_only(void **state)
{
	static const char both[] = "[cure c]\nleft = glibc < 2.42\nright = linux >= 6.8\n" CURED;
	static const char alone[] = "[cure a]\nleft = glibc >= 2.36 < 2.42\n" CURED
				    "[cure b]\nleft = glibc >= 2.41\n" CURED;

	(void)state;
	assert_string_equal(cured(both, "6.8", "2.41"), "c");
	assert_string_equal(cured(both, "6.7.9", "2.41"), "");
	assert_string_equal(cured(both, "6.8", "2.42"), "");
	assert_string_equal(cured(both, "6.8", NULL), "");
	assert_string_equal(cured(alone, "6.8", "2.36"), "a");
	assert_string_equal(cured(alone, "6.8", "2.41"), "a b");
	assert_string_equal(cured(alone, "6.8", "2.43"), "b");
}

static void a_cure_asks_tools_and_choices_too(void **state)
{
	(void)state;
	assert_string_equal(
		cured("[tool t]\nask = echo 14.2\n[cure new]\nleft = linux\nright = t >= 14\n" CURED
		      "[cure old]\nleft = linux\nright = t < 14\n" CURED
		      "[cure other]\nwhen = arch=i386\nleft = linux\n" CURED,
			"6.12", NULL),
		"new");
}

static void a_cure_gives_what_is_written(void **state)
{
	struct pairings *p;
	struct error err;
	struct cures cures;

	(void)state;
	scratch_write(&s, "share/pairings/test.pairing",
		"[cure c]\nleft = glibc < 2.42\npatch = a.patch b.patch\nconfigure = --x\n"
		"reason = it breaks\nsource = a test\n");
	assert_true(pairings_load(&p, &place, &err));
	assert_int_equal(pairings_cures_of(p, "linux", "6.12").n, 0);
	assert_int_equal(pairings_cures_of(p, "glibc", "2.42").n, 0);
	cures = pairings_cures_of(p, "glibc", "2.41");
	assert_int_equal(cures.n, 1);
	assert_int_equal(cures.at[0]->gives.n, 2);
	assert_string_equal(cures.at[0]->gives.at[0].key, "patch");
	assert_string_equal(cures.at[0]->gives.at[0].value, "a.patch b.patch");
	assert_string_equal(cures.at[0]->gives.at[1].key, "configure");
	assert_string_equal(cures.at[0]->left, "glibc < 2.42");
	assert_null(cures.at[0]->right);
	pairings_free(p);
}

static void broken_tables_name_the_line(void **state)
{
	static const char *const tables[][2] = {
		{"[pair p]\nleft = linux 6.8\n", "test.pairing:2"},
		{"[pair p]\nleft = linux ~ 6.8\n", "none of <"},
		{"[pair p]\nleft = linux\n", "test.pairing:1"},
		{"[pair p]\nwrong = x\n", "test.pairing:2"},
		{"[tool t]\n", "needs 'ask'"},
		{"[tried]\nfailed = x\n", "test.pairing:2"},
		{"[other]\n", "test.pairing:1"},
		{"[cure c]\nleft = linux\nreason = x\nsource = y\n", "test.pairing:1"},
		{"[cure c]\nfile = x\nreason = x\nsource = y\n", "test.pairing:1"},
		{"[cure c]\nleft = linux\nremedy = z\n" CURED, "has no remedy"},
		{"[cure c]\nleft = linux\nfile[arch=i386] = x\n", "test.pairing:3"},
		{"[tool t]\nask = echo 1\n[cure c]\nleft = t\n" CURED, "tool 't' on its left"},
	};
	struct pairings *p;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		scratch_write(&s, "share/pairings/test.pairing", tables[i][0]);
		assert_false(pairings_load(&p, &place, &err));
		assert_non_null(strstr(err.text, tables[i][1]));
	}
}

static void what_was_tried_is_found(void **state)
{
	struct pairings *p;
	struct error err;

	(void)state;
	scratch_write(&s, "share/pairings/test.pairing",
		"[tried]\npassed = linux=6.12 musl=1.2.5\npassed = linux=6.12 glibc=2.41\n");
	assert_true(pairings_load(&p, &place, &err));
	assert_int_equal(pairings_tried(p, "linux", "6.12").n, 2);
	assert_int_equal(pairings_tried(p, "musl", "1.2.5").n, 1);
	assert_int_equal(pairings_tried(p, "musl", "1.2").n, 0);
	pairings_free(p);
}

static struct pairings *choices_table(const char *table)
{
	struct pairings *p;
	struct error err;

	scratch_write(&s, "share/pairings/test.pairing", table);
	assert_true(pairings_load(&p, &place, &err));
	return p;
}

static struct pairing_choices with(const char *option, const char *value)
{
	return (struct pairing_choices){&profile, option_find(&catalog.options, option), value};
}

static void set(const char *name, const char *value)
{
	struct error err;

	assert_true(profile_set(&profile, name, value, &err));
}

static void a_series_is_refused_before_it_is_chosen(void **state)
{
	struct pairings *p = choices_table("[pair p]\nleft = linux >= 7\nright = busybox\n" REASONS
					   "[pair q]\nleft = linux\nright = glibc\n" REASONS);
	struct pairing_choices bad = with("kernel", "7.2"), good = with("kernel", "6.12"),
			       other = with("musl", "1.2.5"), right = with("busybox", "1.37"),
			       now = {.profile = &profile};
	struct error err;

	(void)state;
	assert_false(pairings_allow(p, &bad, &err));
	assert_non_null(strstr(err.text, "linux 7.2 and busybox"));
	/* glibc has a default version, but these choices have no glibc */
	assert_true(pairings_allow(p, &good, &err));
	set("kernel", "7.2");
	assert_false(pairings_allow(p, &now, &err));
	/* it is the one on the right (mutation: only the left side is asked whether it takes part) */
	assert_false(pairings_allow(p, &right, &err));
	set("libc", "musl");
	assert_true(pairings_allow(p, &other, &err)); /* it has no part in what is wrong */
	pairings_free(p);
}

static void tried_with_the_other_choices(void **state)
{
	struct pairings *p =
		choices_table("[tried]\n"
			      "passed = linux=6.12.107 busybox=1.37.0 libc=host linkage=static\n"
			      "passed = linux=6.1.1 busybox=1.37.0 musl=1.2.5\n"
			      "passed = linux=7.2.1 busybox=1.37.0\n");
	struct pairing_choices newer = with("kernel", "6.12"), older = with("kernel", "6.1"),
			       exact = with("kernel", "6.12.30"), seven = with("kernel", "7.2"),
			       musl = with("musl", "1.2.6");

	(void)state;
	assert_true(pairings_tried_with(p, &newer));
	assert_false(pairings_tried_with(p, &exact));
	assert_false(pairings_tried_with(p, &older));
	assert_true(pairings_tried_with(p, &seven));
	set("linkage", "dynamic");
	assert_false(pairings_tried_with(p, &newer));
	set("libc", "musl");
	assert_true(pairings_tried_with(p, &older));
	/* the row does not mention musl, which is part of the system now */
	assert_false(pairings_tried_with(p, &seven));
	set("kernel", "6.1");
	assert_false(pairings_tried_with(p, &musl));
	musl.value = "1.2.5";
	assert_true(pairings_tried_with(p, &musl));
	pairings_free(p);
}

/* `host` is not a version: rules about versions do not apply to it. */
static void a_word_is_no_version(void **state)
{
	struct pairings *p = choices_table("[pair p]\nleft = grub < 99\nright = busybox\n" REASONS
					   "[tried]\npassed = linux=6.12.107 busybox=1.37.0\n"
					   "passed = linux=6.12.107 busybox=1.37.0 grub=2.06\n");
	struct pairing_choices now = {.profile = &profile}, host = with("grub", "host"),
			       old = with("grub", "2.06"), other = with("grub", "2.14");
	struct error err;

	(void)state;
	set("image", "disk");
	assert_true(pairings_allow(p, &now, &err));
	assert_true(pairings_allow(p, &host, &err));
	assert_false(pairings_allow(p, &old, &err));
	assert_true(pairings_tried_with(p, &now));
	assert_true(pairings_tried_with(p, &old));
	assert_false(pairings_tried_with(p, &other));
	set("grub", "2.14");
	assert_false(pairings_allow(p, &now, &err));
	assert_false(pairings_tried_with(p, &now));
	assert_true(pairings_tried_with(p, &host));
	pairings_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ranges_decide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_tool_of_the_machine_is_the_machines_fault, set_up, tear_down),
		cmocka_unit_test_setup_teardown(choices_decide_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_cure_is_for_its_versions_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_cure_asks_tools_and_choices_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_cure_gives_what_is_written, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_tables_name_the_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_series_is_refused_before_it_is_chosen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tried_with_the_other_choices, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_word_is_no_version, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_tried_is_found, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
