/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a test boot sees that packages work: by what their recipes say, run by a shell as the guest would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/check.h"
#include "choice/catalog.h"
#include "choice/facts.h"
#include "choice/profile.h"
#include "proc/proc.h"
#include "scratch.h"

#include <string.h>

static struct scratch s;
static struct catalog catalog;
static struct check_list list;
static struct profile profile;
static struct facts facts = {.profile = &profile};

static void write_recipe(const char *name, const char *lines)
{
	struct text path = TEXT_INIT, all = TEXT_INIT;

	text_fmt(&path, "share/recipes/%s/recipe", name);
	text_fmt(&all, "summary = it\nsection = Tests\nversion = 1\nstyle = autoconf\n%s", lines);
	scratch_write(&s, path.s, all.s);
	text_release(&path);
	text_release(&all);
}

static int set_up(void **state)
{
	static const char choices[] =
		"packages = plain lib quiet lib-with-program works fails own\nworks.loud = no\n";
	struct error err;

	(void)state;
	scratch_make(&s);
	write_recipe("plain", "");
	write_recipe("quiet", "try =\n");
	write_recipe("lib", "libraries[linkage=dynamic] = usr/lib -> /usr/lib\n");
	write_recipe("lib-with-program", "libraries = usr/lib -> /usr/lib\ntry = true\n");
	write_recipe("works",
		"option.loud = yes no\ntry = false\n"
		"try[works.loud=no] = for x in a b; do echo \"${x}'s\"; done | grep -q \"^b's\"\n");
	write_recipe("fails", "try = echo first >&2; echo no such thing >&2; exit 3\n");
	write_recipe("own", "try = false\nservice = watcher\nservice[works.loud=yes] = another\n");
	scratch_write(&s, "share/recipes/own/own.check",
		"[check own]\norder = 112\nrun = echo {packages}\nexpect = ^plain\npass = p\nfail = f\n"
		"cause = c\nremedy = r\n");
	vec_push_in(&s.place.arena, &s.place.data, s.place.data.at[0]);
	s.place.data.at[0] = s.folder;
	if (catalog_load(&catalog, &s.place, &err) &&
		profile_parse(&profile, &catalog, "a.profile", choices, strlen(choices), &err) &&
		check_load(&list, &catalog, &err) &&
		check_add_packages(&list, &profile, &facts, &err))
		return 0;
	print_error("%s\n", err.text);
	return 1;
}

static int tear_down(void **state)
{
	(void)state;
	check_release(&list);
	facts_release(&facts);
	profile_release(&profile);
	catalog_release(&catalog);
	scratch_remove(&s);
	return 0;
}

static const struct check *find(const char *name)
{
	for (size_t i = 0; i < list.of.n; i++)
		if (!strcmp(list.of.at[i]->name, name))
			return list.of.at[i];
	return NULL;
}

/* What a shell says to the command is judged, as in a boot. */
static void play(const char *name, bool ok, const char *detail)
{
	struct text command = TEXT_INIT, said = TEXT_INIT;
	const char *argv[] = {"/bin/sh", "-c", NULL, NULL};
	struct error err;
	int status;

	assert_non_null(find(name));
	if (!check_command(find(name), &facts, &command, &err))
		fail_msg("%s", err.text);
	argv[2] = command.s;
	assert_true(proc_capture(argv, NULL, NULL, 4096, &said, &status, &err));
	text_clear(&command);
	assert_int_equal(check_judge(find(name), &facts, said.s, &command), ok);
	if (!strstr(command.s, detail))
		fail_msg("'%s' does not say '%s'", command.s, detail);
	text_release(&command);
	text_release(&said);
}

/* (Mutation: braces of the command are taken for names.) */
static void a_command_is_tried_and_its_status_counts(void **state)
{
	(void)state;
	play("package-works", true, "works: `for x in a b;");
	play("package-lib-with-program", true, "`true` works");
	play("package-fails", false, "ended with status 3, no such thing");
}

static void a_check_beside_the_recipe_says_more(void **state)
{
	(void)state;
	play("own", true, "p");
	assert_null(find("package-own"));
}

/* Libraries are not looked for as commands, programs without a word about it are. */
static void the_rest_has_a_command_of_its_name(void **state)
{
	(void)state;
	assert_string_equal(facts_get(&facts, "commands"), "plain");
	assert_null(find("package-plain"));
	assert_null(find("package-lib"));
	play("packages", false, "missing: plain");
	facts_set(&facts, "commands", "cat");
	play("packages", true, "every program is there");
	facts_set(&facts, "commands", "%s", "");
	play("packages", true, "every program is there");
}

/* A system whose only services are those of packages is looked at, too. */
static void services_of_packages_are_looked_at(void **state)
{
	(void)state;
	assert_string_equal(facts_get(&facts, "services"), "watcher");
	assert_non_null(find("services"));
	assert_true(check_applies(find("services"), &facts));
}

static void they_come_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 1; i < list.of.n; i++)
		assert_true(list.of.at[i - 1]->order <= list.of.at[i]->order);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_tried_and_its_status_counts),
		cmocka_unit_test(a_check_beside_the_recipe_says_more),
		cmocka_unit_test(the_rest_has_a_command_of_its_name),
		cmocka_unit_test(services_of_packages_are_looked_at),
		cmocka_unit_test(they_come_in_their_order),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
