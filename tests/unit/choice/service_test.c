/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services: what a declaration may say, and that its words stay words in the script. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "choice/service.h"
#include "scratch.h"

#include <string.h>

static struct scratch s;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static bool declared(struct service *v, const char *source, struct error *err)
{
	scratch_write(&s, "web.service", source);
	return service_read(
		v, "web", scratch_path(&s, "web.service"), NULL, &s.place.arena, NULL, NULL, err);
}

static const char *names(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	*is_list = strcmp(name, "list") == 0;
	if (*is_list)
		return "one two";
	return strcmp(name, "hostname") == 0 ? "it's; reboot" : NULL;
}

struct chosen {
	const char *libc, *arch, *password;
};

static const char *lookup(const void *ctx, const char *name)
{
	const struct chosen *c = ctx;

	if (strcmp(name, "libc") == 0)
		return c->libc;
	if (strcmp(name, "arch") == 0)
		return c->arch;
	return strcmp(name, "root-password") == 0 ? c->password : "";
}

/* If there is no password the SSH server gets the flag to refuse them, but only if it supports passwords at all. */
static void the_ssh_server_has_the_words_it_knows(void **state)
{
	static const struct {
		struct chosen chosen;
		bool closed;
	} table[] = {
		{{"host", "x86_64", "locked"}, true},
		{{"host", "x86_64", "none"}, true},
		{{"host", "x86_64", "$6$hash"}, false},
		{{"musl", "i386", "locked"}, true},
		{{"host", "i386", "locked"}, false},
		{{"glibc", "x86_64", "locked"}, false},
		{{"glibc", "x86_64", "$6$hash"}, false},
	};
	struct service v;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_true(service_read(&v, "dropbear", "share/recipes/dropbear/dropbear.service",
			NULL, &s.place.arena, lookup, &table[i].chosen, &err));
		assert_int_equal(strstr(v.run, " -s") != NULL, table[i].closed);
	}
}

static void a_declaration_is_read(void **state)
{
	struct service v;
	struct error err;

	(void)state;
	assert_true(declared(&v,
		"summary = A web server\nbefore = mkdir -p /srv\nbefore = touch /srv/x\n"
		"run = httpd -f\nlog = yes\n",
		&err));
	assert_string_equal(v.summary, "A web server");
	assert_string_equal(v.run, "httpd -f");
	assert_int_equal(v.before.n, 2);
	assert_string_equal(v.before.at[1], "touch /srv/x");
	assert_true(v.log);
	assert_true(declared(&v, "run = x\n", &err));
	assert_string_equal(v.summary, "web");
	assert_false(v.log);
}

static void what_is_wrong_is_named(void **state)
{
	struct service v;
	struct error err;

	(void)state;
	assert_false(declared(&v, "summary = no program\n", &err));
	assert_non_null(strstr(err.text, "'run' is missing"));
	assert_false(declared(&v, "run = x\nrestart = never\n", &err));
	assert_non_null(strstr(err.text, "web.service:2"));
	assert_false(declared(&v, "[service web]\nrun = x\n", &err));
}

static void words_stay_words(void **state)
{
	static const struct {
		const char *words, *line;
	} rows[] = {
		{"httpd -f -h /srv/www", "httpd -f -h /srv/www"},
		{"echo {hostname} \"two words\"", "echo 'it'\\''s; reboot' 'two words'"},
		{"echo $HOME `id` a|b >x &", "echo '$HOME' '`id`' 'a|b' '>x' '&'"},
		{"run {list}", "run one two"},
		{"run \"\"", "run ''"},
	};
	struct text out = TEXT_INIT;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		text_clear(&out);
		assert_true(
			service_command(&out, &s.place.arena, rows[i].words, names, NULL, &err));
		assert_string_equal(out.s, rows[i].line);
	}
	assert_false(service_command(&out, &s.place.arena, "x {nothing}", names, NULL, &err));
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_ssh_server_has_the_words_it_knows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_declaration_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_stay_words, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
