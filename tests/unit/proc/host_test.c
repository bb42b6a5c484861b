/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which package list a system gets, by its own name or by what it is like; and that the shipped lists know every need. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/host.h"
#include "proc/host_system.h"

#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	vec_push_in(
		&w->place.arena, &w->place.data, getcwd(arena_alloc(&w->place.arena, 4096), 4096));
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

	load(w, "NAME=\"Debian GNU/Linux\"\n"
		"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
		"VERSION_ID=\"12\"\n"
		"ID=debian\n");
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

/* If an installation does more than it says, that is mentioned before the question. */
static void test_warning(void **state)
{
	struct world *w = *state;

	load(w, "ID=arch\n");
	assert_non_null(strstr(w->system.warning, "upgrades"));
	load(w, "ID=debian\n");
	assert_null(w->system.warning);
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

/* A package manager that has one of two packages, and sudo where needed; both record their arguments. */
static void install(struct world *w, bool sudo, const char *expected, const char *complaint)
{
	static const char *const scripts[][2] = {
		{"sudo", "#!/bin/sh\necho sudo $* >>$0.asked\nexit 1\n"},
		{"manager", "#!/bin/sh\necho $* >>${0%/*}/sudo.asked\n"
			    "case \"$*\" in *unheard*) exit 1;; esac\n"},
	};
	struct host_report r = {.install = "x", .as_root = "the line for root", .sudo = sudo};
	struct text path = TEXT_INIT, asked = TEXT_INIT;
	struct error err = {0};
	char *before = strdup(getenv("PATH"));

	for (size_t i = 0; i < 2; i++) {
		text_clear(&path);
		text_fmt(&path, "%s/%s", w->folder, scripts[i][0]);
		assert_true(place_write_file(path.s, scripts[i][1], strlen(scripts[i][1]), &err));
		assert_int_equal(chmod(path.s, 0755), 0);
	}
	text_clear(&path);
	text_fmt(&path, "%s:%s", w->folder, before);
	assert_int_equal(setenv("PATH", path.s, 1), 0);
	vec_push_in(&r.arena, &r.refresh_argv, "manager");
	vec_push_in(&r.arena, &r.refresh_argv, "refresh");
	vec_push_in(&r.arena, &r.install_argv, "manager");
	vec_push_in(&r.arena, &r.install_argv, "install");
	vec_push_in(&r.arena, &r.packages, "known");
	vec_push_in(&r.arena, &r.packages, "unheard");
	assert_false(host_install(&r, STDOUT_FILENO, &err));
	assert_int_equal(setenv("PATH", before, 1), 0);
	free(before);
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, complaint));
	assert_non_null(strstr(err.text, "the line for root"));
	text_clear(&path);
	text_fmt(&path, "%s/sudo.asked", w->folder);
	assert_true(text_read_file(&asked, path.s, 4096, &err));
	assert_string_equal(asked.s, expected);
	text_release(&path);
	text_release(&asked);
	host_report_release(&r);
}

static void test_unheard_package(void **state)
{
	install(*state, false, "refresh\ninstall known unheard\ninstall known\ninstall unheard\n",
		"could not be installed: unheard;");
}

static void test_sudo_refuses(void **state)
{
	int terminal, slave, before = dup(STDIN_FILENO);

	assert_int_equal(openpty(&terminal, &slave, NULL, NULL, NULL), 0);
	dup2(slave, STDIN_FILENO);
	install(*state, true, "sudo -v\n", "sudo refuses");
	dup2(before, STDIN_FILENO);
	close(before);
	close(slave);
	close(terminal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_own_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_it_is_like, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_warning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_system, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lists_are_complete, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_report, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missing_tools, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unheard_package, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sudo_refuses, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
