/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was measured of packages: which of several lines holds, what sums say they do not know, lines that are refused. */
#include "base/arena.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "plan/package_facts.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static struct scratch s;
static struct catalog catalog;
static const struct settings settings = {.jobs = 2};

static int set_up(void **state)
{
	struct error err;

	(void)state;
	scratch_make(&s);
	if (!catalog_load(&catalog, &s.place, &err))
		return -1;
	s.place.data.at[0] = scratch_path(&s, "data");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	catalog_release(&catalog);
	scratch_remove(&s);
	return 0;
}

static bool load(struct package_facts *f, const char *choices, const char *table, struct error *err)
{
	struct profile p;
	bool ok;

	scratch_write(&s, "data/share/measured/a.packages", table);
	scratch_write(&s, "data/share/measured/a.steps",
		"step = editor.configure 4 0 0 0\nstep = editor.build 20 0 0 0\nstep = half-way.configure 3 0 0 0\nstep = words.install 1 0 0 0\n");
	if (!profile_parse(
		    &p, &catalog, scratch_path(&s, "p.profile"), choices, strlen(choices), err))
		fail_msg("%s", err->text);
	ok = package_facts_load(f, &p, &settings, err);
	profile_release(&p);
	return ok;
}

static void load_ok(struct package_facts *f, const char *choices, const char *table)
{
	struct error err;

	if (!load(f, choices, table, &err))
		fail_msg("%s", err.text);
}

static const char table[] = "size = editor 900 3\n"
			    "size[libc=glibc, linkage=dynamic] = editor 900 3\n"
			    "size[libc=musl, linkage=dynamic] = editor 700 2\n"
			    "size = half-way 50 1\n"
			    "tried = editor musl dynamic 7.2 2026-11-30\n"
			    "tried = editor glibc dynamic 7.1 2026-11-29\n";

static struct package_sum sum_of(const struct package_facts *f, const char *a, const char *b)
{
	const char *names[] = {a, b};
	const struct strings all = {.at = names, .n = b ? 2 : 1};

	return package_facts_sum(f, &all);
}

static void the_last_size_that_holds_counts(void **state)
{
	struct package_facts f;

	(void)state;
	load_ok(&f, "libc = musl\nlinkage = dynamic\n", table);
	assert_int_equal(sum_of(&f, "editor", NULL).bytes, 700);
	assert_int_equal(sum_of(&f, "editor", NULL).files, 2);
	package_facts_release(&f);
	/* of a way that was not measured: the line without a guard */
	load_ok(&f, "libc = host\n", table);
	assert_int_equal(sum_of(&f, "editor", NULL).bytes, 900);
	package_facts_release(&f);
}

static void sums_tell_what_they_do_not_know(void **state)
{
	struct package_facts f;
	struct package_sum sum;

	(void)state;
	load_ok(&f, "libc = musl\nlinkage = dynamic\n", table);
	sum = sum_of(&f, "editor", "half-way");
	assert_int_equal(sum.n, 2);
	assert_int_equal(sum.bytes, 750);
	assert_int_equal(sum.sized, 2);
	assert_int_equal(sum.timed, 1); /* configuring alone says nothing of compiling */
	assert_true(sum.seconds > 0);
	sum = sum_of(&f, "words", NULL); /* data, which nobody compiles */
	assert_int_equal(sum.timed, 1);
	sum = sum_of(&f, "nobody", NULL);
	assert_true(!sum.sized && !sum.timed && sum.seconds == 0);
	package_facts_release(&f);
}

static void tried_is_told_by_way(void **state)
{
	struct package_facts f;
	const struct package_tried *t;

	(void)state;
	load_ok(&f, "libc = musl\n", table);
	t = package_facts_tried(&f, "editor", "musl", "dynamic");
	assert_non_null(t);
	assert_string_equal(t->version, "7.2");
	assert_string_equal(t->date, "2026-11-30");
	assert_null(package_facts_tried(&f, "editor", "musl", "static"));
	assert_null(package_facts_tried(&f, "edit", NULL, NULL));
	assert_non_null(package_facts_tried(&f, "editor", NULL, NULL));
	package_facts_release(&f);
}

static void wrong_lines_are_refused_with_their_place(void **state)
{
	static const char *const lines[] = {
		"size = editor\n",
		"size = editor 1\n",
		"size = editor 1 2 3\n",
		"size = editor -1 2\n",
		"size = editor 1e3 2\n",
		"size = editor 0x10 2\n",
		"size = editor 9999999999999999999999 2\n",
		"size = editor 1 99999999999999999999999\n",
		"size[libc = editor 1 2\n",
		"tried = editor musl dynamic 7.2\n",
		"tried = editor musl dynamic 7.2 2026-11-30 more\n",
		"tried = editor musl dynamic 7.2 yesterday\n",
		"tried = editor musl dynamic 7.2 2026-1-1\n",
		"tried = \"an editor\" musl dynamic 7.2 2026-11-30\n",
		"tried = editor musl dynamic \"\" 2026-11-30\n",
		"tried = editor musl dynamic 7.2\"\x1b[2J\" 2026-11-30\n",
		"tried[libc=musl] = editor musl dynamic 7.2 2026-11-30\n",
		"weight = editor 1 2\n",
		"[size]\n",
		"size\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct package_facts f;
		struct error err = {0};

		if (load(&f, "libc = musl\n", lines[i], &err))
			fail_msg("taken: %s", lines[i]);
		if (!strstr(err.text, "a.packages:1"))
			fail_msg("%s is refused without its place: %s", lines[i], err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_size_that_holds_counts),
		cmocka_unit_test(sums_tell_what_they_do_not_know),
		cmocka_unit_test(tried_is_told_by_way),
		cmocka_unit_test(wrong_lines_are_refused_with_their_place),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
