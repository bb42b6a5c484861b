/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates, lists of files, and whether the shipped ones fit together for every init and network. */
#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "scratch.h"
#include "tree/rootfs.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct bench {
	struct scratch s;
	struct catalog catalog;
	struct profile profile;
	struct arena arena;
	struct tree tree;
	struct text out;
	struct error err;
};

static const char *lookup(void *ctx, const char *name, bool *is_list)
{
	const struct bench *b = ctx;

	*is_list = false;
	if (strcmp(name, "timezone.meaning") == 0)
		return "UTC";
	if (strcmp(name, "console.names") == 0)
		return profile_get(&b->profile, "console");
	/* the plan's: here nobody is chosen */
	if (strncmp(name, "accounts.", 9) == 0 || strncmp(name, "user.", 5) == 0)
		return "";
	return profile_get(&b->profile, name);
}

static void bench_make(struct bench *b)
{
	*b = (struct bench){.out = TEXT_INIT};
	scratch_make(&b->s);
	assert_true(catalog_load(&b->catalog, &b->s.place, &b->err));
	profile_init(&b->profile, &b->catalog, "test");
	b->tree.arena = &b->arena;
}

static void bench_remove(struct bench *b)
{
	text_release(&b->out);
	profile_release(&b->profile);
	catalog_release(&b->catalog);
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static void set(struct bench *b, const char *name, const char *value)
{
	assert_true(profile_set(&b->profile, name, value, &b->err));
}

static bool fill(struct bench *b, const char *source)
{
	text_clear(&b->out);
	return template_expand(&b->out, "t", source, &b->profile, lookup, b, &b->err);
}

static void names_conditions_and_lists(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	set(&b, "hostname", "fred");
	set(&b, "console", "tty1 ttyS0");
	assert_true(fill(&b, "I am {hostname}.\n@if network=dhcp: yes\n@if network=none: no\n"
			     "@each console: ::respawn:{item}\nf() { echo ${x##*/}; }\n\nlast"));
	assert_string_equal(b.out.s, "I am fred.\n"
				     "yes\n"
				     "::respawn:tty1\n"
				     "::respawn:ttyS0\n"
				     "f() { echo ${x##*/}; }\n"
				     "\n"
				     "last\n");
	assert_true(fill(
		&b, "@if network=dhcp: @each console: @if network!=none: {item} on {hostname}\n"));
	assert_string_equal(b.out.s, "tty1 on fred\nttyS0 on fred\n");
	assert_true(fill(&b, "@open: quiet\n@each console: @open:  on={item}\n\nnext"));
	assert_string_equal(b.out.s, "quiet on=tty1 on=ttyS0\nnext\n");
	assert_true(fill(&b, ""));
	assert_string_equal(b.out.s, "");
	bench_remove(&b);
}

static void template_faults_name_file_and_line(void **state)
{
	static const char *const bad[] = {"\n{nothing}\n", "\n@if network=dhcp\n",
		"\n@if network: x\n", "\n@each nothing: x\n", "\n{item}\n",
		"\n@if network=dhcp: @if network=dhcp: @if network=dhcp: @if network=dhcp: @if network=dhcp: @if network=dhcp: @if network=dhcp: @if network=dhcp: @if network=dhcp: x\n"};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(fill(&b, bad[i]));
		assert_non_null(strstr(b.err.text, "t:2"));
		assert_int_equal(b.err.kind, ERROR_PROFILE);
	}
	bench_remove(&b);
}

static bool collect(struct bench *b)
{
	b->tree.entries.n = 0;
	return rootfs_collect(&b->tree, "root", &b->profile, lookup, b, &b->err);
}

static const struct tree_entry *find(const struct bench *b, const char *path)
{
	for (size_t i = 0; i < b->tree.entries.n; i++)
		if (strcmp(b->tree.entries.at[i].path, path) == 0)
			return &b->tree.entries.at[i];
	return NULL;
}

static void the_shipped_lists_fit_together(void **state)
{
	static const char *const inits[] = {"busybox", "script"}, *const networks[] = {
									  "none", "static", "dhcp"};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof inits / sizeof inits[0]; i++)
		for (size_t k = 0; k < sizeof networks / sizeof networks[0]; k++) {
			set(&b, "init", inits[i]);
			set(&b, "network", networks[k]);
			text_clear(&b.out);
			assert_true(collect(&b));
			assert_true(tree_print(&b.tree, &b.out, &b.err));
			assert_non_null(find(&b, "/init"));
			assert_int_equal(find(&b, "/dev/console")->kind, TREE_CHARACTER);
			assert_int_equal(find(&b, "/etc/shadow")->mode, 0600);
			assert_int_equal(find(&b, "/etc/resolv.conf") != NULL, k > 0);
		}
	bench_remove(&b);
}

static void there_are_two_trees(void **state)
{
	static const char *const roots[] = {"ram", "disk", "live"};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < 3; i++) {
		set(&b, "root", roots[i]);
		assert_true(collect(&b));
		assert_non_null(find(&b, "/etc/passwd"));
		assert_null(find(&b, "/mount-system"));
		assert_int_equal(find(&b, "/etc/init.d/unmount") != NULL, i > 0);
		assert_int_equal(find(&b, "/etc/root-label") != NULL, i == 2);
		b.tree.entries.n = 0;
		assert_true(rootfs_collect(&b.tree, "early", &b.profile, lookup, &b, &b.err));
		assert_null(find(&b, "/etc/passwd"));
		assert_int_equal(find(&b, "/init") != NULL, i > 0);
		assert_int_equal(find(&b, "/mount-system") != NULL, i > 0);
		assert_int_equal(b.tree.entries.n != 0, i > 0);
	}
	assert_non_null(strstr(find(&b, "/init")->content, "root 'LABEL=bootsmith'"));
	assert_non_null(strstr(find(&b, "/mount-system")->content, "overlay"));
	bench_remove(&b);
}

static void root_gets_the_password_that_was_chosen(void **state)
{
	static const char hash[] =
		"$6$saltsalt$12345678901234567890123456789012345678901234567890123456789012345678901234567890123456";
	struct bench b;

	(void)state;
	bench_make(&b);
	assert_true(collect(&b));
	assert_int_equal(strncmp(find(&b, "/etc/shadow")->content, "root:*:", 7), 0);
	set(&b, "root-password", "none");
	assert_true(collect(&b));
	assert_int_equal(strncmp(find(&b, "/etc/shadow")->content, "root::", 6), 0);
	set(&b, "root-password", hash);
	assert_true(collect(&b));
	assert_non_null(strstr(find(&b, "/etc/shadow")->content, hash));
	/* who has set one is asked for it */
	assert_non_null(strstr(find(&b, "/etc/init.d/console")->content, "getty"));
	bench_remove(&b);
}

/* Its own data folder in front of the shipped ones. */
static void own_list(struct bench *b, const char *lines)
{
	scratch_write(&b->s, "own/share/rootfs/own.files", lines);
	scratch_write(&b->s, "own/templates/note", "{hostname}\n");
	vec_push_in(&b->s.place.arena, &b->s.place.data, b->s.place.data.at[0]);
	b->s.place.data.at[0] = scratch_path(&b->s, "own");
}

static void a_list_says_kind_mode_and_owner(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	own_list(&b, "[files]\n"
		     "dir = /srv/{hostname} 2750 7 8\n"
		     "node = /dev/sda 0660 b 8 0 0 6\n"
		     "link[network=none] = /no here\n"
		     "file = /note 0640 note 5 6\n"
		     "link = /yes ../here\n");
	set(&b, "hostname", "fred");
	assert_true(collect(&b));
	assert_int_equal(find(&b, "/srv/fred")->mode, 02750);
	assert_int_equal(find(&b, "/srv/fred")->gid, 8);
	assert_int_equal(find(&b, "/dev/sda")->kind, TREE_BLOCK);
	assert_int_equal(find(&b, "/dev/sda")->major, 8);
	assert_int_equal(find(&b, "/dev/sda")->gid, 6);
	assert_string_equal(find(&b, "/note")->content, "fred\n");
	assert_int_equal(find(&b, "/note")->uid, 5);
	assert_string_equal(find(&b, "/yes")->target, "../here");
	assert_null(find(&b, "/no"));
	assert_string_equal(find(&b, "/yes")->owner, "share/rootfs/own.files:6");
	bench_remove(&b);
}

static void faults_in_a_list_are_named(void **state)
{
	static const char *const bad[] = {"[files]\nfile = /x 0644 missing\n",
		"[files]\nfile = /x 0689 note\n", "[files]\nfile = /x 0644\n",
		"[files]\nnode = /dev/x 0600 p 1 2\n", "[files]\nnode = /dev/x 0600 c 1 -2\n",
		"[files]\ndir = /x 0755 5\n", "[files]\nfolder = /x\n",
		"[files]\nlink = /x/../y z\n", "[other]\ndir = /x\n"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct bench b;

		bench_make(&b);
		own_list(&b, bad[i]);
		assert_false(collect(&b));
		assert_int_equal(b.err.kind, ERROR_PROFILE);
		assert_non_null(strstr(b.err.text, "own.files:"));
		bench_remove(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_conditions_and_lists),
		cmocka_unit_test(template_faults_name_file_and_line),
		cmocka_unit_test(the_shipped_lists_fit_together),
		cmocka_unit_test(there_are_two_trees),
		cmocka_unit_test(root_gets_the_password_that_was_chosen),
		cmocka_unit_test(a_list_says_kind_mode_and_owner),
		cmocka_unit_test(faults_in_a_list_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
