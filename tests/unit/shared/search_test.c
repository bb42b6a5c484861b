/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching: synonyms lead to options, and what is not there yet is said as long as nothing is called that. */
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "scratch.h"
#include "shared/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* What people type, and the option or wish that answers. */
static const struct {
	const char *query, *option, *wish;
} asked[] = {
	{"wifi", "network", "wifi"},
	{"WLAN", "network", "wifi"},
	{"bluetooth", NULL, "bluetooth"},
	{"python", "packages", NULL},
	{"python3", "packages", NULL},
	{"perl", "packages", NULL},
	{"javascript", "packages", "ruby"},
	{"gui", "console", "gui"},
	{"desktop", NULL, "gui"},
	{"x11", NULL, "gui"},
	{"wayland", NULL, "gui"},
	{"mp3", NULL, "sound"},
	{"sound", NULL, "sound"},
	{"audio", NULL, "sound"},
	{"printer", NULL, "printer"},
	{"remote login", "ssh", NULL},
	{"ssh", "ssh", NULL},
	{"firewall", "packages", NULL},
	{"usb", "kernel-config", NULL},
	{"password", "root-password", NULL},
	{"user", "users", NULL},
	{"keyboard", "keymap", NULL},
	{"language", "locale", NULL},
	{"clock", "timezone", NULL},
	{"time zone", "timezone", NULL},
	{"berlin", "timezone", NULL},
	{"docker", "image", "docker"},
	{"apt", "packages", "apt"},
	{"package manager", "packages", "apt"},
	{"browser", NULL, "browser"},
	{"editor", "busybox", NULL},
	{"emacs", "busybox", "emacs"},
	{"vim", "packages", NULL},
	{"gcc", NULL, "gcc"},
	{"compiler", NULL, "gcc"},
	{"games", "packages", NULL},
	{"nethack", "packages", "doom"},
	{"swap", "swap-size", NULL},
	{"encryption", NULL, "encryption"},
	{"raid", NULL, "raid"},
	{"lvm", NULL, "lvm"},
	{"nfs", NULL, "nfs"},
	{"samba", NULL, "samba"},
	{"web server", "services", NULL},
	{"httpd", "services", NULL},
	{"raspberry pi", "arch", "arm"},
	{"systemd", "init", "systemd"},
	{"driver", "kernel-config", NULL},
};

static bool has_hit(const struct hits *hits, const char *name)
{
	for (size_t i = 0; i < hits->n; i++)
		if (strcmp(hits->at[i].option->name, name) == 0)
			return true;
	return false;
}

static void load(struct catalog *c, const struct scratch *s)
{
	struct error err;

	if (!catalog_load(c, &s->place, &err))
		fail_msg("%s", err.text);
}

static void what_people_type_finds_something(void **state)
{
	struct scratch s;
	struct catalog c;
	struct hits hits = {0};

	(void)state;
	scratch_make(&s);
	load(&c, &s);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		const char *query = asked[i].query;
		const struct option_wish *w = search_wish(&c.options, query, true);

		search_options(&c.options, NULL, query, &hits);
		if (w)
			search_add_near(&c.options, w, &hits);
		if (asked[i].option && !has_hit(&hits, asked[i].option))
			fail_msg("'%s' does not find %s", query, asked[i].option);
		if (asked[i].wish ? !w || strcmp(w->name, asked[i].wish) != 0 : w != NULL)
			fail_msg("'%s' is answered by the wish %s", query, w ? w->name : "of none");
	}
	/* Three letters stand for a word only where nothing else was found. */
	assert_null(search_wish(&c.options, "bluet", true));
	assert_non_null(search_wish(&c.options, "bluet", false));
	assert_null(search_wish(&c.options, "bl", false));
	assert_null(search_wish(&c.options, "bluetooth nonsense", false));
	assert_null(search_wish(&c.options, "", false));
	vec_release(&hits);
	catalog_release(&c);
	scratch_remove(&s);
}

static void write_recipe(struct scratch *s, const char *name, const char *also)
{
	struct text path = TEXT_INIT, lines = TEXT_INIT;

	text_fmt(&path, "share/recipes/%s/recipe", name);
	text_fmt(&lines, "summary = %s\nversion = 1\nstyle = autoconf\nwhen = packages=%s\n%s%s\n",
		name, name, also ? "also = " : "", also ? also : "");
	scratch_write(s, path.s, lines.s);
	text_release(&path);
	text_release(&lines);
}

/* A recipe or service of that name, or one that is also called that, is found instead. (Mutation: the words of recipes, or of
 * services, are not read.) */
static void a_wish_that_came_true_is_not_shown(void **state)
{
	struct scratch s;
	struct catalog c;
	struct hits hits = {0};

	(void)state;
	scratch_make(&s);
	write_recipe(&s, "raid", NULL);
	write_recipe(&s, "ruby3", "ruby cruby");
	scratch_write(&s, "share/services/shares.service",
		"also = samba folders\nbefore[libc=musl] = true\nrun = smbd -F\n");
	vec_push_in(&s.place.arena, &s.place.data, s.place.data.at[0]);
	s.place.data.at[0] = s.folder;
	load(&c, &s);
	assert_null(search_wish(&c.options, "raid", true));
	assert_null(search_wish(&c.options, "ruby", true));
	assert_null(search_wish(&c.options, "rust", true)); /* the same wish */
	assert_null(search_wish(&c.options, "samba", true));
	assert_non_null(search_wish(&c.options, "nethack", true));
	search_options(&c.options, NULL, "cruby", &hits);
	assert_true(has_hit(&hits, "packages"));
	search_options(&c.options, NULL, "samba folders", &hits);
	assert_true(has_hit(&hits, "services"));
	vec_release(&hits);
	catalog_release(&c);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_type_finds_something),
		cmocka_unit_test(a_wish_that_came_true_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
