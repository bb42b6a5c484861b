/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of sources and the choice: hand-made catalogues, a local server, a cache, locks, and a make-believe apt-get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/recipe.h"
#include "choice/settings.h"
#include "httpd.h"
#include "proc/os_release.h"
#include "scratch.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHA(digit)                                                                                \
	digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit \
		digit
#define SHA_A SHA("aaaa")
#define SHA_B SHA("bbbb")
#define SHA_C SHA("cccc")
#define SHA_D SHA("dddd")

struct world {
	struct scratch scratch;
	struct httpd httpd;
	struct recipe recipe;
	struct recipe *recipes[1];
	const char *packages[2];
	struct catalog catalog;
	struct settings settings;
	struct sources *sources;
	struct source_choice choice;
	struct strings accept, avoid;
	const char *lock;
	struct error err;
	struct text notes;
	char *path; /* $PATH as it was */
};

static const enum origin all_origins[] = {
	ORIGIN_CACHE, ORIGIN_MIRROR, ORIGIN_UPSTREAM, ORIGIN_DEBIAN};

static void keep_note(void *ctx, const char *sentence)
{
	struct world *w = ctx;

	text_fmt(&w->notes, "%s\n", sentence);
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	scratch_make(&w->scratch);
	w->path = xstrdup(getenv("PATH"));
	w->notes = (struct text)TEXT_INIT;
	w->scratch.place.data.at[0] = scratch_path(&w->scratch, "data");
	w->packages[0] = "tool";
	w->packages[1] = "tool-{series}";
	w->recipe =
		(struct recipe){.name = "tool", .source = "tool", .debian = {w->packages, 2, 0}};
	w->recipes[0] = &w->recipe;
	w->catalog.place = &w->scratch.place;
	w->catalog.recipes.at = w->recipes;
	w->catalog.recipes.n = 1;
	for (size_t i = 0; i < 3; i++) /* the package index only if a test asks for it */
		vec_push_in(&w->settings.arena, &w->settings.origins, all_origins[i]);
	w->settings.refresh_hours = 24;
	assert_true(place_make_folder(scratch_path(&w->scratch, "www"), &w->err));
	httpd_start(&w->httpd, scratch_path(&w->scratch, "www"), "/no-head-1.0.tar.xz no-head",
		scratch_path(&w->scratch, "log"));
	alarm(60);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	alarm(0);
	setenv("PATH", w->path, 1);
	free(w->path);
	sources_free(w->sources);
	httpd_stop(&w->httpd);
	settings_release(&w->settings);
	vec_release(&w->accept);
	vec_release(&w->avoid);
	text_release(&w->notes);
	scratch_remove(&w->scratch);
	free(w);
	return 0;
}

/* Versions 2.1.3 (A), 2.1.2 (B), 2.1.1 (C) and 1.0.9 (D) of a tool. */
static void write_catalogue(struct world *w, const char *url)
{
	struct text t = TEXT_INIT;

	text_fmt(&t,
		"[series 2.1]\nsupport = longterm\nurl = %s/tool-{version}.tar.xz\n"
		"archive = 2.1.1 " SHA_C "\narchive = 2.1.3 " SHA_A " 6\narchive = 2.1.2 " SHA_B
		"\n"
		"[series 1.0]\nurl = %s/old/tool-{version}.tar.xz\narchive = 1.0.9 " SHA_D "\n",
		url, url);
	scratch_write(&w->scratch, "data/share/catalogue/tool", t.s);
	text_release(&t);
}

static void open_sources(struct world *w, unsigned flags)
{
	sources_free(w->sources);
	text_clear(&w->notes);
	assert_true(
		sources_open(&w->sources, &w->catalog, &w->settings, flags, keep_note, w, &w->err));
}

static bool choose(struct world *w, const char *wanted)
{
	struct source_wish wish = {.component = "tool",
		.wanted = wanted,
		.accept = &w->accept,
		.avoid = &w->avoid,
		.lock = w->lock,
		.profile = "mine"};

	w->err = (struct error){0};
	return sources_choose(w->sources, &wish, &w->choice, &w->err);
}

static void chooses(struct world *w, const char *wanted, const char *version)
{
	if (!choose(w, wanted))
		fail_msg("%s: %s", wanted, w->err.text);
	assert_string_equal(w->choice.version, version);
}

static void refuses(struct world *w, const char *wanted, const char *says)
{
	if (choose(w, wanted))
		fail_msg("%s: chose %s", wanted, w->choice.version);
	assert_int_equal(w->err.kind, ERROR_SOURCE);
	if (!strstr(w->err.text, says))
		fail_msg("the error should say '%s': %s", says, w->err.text);
}

static void put_in_cache(struct world *w, const char *sha256, const char *file)
{
	scratch_write(&w->scratch,
		arena_fmt(&w->scratch.place.arena, "cache/source/%s/%s", sha256, file), "bytes\n");
}

static void versions_are_listed_newest_first(void **state)
{
	struct world *w = *state;
	struct archive_list list;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "www/tool-2.1.1.tar.xz", "bytes\n");
	open_sources(w, 0);
	assert_true(sources_versions(w->sources, "tool", true, &list, &w->err));
	assert_int_equal(list.n, 4);
	assert_string_equal(list.at[0].version, "2.1.3");
	assert_string_equal(list.at[0].series, "2.1");
	assert_string_equal(list.at[0].support, "longterm");
	assert_string_equal(list.at[0].file, "tool-2.1.3.tar.xz");
	assert_int_equal(list.at[0].reach, REACH_YES);
	assert_int_equal(list.at[1].reach, REACH_NO);
	assert_non_null(strstr(list.at[1].trouble, "404"));
	assert_int_equal(list.at[2].reach, REACH_YES);
	assert_int_equal(list.at[2].size, 6);
	assert_string_equal(list.at[3].version, "1.0.9");
	assert_false(sources_versions(w->sources, "nothing", false, &list, &w->err));
	assert_int_equal(w->err.kind, ERROR_USAGE);
}

static void the_newest_that_is_really_there_is_chosen(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "another size\n");
	scratch_write(&w->scratch, "www/tool-2.1.1.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.1");
	assert_string_equal(w->choice.sha256, SHA_C);
	assert_string_equal(w->choice.series, "2.1");
	assert_false(w->choice.cached);
	assert_int_equal(w->choice.from.n, 1);
	assert_non_null(strstr(w->choice.why, "2.1.1"));
	assert_non_null(strstr(w->choice.why, "404"));
	assert_non_null(strstr(w->choice.path, "/source/" SHA_C "/tool-2.1.1.tar.xz"));
	chooses(w, "2", "2.1.1");
}

static void a_choice_stays_the_same_for_a_while(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.2.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.2");
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	unlink(scratch_path(&w->scratch, "log"));
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.2");
	assert_int_equal(httpd_count(&w->httpd, "HEAD"), 0);
	vec_push(&w->avoid, SHA_B);
	chooses(w, "2.1", "2.1.3");
	w->avoid.n = 0;
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1", "2.1.3");
	w->settings.refresh_hours = 0;
	unlink(scratch_path(&w->scratch, "www/tool-2.1.3.tar.xz"));
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.2");
}

static void the_cache_counts_and_offline_uses_nothing_else(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	open_sources(w, SOURCES_OFFLINE);
	refuses(w, "2.1", "no network");
	put_in_cache(w, SHA_C, "tool_2.1.1.orig.tar.xz");
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "2.1", "2.1.1");
	assert_true(w->choice.cached);
	assert_non_null(strstr(w->choice.path, "tool_2.1.1.orig.tar.xz"));
	chooses(w, "2.1.1", "2.1.1");
	assert_int_equal(httpd_count(&w->httpd, "HEAD"), 0);
	open_sources(w, 0);
	chooses(w, "2.1.1", "2.1.1");
	assert_int_equal(httpd_count(&w->httpd, "HEAD"), 0);
	chooses(w, "2.1", "2.1.3");
}

static void what_no_index_lists_is_still_had_from_the_cache(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	put_in_cache(w, SHA("1234"), "tool-2.1.9.tar.gz");
	put_in_cache(w, SHA("5678"), "other-9.9.tar.gz");
	scratch_write(&w->scratch, "cache/source/" SHA("9abc") "/tool-9.9.tar.gz.part", "half");
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "2.1", "2.1.9");
	assert_non_null(strstr(w->choice.why, "listed by no index any more"));
	refuses(w, "9.9", "no index knows tool 9.9");
}

static void mirrors_are_asked_in_the_order_of_the_settings(void **state)
{
	struct world *w = *state;
	const char *folder = scratch_path(&w->scratch, "a mirror");

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "a mirror/tool-2.1.3.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "a mirror/old/tool-1.0.9.tar.xz", "bytes\n");
	vec_push_in(&w->settings.arena, &w->settings.mirrors,
		(struct mirror){.base = arena_fmt(&w->scratch.place.arena, "file://%s", folder)});
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "2.1", "2.1.3");
	assert_int_equal(w->choice.from.n, 2);
	assert_int_equal(w->choice.from.at[0].origin, ORIGIN_MIRROR);
	assert_non_null(strstr(w->choice.from.at[0].url, "a%20mirror/tool-2.1.3.tar.xz"));
	assert_int_equal(w->choice.from.at[1].origin, ORIGIN_UPSTREAM);
	refuses(w, "1.0", "no such file");
	w->settings.mirrors.at[0].like_upstream = true;
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "1.0", "1.0.9");
	w->settings.origins.at[1] = ORIGIN_UPSTREAM;
	w->settings.origins.at[2] = ORIGIN_MIRROR;
	w->settings.mirrors.at[0].like_upstream = false;
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_int_equal(w->choice.from.at[0].origin, ORIGIN_UPSTREAM);
	w->settings.origins.n = 2;
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_int_equal(w->choice.from.n, 1);
}

static void an_unknown_hash_needs_a_word(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.7.tar.xz", "bytes\n");
	open_sources(w, 0);
	refuses(w, "2.1.7", "tool-2.1.7");
	assert_non_null(strstr(w->err.text, "2.1.3"));
	vec_push(&w->accept, "tool-2.1.7");
	chooses(w, "2.1.7", "2.1.7");
	assert_null(w->choice.sha256);
	assert_non_null(strstr(w->choice.path, "/source/accepted/tool-2.1.7.tar.xz"));
	assert_false(w->choice.cached);
	scratch_write(&w->scratch, "cache/source/accepted/tool-2.1.7.tar.xz", "bytes\n");
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "2.1.7", "2.1.7");
	assert_true(w->choice.cached);
	w->accept.n = 0;
	refuses(w, "2.1.7", "tool-2.1.7");
}

/* An archive that was replaced upstream: the bytes from before are here, the index knows others. In every order of origins. */
static void replaced_bytes_need_a_word(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	put_in_cache(w, SHA("1234"), "tool-2.1.3.tar.xz");
	open_sources(w, SOURCES_OFFLINE);
	refuses(w, "2.1.3", "not those that an index lists");
	assert_non_null(strstr(w->err.text, "--accept tool-2.1.3"));
	refuses(w, "2.1", "not those that an index lists");
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_string_equal(w->choice.sha256, SHA_A);
	assert_non_null(strstr(w->choice.why, "not those that an index lists"));
	assert_false(w->choice.cached);
	vec_push(&w->accept, "tool-2.1.3");
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "2.1.3", "2.1.3");
	assert_string_equal(w->choice.sha256, SHA("1234"));
	assert_non_null(strstr(w->choice.why, "listed by no index any more"));
}

static void a_local_mirror_may_hold_more_but_not_unasked(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "mirror/tool-2.1.8.tar.gz", "bytes\n");
	vec_push_in(&w->settings.arena, &w->settings.mirrors,
		(struct mirror){.base = arena_fmt(&w->scratch.place.arena, "file://%s",
					scratch_path(&w->scratch, "mirror"))});
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_non_null(strstr(w->choice.why, "2.1.8"));
	vec_push(&w->accept, "tool-2.1.8");
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1", "2.1.8");
}

static void the_lock_wins(void **state)
{
	struct world *w = *state;

	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.3.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "lock",
		"[profile x]\nanything = goes\n[source tool]\nversion = 2.1.7\nsha256 = " SHA(
			"1234") "\n"
				"size = 6\n"
				"url = http://127.0.0.1:1/tool-2.1.7.tar.xz http://127.0.0.1:2/tool-2.1.7.tar.xz\n"
				"[source other]\n"
				"version = 1\n"
				"sha256 = " SHA("5678") "\n");
	w->lock = scratch_path(&w->scratch, "lock");
	vec_push_in(&w->settings.arena, &w->settings.mirrors,
		(struct mirror){.base = "http://127.0.0.1:3"});
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.7");
	assert_string_equal(w->choice.sha256, SHA("1234"));
	assert_int_equal(w->choice.size, 6);
	assert_int_equal(w->choice.from.n, 3);
	assert_non_null(strstr(w->choice.why, "lock"));
	assert_int_equal(httpd_count(&w->httpd, "HEAD"), 0);
	assert_false(choose(w, "1.0"));
	assert_int_equal(w->err.kind, ERROR_PROFILE);
	assert_non_null(strstr(w->err.text, "holds tool 2.1.7, but the profile asks for 1.0"));
	assert_non_null(strstr(w->err.text, "`bootsmith lock mine --update`"));
	vec_push(&w->avoid, SHA("1234"));
	refuses(w, "2.1", "could not be had");
	scratch_write(&w->scratch, "lock", "[source tool]\nversion = 2.1.7\n");
	assert_false(choose(w, "2.1"));
	assert_int_equal(w->err.kind, ERROR_PROFILE);
	scratch_write(
		&w->scratch, "lock", "[source other]\nversion = 1\nsha256 = " SHA("5678") "\n");
	assert_false(choose(w, "2.1"));
	assert_int_equal(w->err.kind, ERROR_PROFILE);
	assert_non_null(strstr(w->err.text, "has no tool"));
	w->lock = "/no/such/lock";
	chooses(w, "2.1", "2.1.3");
}

static void a_dead_host_is_asked_once(void **state)
{
	struct world *w = *state;
	char *dead;

	write_catalogue(w, w->httpd.url);
	httpd_stop(&w->httpd);
	open_sources(w, 0);
	refuses(w, "2.1", "and 2 more");
	assert_non_null(strstr(w->err.text, "upstream"));
	dead = scratch_read(&w->scratch, "cache/index/dead");
	assert_null(dead); /* there is no folder for it yet, and that does no harm */
	free(dead);
	assert_true(place_make_folder(scratch_path(&w->scratch, "cache/index"), &w->err));
	open_sources(w, 0);
	refuses(w, "2.1", "and 2 more");
	dead = scratch_read(&w->scratch, "cache/index/dead");
	assert_non_null(strstr(dead, w->httpd.url));
	free(dead);
	open_sources(w, SOURCES_REFRESH);
	dead = scratch_read(&w->scratch, "cache/index/dead");
	assert_null(strstr(dead, w->httpd.url));
	free(dead);
}

static void servers_without_head_are_asked_otherwise(void **state)
{
	struct world *w = *state;

	scratch_write(&w->scratch, "data/share/catalogue/tool",
		arena_fmt(&w->scratch.place.arena,
			"[series 1.0]\nurl = %s/no-head-{version}.tar.xz\narchive = 1.0 " SHA_A
			"\n",
			w->httpd.url));
	scratch_write(&w->scratch, "www/no-head-1.0.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "1.0", "1.0");
	assert_int_equal(httpd_count(&w->httpd, "GET /no-head-1.0.tar.xz bytes=0-0"), 1);
}

static void unknown_versions_name_what_there_is(void **state)
{
	struct world *w = *state;

	open_sources(w, 0);
	refuses(w, "3.0", "none at all");
	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "data/share/catalogue/tool",
		"[series 2.1]\nurl = http://tool.invalid/{version}/tool.tar\nbad = 1\n");
	open_sources(w, 0);
	assert_false(choose(w, "2.1"));
	assert_int_equal(w->err.kind, ERROR_PROFILE);
	assert_non_null(strstr(w->err.text, "tool:3: "));
}

/* An apt-get that reads its "archive" from a folder: SUITE is its Sources file, SUITE.says what it complains about. */
static void write_apt(struct world *w)
{
	struct text t = TEXT_INIT;
	const char *home = w->scratch.folder;

	text_fmt(&t,
		"#!/bin/sh\n"
		"echo \"$*\" >>%s/apt.log\n"
		"case \"$*\" in\n"
		"*FILENAME*) echo \"$(dirname \"$2\")/Sources\" ;;\n"
		"*indextargets*) echo '%s/|here|main|Mine|$(SIGNED_BY)'; echo '%s/|here-security|main|Mine|'; echo 'http://third.invalid/|here|main|Other|' ;;\n"
		"*update*)\n"
		"\tfolder=$(dirname \"$2\")\n"
		"\tsuite=$(sed -n 's/^Suites: //p' \"$folder/suite.sources\")\n"
		"\tgrep -q '^Types: deb-src$' \"$folder/suite.sources\" || exit 99\n"
		"\tif [ -e %s/apt/$suite ]; then cp %s/apt/$suite \"$folder/Sources\"; exit 0; fi\n"
		"\tif [ -e %s/apt/$suite.says ]; then cat %s/apt/$suite.says; exit 100; fi\n"
		"\techo \"E: The repository 'x $suite Release' does not have a Release file.\"; exit 100 ;;\n"
		"esac\n",
		home, w->httpd.url, w->httpd.url, home, home, home, home);
	scratch_write(&w->scratch, "bin/apt-get", t.s);
	assert_int_equal(chmod(scratch_path(&w->scratch, "bin/apt-get"), 0755), 0);
	text_clear(&t);
	text_fmt(&t, "%s/bin:%s", home, w->path);
	setenv("PATH", t.s, 1);
	text_release(&t);
	vec_push_in(&w->settings.arena, &w->settings.origins, ORIGIN_DEBIAN);
}

/* The section has the name of whatever distribution the test runs on. */
static bool write_origins(struct world *w)
{
	struct text t = TEXT_INIT;
	struct os_release release;

	os_release_read(&release, NULL, &w->scratch.place.arena);
	if (!release.ids.n)
		return false;
	text_fmt(&t,
		"[distribution %s]\norigin = Mine\nkeyring = /no/such/keyring\ncomponent = main\n"
		"suites = here gone forged\nsecurity = here-security\nown = no\n",
		release.ids.at[0]);
	scratch_write(&w->scratch, "data/share/origins/debian", t.s);
	text_release(&t);
	return true;
}

static void stanza(struct world *w, const char *suite, const char *version, const char *sha256)
{
	scratch_write(&w->scratch, arena_fmt(&w->scratch.place.arena, "apt/%s", suite),
		arena_fmt(&w->scratch.place.arena,
			"Package: tool\n"
			"Version: %s-1\n"
			"Directory: pool/t\n"
			"Checksums-Sha256:\n"
			" %s 6 tool_%s.orig.tar.xz\n",
			version, sha256, version));
}

static int lines_of_apt(struct world *w, const char *word)
{
	char *log = scratch_read(&w->scratch, "apt.log");
	int n = 0;

	for (const char *at = log; at && (at = strstr(at, word)); at++)
		n++;
	free(log);
	return n;
}

static void the_package_index_is_read_when_needed_and_only_then(void **state)
{
	struct world *w = *state;

	write_apt(w);
	if (!write_origins(w))
		skip();
	stanza(w, "here", "2.1.3", SHA_A);
	stanza(w, "here-security", "2.1.4", SHA_B);
	scratch_write(&w->scratch, "apt/forged.says",
		"W: GPG error: the signatures could not be verified\nE: not signed\n");
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3.orig.tar.xz", "bytes\n");
	open_sources(w, SOURCES_OFFLINE);
	refuses(w, "2.1", "offered nowhere");
	assert_int_equal(lines_of_apt(w, "update"), 0);
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_string_equal(w->choice.from.at[0].where, "here");
	assert_int_equal(lines_of_apt(w, "update"), 4);
	assert_non_null(strstr(w->choice.why, "2.1.4"));
	assert_int_equal(sources_problems(w->sources)->n, 2);
	assert_non_null(strstr(w->notes.s, "no suite gone"));
	assert_non_null(strstr(w->notes.s, "forged could not be verified"));
	open_sources(w, 0);
	chooses(w, "2.1.3", "2.1.3");
	refuses(w, "2.1.4", "verified");
	assert_int_equal(lines_of_apt(w, "update"), 4);
	open_sources(w, SOURCES_REFRESH);
	refuses(w, "2.1.4", "404");
	assert_int_equal(lines_of_apt(w, "update"), 8);
	w->packages[0] = "other";
	open_sources(w, 0);
	refuses(w, "2.1.4", "offered nowhere");
	assert_int_equal(lines_of_apt(w, "update"), 12);
}

static void a_lost_network_keeps_the_old_index(void **state)
{
	struct world *w = *state;

	write_apt(w);
	if (!write_origins(w))
		skip();
	stanza(w, "here", "2.1.3", SHA_A);
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3.orig.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	unlink(scratch_path(&w->scratch, "apt/here"));
	scratch_write(&w->scratch, "apt/here.says", "E: Failed to fetch it: could not connect\n");
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1", "2.1.3");
	assert_non_null(strstr(w->notes.s, "could not connect"));
	scratch_write(&w->scratch, "apt/here.says", "E: The signature is no good\n");
	open_sources(w, SOURCES_REFRESH);
	refuses(w, "2.1", "verified");
}

static void without_apt_the_origin_says_so(void **state)
{
	struct world *w = *state;

	vec_push_in(&w->settings.arena, &w->settings.origins, ORIGIN_DEBIAN);
	setenv("PATH", w->scratch.folder, 1);
	write_catalogue(w, w->httpd.url);
	open_sources(w, 0);
	refuses(w, "2.1", "no apt-get");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(versions_are_listed_newest_first),
		CASE(the_newest_that_is_really_there_is_chosen),
		CASE(a_choice_stays_the_same_for_a_while),
		CASE(the_cache_counts_and_offline_uses_nothing_else),
		CASE(what_no_index_lists_is_still_had_from_the_cache),
		CASE(mirrors_are_asked_in_the_order_of_the_settings),
		CASE(an_unknown_hash_needs_a_word),
		CASE(replaced_bytes_need_a_word),
		CASE(a_local_mirror_may_hold_more_but_not_unasked),
		CASE(the_lock_wins),
		CASE(a_dead_host_is_asked_once),
		CASE(servers_without_head_are_asked_otherwise),
		CASE(unknown_versions_name_what_there_is),
		CASE(the_package_index_is_read_when_needed_and_only_then),
		CASE(a_lost_network_keeps_the_old_index),
		CASE(without_apt_the_origin_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
