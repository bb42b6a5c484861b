/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The open profile, the tree of options and the search over it, with the shipped table of options. */
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "scratch.h"
#include "shared/document.h"
#include "shared/menu.h"
#include "shared/profile_files.h"
#include "shared/search.h"
#include "shared/wizard.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct scratch scratch;
static struct catalog catalog;
static struct document doc;

static int set_up(void **state)
{
	struct error err = {0};

	(void)state;
	scratch_make(&scratch);
	scratch.place.profiles = scratch_path(&scratch, "own");
	doc = (struct document){.catalog = &catalog,
		.place = &scratch.place,
		.conflict = TEXT_INIT,
		.file = TEXT_INIT};
	if (!catalog_load(&catalog, &scratch.place, &err) ||
		!document_open(&doc, "first-boot", &err))
		return -1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	document_release(&doc);
	catalog_release(&catalog);
	scratch_remove(&scratch);
	return 0;
}

static void set(const char *name, const char *value)
{
	struct error err = {0};

	assert_true(document_set(&doc, name, value, &err));
}

static void test_dirty_and_undo(void **state)
{
	(void)state;
	assert_false(document_is_dirty(&doc));
	set("network", "static");
	set("hostname", "other");
	assert_int_equal(document_count_changes(&doc), 2);
	assert_string_equal(document_undo(&doc)->name, "hostname");
	assert_true(document_is_changed(&doc, "network"));
	assert_string_equal(document_redo(&doc)->after, "other");
	while (document_undo(&doc))
		;
	assert_false(document_is_dirty(&doc));
	/* Setting the default value is not a change. */
	set("network", "dhcp");
	assert_false(document_is_dirty(&doc));
}

/* A profile can be saved even if a value's condition no longer holds or choices do not go together. */
static void test_nothing_keeps_from_saving(void **state)
{
	struct error err = {0};

	(void)state;
	set("network", "static");
	set("address", "10.9.8.7/16");
	assert_true(document_save(&doc, "mine", &err));
	set("network", "none");
	assert_string_equal(document_conflict(&doc), "");
	assert_int_equal(document_count_changes(&doc), 1);
	assert_true(document_save(&doc, NULL, &err));
	assert_true(document_open(&doc, "mine", &err));
	assert_string_equal(profile_get(&doc.now, "address"), "10.0.2.15/24");
	set("network", "static");
	assert_string_equal(profile_get(&doc.now, "address"), "10.9.8.7/16");
	set("image", "efi");
	set("firmware", "bios");
	assert_string_not_equal(document_conflict(&doc), "");
	assert_true(document_save(&doc, NULL, &err));
	assert_string_not_equal(document_conflict(&doc), "");
}

static void test_bad_value_changes_nothing(void **state)
{
	struct error err = {0};

	(void)state;
	assert_false(document_set(&doc, "network", "carrier-pigeon", &err));
	assert_true(strlen(err.text) > 0);
	assert_false(document_is_dirty(&doc));
}

/* What a living session wrote is nobody else's; what a killed one left is offered, and what we left as we are is not. */
static void test_recovery(void **state)
{
	struct text name = TEXT_INIT;
	struct document again = {.catalog = &catalog,
		.place = &scratch.place,
		.conflict = TEXT_INIT,
		.file = TEXT_INIT};
	struct error err = {0};
	int status, wrote[2], die[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(wrote), 0);
	assert_int_equal(pipe(die), 0);
	child = fork();
	if (child == 0) {
		struct document theirs = {.catalog = &catalog,
			.place = &scratch.place,
			.conflict = TEXT_INIT,
			.file = TEXT_INIT};

		close(die[1]);
		if (!document_open(&theirs, "first-boot", &err) ||
			!document_set(&theirs, "hostname", "unsaved-name", &err) ||
			write(wrote[1], "w", 1) != 1)
			_exit(1);
		_exit(read(die[0], &byte, 1) != 0);
	}
	assert_int_equal(read(wrote[0], &byte, 1), 1);
	assert_false(document_find_recovery(&scratch.place, &name));
	assert_int_equal(document_other_session(&doc), child);
	close(die[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(document_other_session(&doc), 0);
	set("hostname", "ours");
	assert_true(document_find_recovery(&scratch.place, &name));
	assert_string_equal(name.s, "first-boot");
	assert_true(document_recover(&again, name.s, &err));
	assert_string_equal(profile_get(&again.now, "hostname"), "unsaved-name");
	assert_int_equal(document_count_changes(&again), 1);
	assert_false(document_find_recovery(&scratch.place, &name));
	document_release(&again);
	text_release(&name);
	close(wrote[0]);
	close(wrote[1]);
	close(die[0]);
}

/* A file that somebody else wrote meanwhile is not saved over by chance. */
static void test_changed_file_is_not_saved_over(void **state)
{
	struct text difference = TEXT_INIT;
	struct error err = {0};
	FILE *file;

	(void)state;
	assert_true(document_save(&doc, "mine", &err));
	assert_false(document_file_changed(&doc, &difference));
	file = fopen(doc.now.path, "a");
	assert_non_null(file);
	fputs("network = none\n", file);
	fclose(file);
	set("hostname", "ours");
	assert_true(document_file_changed(&doc, &difference));
	assert_string_equal(difference.s, "network  dhcp -> none\n");
	assert_false(document_save(&doc, NULL, &err));
	assert_true(document_is_dirty(&doc));
	doc.overwrite = true;
	assert_true(document_save(&doc, NULL, &err));
	assert_false(doc.overwrite);
	/* under a name that is taken, neither */
	assert_true(document_save(&doc, "other", &err));
	assert_false(document_save(&doc, "mine", &err));
	text_release(&difference);
}

static void test_save_as_own(void **state)
{
	struct error err = {0};
	struct text name = TEXT_INIT;

	(void)state;
	assert_false(document_can_save_in_place(&doc));
	document_free_name(&doc, &name);
	assert_string_equal(name.s, "first-boot-2");
	set("network", "none");
	assert_false(document_save(&doc, "../evil", &err));
	assert_true(document_save(&doc, name.s, &err));
	assert_string_equal(doc.now.name, "first-boot-2");
	assert_false(document_is_dirty(&doc));
	assert_true(document_can_save_in_place(&doc));
	document_free_name(&doc, &name);
	assert_string_equal(name.s, "first-boot-3");
	/* Changes made before saving can still be undone. */
	assert_non_null(document_undo(&doc));
	assert_true(document_is_dirty(&doc));
	text_release(&name);
}

/* A copy in another folder names the same files, however it is made. (Mutation: the value as it stands.) */
static void test_copies_name_the_same_files(void **state)
{
	const char *theirs = scratch_path(&scratch, "theirs/a.profile");
	const char *file = scratch_path(&scratch, "theirs/own.config");
	struct profile copy = {0};
	struct error err = {0};

	(void)state;
	scratch_write(&scratch, "theirs/a.profile", "kernel-config = own.config\n");
	assert_true(document_open(&doc, theirs, &err));
	assert_true(document_save(&doc, "mine", &err));
	assert_string_equal(profile_get(&doc.now, "kernel-config"), file);
	assert_true(document_open(&doc, theirs, &err));
	assert_string_equal(profile_get(&doc.now, "kernel-config"), "own.config");
	document_from(&doc, theirs, "guided");
	assert_false(document_is_dirty(&doc));
	assert_string_equal(profile_get(&doc.now, "kernel-config"), file);
	assert_true(profile_files_copy(&catalog, &scratch.place, theirs, "third", &err));
	assert_true(profile_find(&copy, &catalog, &scratch.place, "third", &err));
	assert_string_equal(profile_get(&copy, "kernel-config"), file);
	profile_release(&copy);
}

static struct menu_row row_of(const char *option, const char *value)
{
	struct menu_row r = {.kind = value ? MENU_VALUE : MENU_OPTION};

	r.option = option_find(&catalog.options, option);
	assert_non_null(r.option);
	r.group = r.option->menu;
	r.value = value ? menu_find_value(r.option, value) : NULL;
	return r;
}

static void test_unavailable_explains(void **state)
{
	struct menu_row r = row_of("address", NULL);
	struct text value = TEXT_INIT, why = TEXT_INIT;

	(void)state;
	assert_false(menu_next_value(&doc, &r, &value, &why));
	assert_non_null(strstr(why.s, "network=static"));
	text_clear(&why);
	menu_print_value(&doc, &r, &why);
	assert_non_null(strstr(why.s, "needs network=static"));
	text_clear(&why);
	menu_print_mark(&doc, &r, &why);
	assert_string_equal(why.s, " x ");
	set("network", "static");
	assert_true(menu_available(&doc, &r, NULL));
	text_release(&value);
	text_release(&why);
}

static void test_space_goes_round(void **state)
{
	struct menu_row r = row_of("network", NULL);
	struct text value = TEXT_INIT, why = TEXT_INIT;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(menu_next_value(&doc, &r, &value, &why));
		set("network", value.s);
	}
	assert_string_equal(profile_get(&doc.now, "network"), "dhcp");
	r = row_of("image", "initramfs");
	assert_false(menu_next_value(&doc, &r, &value, &why));
	assert_non_null(strstr(why.s, "at least one"));
	text_release(&value);
	text_release(&why);
}

static const struct {
	const char *option, *value; /* value NULL: the row of the option */
	bool on;
	const char *gives, *why; /* gives NULL: refused, for this reason */
} switches[] = {
	{"kernel-modules", NULL, true, "yes", NULL},
	{"kernel-modules", NULL, false, "no", NULL},
	{"network", NULL, true, NULL, "press Enter to choose"},
	{"network", "static", true, "static", NULL},
	{"network", "static", false, "dhcp", NULL},
	{"network", "dhcp", true, "dhcp", NULL},
	{"network", "dhcp", false, NULL, "choose another value"},
	{"image", "tar", true, "initramfs tar", NULL},
	{"image", "tar", false, "initramfs", NULL},
	{"image", "initramfs", false, NULL, "at least one"},
	{"hostname", NULL, true, NULL, "type a value"},
	{"address", NULL, true, NULL, "network=static"},
};

/* What y and n do on a row; before, they did nothing. */
static void test_yes_and_no(void **state)
{
	struct text value = TEXT_INIT, why = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
		struct menu_row r = row_of(switches[i].option, switches[i].value);

		assert_int_equal(menu_switch_value(&doc, &r, switches[i].on, &value, &why),
			switches[i].gives != NULL);
		if (switches[i].gives)
			assert_string_equal(value.s, switches[i].gives);
		else
			assert_non_null(strstr(why.s, switches[i].why));
	}
	text_release(&value);
	text_release(&why);
}

static void test_levels(void **state)
{
	struct menu_rows rows = {0};
	struct menu_level level = {0};
	size_t at, all;

	(void)state;
	menu_fill(&doc, &level, true, &rows);
	assert_true(rows.n >= 4);
	assert_int_equal(rows.at[0].kind, MENU_GROUP);
	level.group = "Network";
	menu_fill(&doc, &level, true, &rows);
	all = rows.n;
	assert_true(menu_find(&rows, option_find(&catalog.options, "gateway"), &at));
	menu_fill(&doc, &level, false, &rows);
	assert_true(rows.n < all);
	level.option = option_find(&catalog.options, "kernel");
	menu_fill(&doc, &level, true, &rows);
	assert_int_equal(rows.at[rows.n - 1].kind, MENU_OTHER);
	vec_release(&rows);
}

static bool finds(const char *query, const char *option, const char *field)
{
	struct hits hits = {0};
	bool found = false;

	search_options(&catalog.options, &doc.now, query, &hits);
	for (size_t i = 0; i < hits.n; i++) {
		if (!strcmp(hits.at[i].option->name, option))
			found = !field || !strcmp(hits.at[i].field, field);
	}
	vec_release(&hits);
	return found;
}

/* An option with the word in its name comes before one that only mentions it; ties in table order. (Mutation: the other way
 * round, or no order.) */
static void test_search_order(void **state)
{
	struct hits hits = {0};

	(void)state;
	search_options(&catalog.options, &doc.now, "root", &hits);
	assert_true(hits.n > 4);
	assert_string_equal(hits.at[0].option->name, "root");
	assert_string_equal(hits.at[1].option->name, "root-label");
	assert_string_equal(hits.at[2].option->name, "root-password");
	for (size_t i = 1; i < hits.n; i++) {
		assert_true(hits.at[i - 1].rank <= hits.at[i].rank);
		assert_true(hits.at[i - 1].rank < hits.at[i].rank ||
			    hits.at[i - 1].option < hits.at[i].option);
	}
	assert_string_equal(hits.at[hits.n - 1].field, "help");
	vec_release(&hits);
}

static void test_search(void **state)
{
	(void)state;
	assert_true(finds("", "kernel", NULL));
	assert_true(finds("DHCP", "network", "value"));
	assert_true(finds("host name", "hostname", NULL));
	assert_true(finds("name host", "hostname", NULL));
	assert_true(finds("keyboard", "keymap", NULL));
	assert_true(finds("inittab", "init", "value"));
	assert_true(finds("first-boot", "hostname", "value"));
	assert_false(finds("keyboard banana", "keymap", NULL));
	assert_string_equal(search_nearest(&catalog.options, "netwrok")->name, "network");
	assert_null(search_nearest(&catalog.options, "zzzzzz"));
}

static void test_wizard(void **state)
{
	struct questions q;
	struct text command = TEXT_INIT;

	(void)state;
	wizard_questions(&doc, &q);
	assert_true(q.n >= 1 && q.n <= WIZARD_MOST);
	for (size_t i = 1; i < q.n; i++)
		assert_true(q.at[i - 1]->order <= q.at[i]->order);
	wizard_command(&doc, "first-boot", &command);
	assert_string_equal(command.s, "bootsmith boot first-boot");
	text_clear(&command);
	set("summary", "It's mine");
	wizard_command(&doc, "mine", &command);
	assert_string_equal(command.s,
		"bootsmith new mine --from first-boot summary='It'\\''s mine' && bootsmith boot mine");
	text_release(&command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_dirty_and_undo, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_keeps_from_saving, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_value_changes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_recovery, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_changed_file_is_not_saved_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_save_as_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_copies_name_the_same_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unavailable_explains, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_space_goes_round, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_yes_and_no, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_levels, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_search, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_search_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wizard, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
