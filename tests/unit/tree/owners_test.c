/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of owners: what it changes, what it leaves alone, and what is said of a wrong line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "choice/accounts.h"
#include "scratch.h"
#include "tree/owners.h"
#include "tree/tree.h"

static struct scratch s;
static struct arena arena;
static struct tree tree;
static struct accounts accounts;

static void add(const char *path, enum tree_kind kind, bool wins)
{
	vec_push_in(&arena, &tree.entries,
		(struct tree_entry){.path = path, .kind = kind, .mode = 0755, .wins = wins});
}

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	tree = (struct tree){.arena = &arena};
	accounts = (struct accounts){.arena = &arena};
	vec_push_in(&arena, &accounts.users, (struct account_user){.name = "root"});
	vec_push_in(&arena, &accounts.users,
		(struct account_user){.name = "ann", .home = "/srv/ann", .uid = 1000, .own = true});
	vec_push_in(&arena, &accounts.groups, (struct account_group){.name = "audio", .gid = 29});
	add("/srv", TREE_FOLDER, false);
	add("/srv/www", TREE_FOLDER, true);
	add("/srv/www/a b", TREE_FILE, true);
	add("/srv/wwwx", TREE_FILE, true);
	add("/srv/link", TREE_LINK, true);
	add("/srv/ann", TREE_FOLDER, true);
	add("/srv/ann/notes", TREE_FILE, true);
	add("/srv/anne", TREE_FILE, true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	arena_release(&arena);
	return 0;
}

static const struct tree_entry *entry(const char *path)
{
	for (size_t i = 0; i < tree.entries.n; i++)
		if (strcmp(tree.entries.at[i].path, path) == 0)
			return &tree.entries.at[i];
	fail_msg("there is no %s", path);
	return NULL;
}

static void is(const char *path, unsigned mode, unsigned uid, unsigned gid)
{
	assert_int_equal(entry(path)->mode, mode);
	assert_int_equal(entry(path)->uid, uid);
	assert_int_equal(entry(path)->gid, gid);
}

static bool apply(const char *lines, struct error *err)
{
	scratch_write(&s, "owners", lines);
	return owners_apply(&tree, scratch_path(&s, "owners"), &accounts, err);
}

static void lines_change_what_they_name(void **state)
{
	struct error err;

	(void)state;
	if (!apply("# who owns what\n\n/srv/www/\t-  ann:audio\n/srv/www/a\\040b 4750 root:1234\n/srv/link - 7:8\r\n",
		    &err))
		fail_msg("%s", err.text);
	is("/srv", 0755, 0, 0);
	is("/srv/www", 0755, 1000, 29);
	is("/srv/www/a b", 04750, 0, 1234);
	is("/srv/wwwx", 0755, 0, 0);
	is("/srv/link", 0755, 7, 8);
}

static void a_later_line_wins(void **state)
{
	struct error err;

	(void)state;
	assert_true(apply("/srv/www 0700 ann:ann\n/srv/www - 0:0\n", &err) == false);
	assert_non_null(strstr(err.text, "owners:1: there is no group 'ann'"));
	assert_true(apply("/srv/www 0700 ann:audio\n/ - 1:2\n/srv/www 0711 -\n", &err));
	is("/srv/www", 0711, 1, 2);
	is("/srv", 0755, 0, 0);
}

static void wrong_lines_are_refused_by_number(void **state)
{
	static const struct {
		const char *line, *sentence;
	} wrong[] = {
		{"/srv/www 0755\n", "a line is /PATH MODE USER:GROUP"},
		{"/srv/www 0755 0:0 x\n", "a line is /PATH MODE USER:GROUP"},
		{"srv/www - 0:0\n", "a line is /PATH MODE USER:GROUP"},
		{"/srv/nothing - 0:0\n", "the overlay has no /srv/nothing"},
		{"/srv - 0:0\n", "the overlay has no /srv"},
		{"/srv/www 0799 0:0\n", "'0799' is no mode"},
		{"/srv/www 10000 0:0\n", "'10000' is no mode"},
		{"/srv/www/ 0700 0:0\n", "cannot have one mode"},
		{"/srv/www - 0\n", "'0' is no owner"},
		{"/srv/www - eve:0\n", "there is no user 'eve'"},
		{"/srv/www - 0:4294967295\n", "there is no group '4294967295'"},
		{"/srv/link 0777 0:0\n", "is a link, which has no mode"},
		{"/srv/a\\9 - 0:0\n", "three octal digits"},
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(apply(wrong[i].line, &err));
		assert_int_equal(err.kind, ERROR_PROFILE);
		if (!strstr(err.text, "owners:1: ") || !strstr(err.text, wrong[i].sentence))
			fail_msg("%s: %s", wrong[i].line, err.text);
	}
}

static void what_is_in_a_home_belongs_to_its_user(void **state)
{
	(void)state;
	owners_give_homes(&tree, &accounts);
	is("/srv/ann", 0700, 1000, 1000);
	is("/srv/ann/notes", 0755, 1000, 1000);
	is("/srv/anne", 0755, 0, 0);
	is("/srv/www", 0755, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_change_what_they_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_later_line_wins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			wrong_lines_are_refused_by_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_in_a_home_belongs_to_its_user, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
