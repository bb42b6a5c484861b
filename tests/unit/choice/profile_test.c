/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Profiles over the shipped table of options: reading, refusing, keeping comments, saving only differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/conf.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/catalog.h"
#include "choice/option.h"
#include "choice/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct place place;
static struct catalog catalog;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	if (place_load(&place, &err) && catalog_load(&catalog, &place, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return -1;
}

static int tear_down(void **state)
{
	(void)state;
	catalog_release(&catalog);
	place_release(&place);
	return 0;
}

static void read_ok(struct profile *p, const char *source)
{
	struct error err;

	if (!profile_parse(p, &catalog, "dir/test.profile", source, strlen(source), &err))
		fail_msg("%s", err.text);
}

static void refuse(const char *source, const char *sentence)
{
	struct profile p;
	struct error err;

	if (profile_parse(&p, &catalog, "dir/test.profile", source, strlen(source), &err)) {
		assert_false(profile_check(&p, &err));
		profile_release(&p);
	}
	assert_int_equal(err.kind, ERROR_PROFILE);
	if (!strstr(err.text, sentence))
		fail_msg("'%s' does not say '%s'", err.text, sentence);
}

static void defaults_and_choices(void **state)
{
	struct profile p;
	struct error err;

	(void)state;
	read_ok(&p, "hostname = box\n");
	assert_string_equal(p.name, "test");
	assert_string_equal(profile_get(&p, "hostname"), "box");
	assert_string_equal(profile_get(&p, "network"), "dhcp");
	assert_null(profile_get(&p, "nonsense"));
	assert_true(profile_check(&p, &err));
	profile_release(&p);
}

static void refusals_name_line_and_reason(void **state)
{
	(void)state;
	refuse("hostnam = x\n",
		"dir/test.profile:1: there is no choice 'hostnam'; did you mean 'hostname'?");
	refuse("a\n", "dir/test.profile:1");
	refuse("hostname = a\nhostname = b\n", "test.profile:2: 'hostname' is given twice");
	refuse("hostname = -x\n", "not a host name");
	refuse("network = wlan\n", "it is one of dhcp, static, none");
	refuse("network = static\naddress = 1.2.3.4\n", "with its prefix");
	refuse("network = static\naddress = 1.2.3.400/24\n", "test.profile:2");
	refuse("image = efi\narch = i386\n", "test.profile:1: image = efi: ");
	refuse("image = initramfs efi\narch = i386\n", "image = efi");
	refuse("image = efi\nfirmware = bios\n", "started by UEFI only");
	refuse("image = iso\nroot = live\nkernel-config = tiny\n", "drives no CD");
	refuse("image = iso\nroot = disk\n", "or root = ram");
	refuse("kernel = six\n", "not a version");
	refuse("root-password = secret\n", "crypt(5)");
	refuse("root-password = $6$ab:cd$efghijklmnop\n", "crypt(5)");
	refuse("root-password = $1$saltsalt$qjXMvbEw8oaL.CzflDtaK/\n", "guessed too quickly");
	refuse("root-password = $y$j9T$saltsaltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq\n",
		"yescrypt hashes from 1.38 on");
	refuse("memory = 0\n", "whole number from 8");
	refuse("root = disk\nroot-label = root fs\n",
		"test.profile:2: root-label cannot be 'root fs'");
	refuse("root = disk\nroot-label = seventeen-letters\n", "16 characters at most");
	refuse("[section x]\n", "no [sections]");
	refuse("kernel[arch=i386] = 6.1\n", "no guards");
}

/* A value whose condition no longer holds blocks nothing and has no effect; it counts again once the condition holds. */
static void values_without_company_are_kept_aside(void **state)
{
	struct text why = TEXT_INIT;
	struct profile p;
	struct error err;

	(void)state;
	read_ok(&p, "# c\nnetwork = none\naddress = 10.0.0.1/8\nimage = tar\ngrow = yes\n"
		    "e2fsprogs = 1.46.2\n");
	assert_true(profile_check(&p, &err));
	assert_string_equal(profile_get(&p, "address"), "10.0.2.15/24");
	assert_string_equal(profile_chosen(&p, "address"), "10.0.0.1/8");
	assert_string_equal(profile_get(&p, "grow"), "no");
	for (size_t i = 0; i < p.set.n; i++) {
		const char *name = p.set.at[i].option->name;
		bool aside = profile_is_aside(&p, &p.set.at[i], NULL);

		/* What needs grow = yes sees the effective value, not the written one. */
		assert_int_equal(aside, !strcmp(name, "address") || !strcmp(name, "grow") ||
						!strcmp(name, "e2fsprogs"));
		if (!strcmp(name, "address"))
			assert_true(profile_is_aside(&p, &p.set.at[i], &why));
	}
	assert_string_equal(why.s,
		"dir/test.profile:3: address = 10.0.0.1/8 is kept aside and does not count: it needs network=static, but network is none");
	/* Chosen this moment it is a mistake. */
	assert_false(profile_counts(&p, "address", &err));
	assert_string_equal(err.text,
		"dir/test.profile:3: address = 10.0.0.1/8 cannot be chosen: it needs network=static, but network is none");
	assert_true(profile_counts(&p, "network", &err));
	text_clear(&why);
	profile_print(&p, &why);
	assert_non_null(strstr(why.s, "10.0.0.1/8"));
	assert_true(profile_set(&p, "network", "static", &err));
	assert_string_equal(profile_get(&p, "address"), "10.0.0.1/8");
	text_release(&why);
	profile_release(&p);
}

/* A hash that lost a part on its way would lock everybody out. */
static void hashes_are_whole(void **state)
{
	static const char *const whole[] = {
		"$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/",
		"$6$rounds=10000$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/",
		"$y$j9T$saltsaltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
	};
	const struct option *o = option_find(&catalog.options, "root-password");
	char torn[200];
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
		size_t len = strlen(whole[i]);

		if (!option_accepts(o, whole[i], &err))
			fail_msg("%s", err.text);
		for (size_t cut = 1; cut < len; cut++) {
			snprintf(torn, sizeof torn, "%.*s", (int)(len - cut), whole[i]);
			assert_false(option_accepts(o, torn, &err));
		}
		snprintf(torn, sizeof torn, "%sx", whole[i]);
		assert_false(option_accepts(o, torn, &err));
		assert_non_null(strstr(err.text, "not whole"));
	}
}

/* Names of terminals as the kernel writes them, each once. */
static void consoles_are_names(void **state)
{
	static const char *const good[] = {"tty1", "ttyS0", "tty63 ttyS1,9600", "ttyS0,115200n8",
		"ttyS0,115200n8r", "hvc0", "ttyUSB0,57600"};
	static const char *const bad[] = {"foo", "/dev/ttyS0", "ttyS", "tty64", "ttyS0,",
		"ttyS0,fast", "tty1,9600", "ttyS0 ttyS0", "ttyS0,9600 ttyS0", "ttyS0;reboot"};
	const struct option *o = option_find(&catalog.options, "console");
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!option_accepts(o, good[i], &err))
			fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (option_accepts(o, bad[i], &err))
			fail_msg("%s is taken", bad[i]);
	refuse("console = tty1 /dev/ttyS0\n", "without /dev/");
	refuse("console = ttyS0 ttyS0,9600\n", "console has 'ttyS0' twice");
	refuse("image = tar initramfs tar\n", "image has 'tar' twice");
}

/* Packages and services must exist where they are named. */
static void packages_and_services_are_known(void **state)
{
	(void)state;
	refuse("packages = ruby3\n", "test.profile:1: packages cannot be 'ruby3'");
	refuse("packages = e2fsprogs\n",
		"'e2fsprogs' is not asked for here, it comes with grow=yes");
	refuse("services = httpdd\n",
		"test.profile:1: services cannot be 'httpdd' (did you mean httpd?)");
}

/* A place, or the rule itself; anything else would silently mean UTC. */
static void time_zones_have_names(void **state)
{
	static const char *const zones[][2] = {
		{"UTC", "UTC"},
		{"Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"},
		{"Asia/Kolkata", "IST-5:30"},
		{"Asia/Calcutta", "IST-5:30"}, /* old names, those of countries, and of offsets */
		{"Europe/Kiev", "EET-2EEST,M3.5.0/3,M10.5.0/4"},
		{"US/Eastern", "EST5EDT,M3.2.0,M11.1.0"},
		{"CET", "CET-1CEST,M3.5.0,M10.5.0/3"},
		{"Etc/GMT+5", "<-05>5"},
		{"<+03>-3", "<+03>-3"},
		{"NZST-12NZDT,M9.5.0,M4.1.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3"},
	};
	const struct option *o = option_find(&catalog.options, "timezone");
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (!option_accepts(o, zones[i][0], &err))
			fail_msg("%s", err.text);
		assert_string_equal(option_meaning(o, zones[i][0]), zones[i][1]);
	}
	for (size_t i = 0; i < o->aliases.n; i++)
		if (strcmp(o->aliases.at[i].means, "UTC") != 0)
			assert_true(option_accepts(o, o->aliases.at[i].means, &err));
	refuse("timezone = Europe/Berln\n", "did you mean Europe/Berlin?");
	refuse("timezone = Mars/Olympus\n", "A place such as");
	refuse("timezone = $(reboot)\n", "timezone cannot be");
}

static void saved_is_what_differs_with_comments(void **state)
{
	static const char source[] =
		"# about this file\n\n# the name\nhostname = box\n# why static\nnetwork = static\n"
		"arch = x86_64\nsummary = Mine\n# the end\n";
	struct profile p, again;
	struct text out = TEXT_INIT, twice = TEXT_INIT;

	(void)state;
	read_ok(&p, source);
	profile_print(&p, &out);
	assert_string_equal(out.s,
		"# about this file\n\nsummary         = Mine\n# why static\n"
		"network         = static\n# the name\nhostname        = box\n# the end\n");
	read_ok(&again, out.s);
	profile_print(&again, &twice);
	assert_string_equal(twice.s, out.s);
	text_release(&out);
	text_release(&twice);
	profile_release(&p);
	profile_release(&again);
}

static void availability_has_a_reason(void **state)
{
	const struct option *image = option_find(&catalog.options, "image");
	const struct option *address = option_find(&catalog.options, "address");
	struct text why = TEXT_INIT;
	struct profile p;
	struct error err;

	(void)state;
	profile_init(&p, &catalog, "x");
	assert_false(profile_option_available(&p, address, &why));
	assert_string_equal(why.s, "needs network=static, but network is dhcp");
	assert_true(profile_set(&p, "network", "static", &err));
	assert_true(profile_option_available(&p, address, NULL));
	text_clear(&why);
	assert_true(profile_set(&p, "arch", "i386", &err));
	assert_true(profile_value_available(&p, image, &image->values.at[0], &why));
	assert_false(
		profile_value_available(&p, image, &image->values.at[image->values.n - 1], &why));
	assert_true(why.len > 20);
	text_release(&why);
	profile_release(&p);
}

static void saving_keeps_the_old_file(void **state)
{
	const char *temporary = getenv("TMPDIR");
	struct text folder = TEXT_INIT, path = TEXT_INIT, old = TEXT_INIT;
	struct profile p;
	struct error err;

	(void)state;
	text_fmt(&folder, "%s/profile_test.XXXXXX", temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(folder.s));
	text_fmt(&path, "%s/deep er/p.profile", folder.s);
	profile_init(&p, &catalog, "p");
	assert_true(profile_set(&p, "hostname", "one", &err));
	assert_true(profile_save(&p, path.s, &err));
	assert_true(profile_set(&p, "hostname", "two", &err));
	assert_true(profile_save(&p, path.s, &err));
	profile_release(&p);
	assert_true(profile_open(&p, &catalog, path.s, &err));
	assert_string_equal(profile_get(&p, "hostname"), "two");
	profile_release(&p);
	text_str(&path, ".old");
	assert_true(text_read_file(&old, path.s, 1000, &err));
	assert_non_null(strstr(old.s, "one"));
	assert_true(place_remove(folder.s, &err));
	text_release(&folder);
	text_release(&path);
	text_release(&old);
}

/* What would not be read again is not written over what is. */
static void a_file_that_cannot_be_read_again_is_not_written(void **state)
{
	const char *temporary = getenv("TMPDIR");
	struct text source = TEXT_INIT, path = TEXT_INIT;
	struct profile p;
	struct error err;

	(void)state;
	text_fmt(&path, "%s/profile_test.large.profile", temporary ? temporary : "/tmp");
	text_char(&source, '#');
	while (source.len < CONF_LIMIT - 13)
		text_char(&source, 'a');
	text_str(&source, "\nhostname=a\n");
	assert_true(profile_parse(&p, &catalog, "large", source.s, source.len, &err));
	assert_false(profile_save(&p, path.s, &err));
	assert_non_null(strstr(err.text, "shorter"));
	assert_int_not_equal(access(path.s, F_OK), 0);
	profile_release(&p);
	text_release(&source);
	text_release(&path);
}

static void every_option_accepts_its_default(void **state)
{
	struct error err;

	(void)state;
	assert_true(catalog.options.options.n >= 25);
	for (size_t i = 0; i < catalog.options.options.n; i++) {
		const struct option *o = &catalog.options.options.at[i];

		if (!option_accepts(o, o->fallback, &err))
			fail_msg("%s", err.text);
		assert_true(*o->help != '\0');
	}
}

static void shipped_profiles_are_possible(void **state)
{
	struct profile_list list;
	struct error err;
	size_t shipped = 0;

	(void)state;
	assert_true(profile_list_load(&list, &catalog, &place, &err));
	for (size_t i = 0; i < list.of.n; i++) {
		if (!list.of.at[i].shipped)
			continue;
		shipped++;
		if (list.of.at[i].problem)
			fail_msg("%s", list.of.at[i].problem);
		assert_true(*list.of.at[i].summary != '\0');
	}
	assert_true(shipped >= 3);
	profile_list_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_and_choices),
		cmocka_unit_test(refusals_name_line_and_reason),
		cmocka_unit_test(values_without_company_are_kept_aside),
		cmocka_unit_test(hashes_are_whole),
		cmocka_unit_test(consoles_are_names),
		cmocka_unit_test(packages_and_services_are_known),
		cmocka_unit_test(time_zones_have_names),
		cmocka_unit_test(saved_is_what_differs_with_comments),
		cmocka_unit_test(availability_has_a_reason),
		cmocka_unit_test(saving_keeps_the_old_file),
		cmocka_unit_test(a_file_that_cannot_be_read_again_is_not_written),
		cmocka_unit_test(every_option_accepts_its_default),
		cmocka_unit_test(shipped_profiles_are_possible),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
