/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who there is: what is filled in where little is said, numbers that are free, groups that are joined or made, passwords and
 * keys. What is refused is in tests/cli/users.case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/accounts.h"
#include "choice/catalog.h"
#include "choice/profile.h"

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0"

static struct place place;
static struct catalog catalog;
static struct profile profile;
static struct accounts accounts;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	return place_load(&place, &err) && catalog_load(&catalog, &place, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	catalog_release(&catalog);
	place_release(&place);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	profile_init(&profile, &catalog, "test");
	return 0;
}

static int end(void **state)
{
	(void)state;
	profile_release(&profile);
	return 0;
}

static void set(const char *name, const char *value)
{
	struct error err;

	if (!profile_set(&profile, name, value, &err))
		fail_msg("%s", err.text);
}

static void read_all(void)
{
	struct error err;

	if (!profile_check(&profile, &err) ||
		!accounts_read(&accounts, &profile, NULL, &profile.arena, &err))
		fail_msg("%s", err.text);
}

static const struct account_user *user(const char *name)
{
	const struct account_user *u = accounts_user(&accounts, name);

	assert_non_null(u);
	return u;
}

static void nobody_is_chosen(void **state)
{
	(void)state;
	read_all();
	assert_int_equal(accounts.users.n, 2);
	assert_int_equal(user("nobody")->uid, 65534);
	assert_false(user("root")->own);
	assert_true(accounts_group(&accounts, "tty")->always);
	assert_false(accounts_group(&accounts, "audio")->always);
}

/* A rule of a group that the system has not would leave the device to root; and who is a member of a group for devices may use
 * them. (Mutation: a rule without its guard, or none for audio.) */
static void devices_belong_to_groups_that_are_there(void **state)
{
	static const char guard[] = "@if users=*: ";
	static const char *const for_devices[] = {
		"audio", "cdrom", "dialout", "disk", "input", "kvm", "lp", "tty", "video"};
	struct text path = TEXT_INIT, rules = TEXT_INIT;
	struct error err;

	(void)state;
	read_all();
	assert_true(place_find(&place, "templates/etc/mdev.conf", &path));
	assert_true(text_read_file(&rules, path.s, 1 << 16, &err));
	for (const char *at = rules.s; (at = strstr(at, "\troot:")); at++) {
		const char *line = at, *name = at + strlen("\troot:");
		const struct account_group *g;

		while (line > rules.s && line[-1] != '\n')
			line--;
		g = accounts_group(
			&accounts, arena_strn(&profile.arena, name, strcspn(name, " \n")));
		assert_non_null(g);
		assert_true(g->always || strncmp(line, guard, strlen(guard)) == 0);
	}
	for (size_t i = 0; i < sizeof for_devices / sizeof *for_devices; i++)
		assert_non_null(
			strstr(rules.s, arena_fmt(&profile.arena, "\troot:%s ", for_devices[i])));
	text_release(&rules);
	text_release(&path);
}

static void what_is_left_out_is_filled_in(void **state)
{
	(void)state;
	set("users", "eve:1001 ann bob cat::::/bin/ash");
	read_all();
	assert_int_equal(user("eve")->uid, 1001);
	assert_int_equal(user("ann")->uid, 1000);
	assert_int_equal(user("bob")->uid, 1002);
	assert_string_equal(user("ann")->home, "/home/ann");
	assert_string_equal(user("ann")->shell, "/bin/sh");
	assert_string_equal(user("ann")->hash, "*");
	assert_string_equal(user("ann")->keys, "");
	assert_string_equal(user("cat")->shell, "/bin/ash");
	assert_int_equal(accounts_group(&accounts, "bob")->gid, 1002);
}

static void groups_are_joined_or_made(void **state)
{
	const struct account_group *g;

	(void)state;
	set("users", "ann::audio,project=1001 bob::project,ann");
	read_all();
	g = accounts_group(&accounts, "project");
	assert_int_equal(g->gid, 1001);
	assert_int_equal(g->members.n, 2);
	assert_string_equal(g->members.at[1], "bob");
	assert_int_equal(user("bob")->uid, 1002);
	assert_string_equal(accounts_group(&accounts, "audio")->members.at[0], "ann");
	assert_string_equal(accounts_group(&accounts, "ann")->members.at[0], "bob");
}

static void passwords_and_keys_find_their_users(void **state)
{
	(void)state;
	set("users", "ann bob");
	set("ssh", "dropbear");
	set("user-passwords", "bob:none");
	set("user-keys", "bob:" KEY " one\nann:" KEY "\nbob:" KEY " two");
	read_all();
	assert_string_equal(user("bob")->hash, "");
	assert_string_equal(user("ann")->hash, "*");
	assert_string_equal(user("bob")->keys, KEY " one\n" KEY " two\n");
	assert_string_equal(user("ann")->keys, KEY "\n");
}

static void passwords_of_nobody_are_refused(void **state)
{
	struct error err;

	(void)state;
	set("users", "ann");
	set("user-passwords", "ann:none ann:none");
	assert_false(profile_check(&profile, &err));
	assert_string_equal(err.text, "user-passwords: ann has two passwords");
	set("user-passwords", "root:none");
	assert_false(profile_check(&profile, &err));
	assert_non_null(strstr(err.text, "'root' is no user of the choice users"));
	/* kept aside, they do not count */
	set("users", NULL);
	read_all();
}

/* ---- what recipes declare ---- */

static bool declare(const char *first, const char *second, struct error *err)
{
	struct account_line both[] = {{"user", first, "a/recipe:1"}, {"user", second, "b/recipe:2"},
		{"group", "render 105", "b/recipe:3"}};
	struct account_lines lines = {both, 3, 3};

	return accounts_read(&accounts, &profile, &lines, &profile.arena, err);
}

static void programs_have_users_of_their_own(void **state)
{
	struct error err;

	(void)state;
	set("users", "ann::render");
	/* no recipe may declare it */
	assert_false(profile_check(&profile, &err));
	assert_true(declare("sshd 74 /var/empty", "bus 81 /run/bus /bin/sh render", &err));
	assert_string_equal(user("sshd")->shell, "/bin/false");
	assert_string_equal(user("sshd")->home, "/var/empty");
	assert_string_equal(user("sshd")->where, "a/recipe:1");
	assert_false(user("sshd")->own);
	assert_int_equal(accounts_group(&accounts, "bus")->gid, 81);
	assert_true(accounts_group(&accounts, "bus")->always);
	assert_string_equal(accounts_group(&accounts, "render")->members.at[0], "bus");
	assert_string_equal(accounts_group(&accounts, "render")->members.at[1], "ann");
	/* both say the same */
	set("users", NULL);
	assert_true(declare("sshd 74 /var/empty", "sshd 74 /var/empty", &err));
	assert_int_equal(accounts.users.n, 3);
}

static void clashes_of_recipes_are_refused(void **state)
{
	static const struct {
		const char *first, *second, *users, *says;
	} table[] = {
		{"x 74 /x", "y 74 /y", NULL,
			"b/recipe:2: y cannot have the number 74: x has it, by a/recipe:1; give one of them another number"},
		{"x 74 /x", "x 75 /x", NULL,
			"b/recipe:2: x is declared otherwise by a/recipe:1; one of the recipes must use another name, or both the same words"},
		{"x 74 /x", "x 74 /y", NULL, "b/recipe:2: x is declared otherwise by a/recipe:1"},
		{"x 74 /x", "root 75 /y", NULL,
			"b/recipe:2: root is declared otherwise by share/tables/accounts"},
		{"x 74 /x", "y 105 /y", NULL,
			"b/recipe:2: y cannot have the number 105: render has it, by b/recipe:3"},
		{"x 29 /x", "y 5 /y", NULL,
			"a/recipe:1: x cannot have the number 29: audio has it"},
		{"x 1000 /x", "y 5 /y", NULL, "a/recipe:1: '1000' is no number of a program's"},
		{"x 0 /x", "y 5 /y", NULL, "a/recipe:1: '0' is no number"},
		{"x 1x /x", "y 5 /y", NULL, "a/recipe:1: '1x' is no number"},
		{"X 74 /x", "y 5 /y", NULL, "a/recipe:1: 'user' is written NAME NUMBER, with"},
		{"x 74", "y 5 /y", NULL, "a/recipe:1: 'user' is written NAME NUMBER HOME"},
		{"x 74 /x sh", "y 5 /y", NULL, "a/recipe:1: 'user' is written NAME NUMBER HOME"},
		{"x 74 /x /bin/sh nix", "y 75 /y", NULL, "a/recipe:1: there is no group 'nix'"},
		{"x 74 /x", "y 75 /y", "x",
			"users: the name x belongs to a program of the system, by a/recipe:1; choose another one"},
		{"x 74 /x", "y 75 /y", "render",
			"users: the name render belongs to a program of the system, by b/recipe:3"},
		{"x 74 /x", "y 104 /y", "me:104",
			"users: me cannot have the number 104: another user or group has it"},
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		set("users", table[i].users);
		assert_false(declare(table[i].first, table[i].second, &err));
		assert_int_equal(err.kind, ERROR_PROFILE);
		if (strncmp(err.text, table[i].says, strlen(table[i].says)) != 0)
			fail_msg("%s\ninstead of\n%s", err.text, table[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_is_chosen, begin, end),
		cmocka_unit_test_setup_teardown(
			devices_belong_to_groups_that_are_there, begin, end),
		cmocka_unit_test_setup_teardown(what_is_left_out_is_filled_in, begin, end),
		cmocka_unit_test_setup_teardown(groups_are_joined_or_made, begin, end),
		cmocka_unit_test_setup_teardown(passwords_and_keys_find_their_users, begin, end),
		cmocka_unit_test_setup_teardown(passwords_of_nobody_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(programs_have_users_of_their_own, begin, end),
		cmocka_unit_test_setup_teardown(clashes_of_recipes_are_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
