/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which package list a system gets, by its own name or by what it is like; and that the shipped lists know every need. */
#include "base/conf.h"
#include "proc/host.h"
#include "proc/host_system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
	struct place place;
	struct arena arena;
	struct host_system system;
	char folder[256];
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const char *tmp = getenv("TMPDIR");

	snprintf(w->folder, sizeof w->folder, "%s/host.XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->folder));
	w->place = (struct place){.arena = ARENA_INIT};
	vec_push(&w->place.data, getcwd(arena_alloc(&w->place.arena, 4096), 4096));
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	struct error err;

	assert_true(place_remove(w->folder, &err));
	arena_release(&w->arena);
	place_release(&w->place);
	free(w);
	return 0;
}

static void load(struct world *w, const char *os_release)
{
	struct error err = {0};
	char path[300];

	snprintf(path, sizeof path, "%s/os-release", w->folder);
	assert_true(place_write_file(path, os_release, strlen(os_release), &err));
	if (!host_system_load(&w->system, &w->place, path, &w->arena, &err))
		fail_msg("%s", err.text);
}

static void test_own_name(void **state)
{
	struct world *w = *state;

	load(w, "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 "
		"(bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n");
	assert_string_equal(w->system.title, "Debian GNU/Linux 12 (bookworm)");
	assert_string_equal(
		w->system.install.at[w->system.install.n - 1], "--no-install-recommends");
	assert_string_equal(host_package_find(&w->system, "libelf")->names.at[0], "libelf-dev");
	assert_null(host_package_find(&w->system, "no-such-need"));
}

static void test_what_it_is_like(void **state)
{
	struct world *w = *state;

	load(w, "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nPRETTY_NAME='Linux Mint 21'");
	assert_string_equal(w->system.title, "Linux Mint 21");
	assert_string_equal(host_package_find(&w->system, "libelf")->names.at[0], "libelf-dev");
	load(w, "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n");
	assert_string_equal(
		host_package_find(&w->system, "libelf")->names.at[0], "elfutils-libelf-devel");
}

static void test_unknown_system(void **state)
{
	struct world *w = *state;
	struct error err = {0};

	load(w, "ID=plan9\n");
	assert_int_equal(w->system.install.n, 0);
	load(w, "ID=../../etc/passwd\n");
	assert_int_equal(w->system.install.n, 0);
	load(w, "");
	assert_true(host_system_load(
		&w->system, &w->place, "/nonexistent/os-release", &w->arena, &err));
	assert_int_equal(w->system.packages.n, 0);
}

static bool collect_need(void *ctx, const struct conf_line *line, struct error *err)
{
	struct strings *names = ctx;

	(void)err;
	if (!line->key)
		vec_push(names, line->name);
	return true;
}

static void test_lists_are_complete(void **state)
{
	static const char *const systems[] = {"ID=debian", "ID=fedora", "ID=arch"};
	struct world *w = *state;
	struct strings names = {0};
	struct error err = {0};

	assert_true(conf_read("share/host/needs", &w->arena, collect_need, &names, &err));
	assert_true(names.n > 20);
	for (size_t s = 0; s < sizeof systems / sizeof *systems; s++) {
		load(w, systems[s]);
		for (size_t i = 0; i < names.n; i++)
			if (!host_package_find(&w->system, names.at[i]))
				fail_msg("%s has no package for %s", systems[s], names.at[i]);
		assert_int_equal(w->system.packages.n, names.n);
	}
	vec_release(&names);
}

static void test_report(void **state)
{
	struct world *w = *state;
	struct host_report r;
	struct error err = {0};
	bool compiler = false;

	assert_true(host_inspect(&r, &w->place, &err));
	for (size_t i = 0; i < r.needs.n; i++) {
		compiler = compiler ||
			   (strcmp(r.needs.at[i].tool, "gcc") == 0 && r.needs.at[i].required);
		assert_int_equal(r.needs.at[i].present, *r.needs.at[i].found != '\0');
		assert_true(*r.needs.at[i].purpose);
	}
	assert_true(compiler);
	host_report_release(&r);
}

/* With nothing along PATH tools are missing, and the command names their packages once each. */
static void test_missing_tools(void **state)
{
	struct world *w = *state;
	struct host_report r;
	struct error err = {0};
	char *path = strdup(getenv("PATH"));

	assert_int_equal(setenv("PATH", w->folder, 1), 0);
	assert_true(host_inspect(&r, &w->place, &err));
	assert_int_equal(setenv("PATH", path, 1), 0);
	free(path);
	for (size_t i = 0; i < r.needs.n; i++)
		if (strcmp(r.needs.at[i].tool, "bison") == 0)
			assert_false(r.needs.at[i].present);
	if (*r.install)
		assert_non_null(strstr(r.install, " bison"));
	host_report_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_own_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_it_is_like, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_system, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lists_are_complete, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_report, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missing_tools, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
