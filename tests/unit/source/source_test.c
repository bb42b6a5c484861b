/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of sources and the choice: hand-made catalogues, a local server, a cache, locks. */
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
#include "sources_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void versions_are_listed_newest_first(void **state)
{
	struct sources_world *w = *state;
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
	struct sources_world *w = *state;

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

/* It was given up after 0.3 s; downloading waits for it. Who is not busy is asked first, even for an origin that comes later. */
static void a_busy_server_is_no_reason_against_a_version(void **state)
{
	struct sources_world *w = *state;
	struct archive_list list;

	httpd_stop(&w->httpd);
	httpd_start(&w->httpd, scratch_path(&w->scratch, "www"),
		"/tool-2.1.3.tar.xz status 503\n/tool-2.1.2.tar.xz status 500",
		scratch_path(&w->scratch, "log"));
	write_catalogue(w, w->httpd.url);
	scratch_write(&w->scratch, "www/tool-2.1.1.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_string_equal(w->choice.sha256, SHA_A);
	assert_false(w->choice.cached);
	assert_true(sources_versions(w->sources, "tool", true, &list, &w->err));
	assert_int_equal(list.at[0].reach, REACH_BUSY);
	assert_non_null(strstr(list.at[0].trouble, "503"));
	assert_int_equal(list.at[1].reach, REACH_NO);
}

/* Any release can be had that upstream's own list vouches for; of others it is said what there is. (Mutation: the first line
 * counts, or a list that is no origin's.) */
static void upstreams_list_vouches_for_what_no_index_has(void **state)
{
	struct sources_world *w = *state;
	const struct origins all = w->settings.origins;
	char catalogue[600];

	snprintf(catalogue, sizeof catalogue,
		"[series 2.1]\nurl = %s/tool-{version}.tar.xz\nsums = %s/sums.asc\narchive = 2.1.3 " SHA_A
		"\n[series 1.0]\nurl = %s/tool-{version}.tar.xz\narchive = 1.0.9 " SHA_D "\n",
		w->httpd.url, w->httpd.url, w->httpd.url);
	scratch_write(&w->scratch, "data/share/catalogue/tool", catalogue);
	scratch_write(&w->scratch, "www/tool-2.1.7.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "www/tool-2.1.8.tar.xz", "bytes\n");
	open_sources(w, 0);
	refuses(w, "2.1.7", "its list of digests");
	scratch_write(&w->scratch, "www/sums.asc",
		"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" SHA_B
		"  tool-2.1.7.tar.gz\n" SHA_C "  tool-2.1.7.tar.xz\n" SHA_B
		"  tool-2.1.8.tar.xz\n" SHA_C
		"  tool-2.1.8.tar.xz\n-----BEGIN PGP SIGNATURE-----\n");
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1.7", "2.1.7");
	assert_string_equal(w->choice.sha256, SHA_C);
	refuses(w, "2.1.8", "take one of 2.1.3"); /* two digests of one file */
	refuses(w, "2.1.9", "--accept tool-2.1.9");
	refuses(w, "1.0.1", "no index knows");
	open_sources(w, 0);
	chooses(w, "2.1.7", "2.1.7");
	assert_int_equal(httpd_count(&w->httpd, "GET /sums.asc"), 1);
	w->settings.origins.n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i] != ORIGIN_UPSTREAM)
			w->settings.origins.at[w->settings.origins.n++] = all.at[i];
	open_sources(w, 0);
	refuses(w, "2.1.7", "no index knows");
	w->settings.origins = all;
}

static void a_choice_stays_the_same_for_a_while(void **state)
{
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

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
	put_in_cache(w, SHA("dd00"), "tool_2.1.dfsg+really1.0.8+ds.orig.tar.xz");
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "1.0", "1.0.8");
}

static void what_no_index_lists_is_still_had_from_the_cache(void **state)
{
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;
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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;
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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

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

#define CASE(name) cmocka_unit_test_setup_teardown(name, sources_world_make, sources_world_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(versions_are_listed_newest_first),
		CASE(the_newest_that_is_really_there_is_chosen),
		CASE(a_busy_server_is_no_reason_against_a_version),
		CASE(upstreams_list_vouches_for_what_no_index_has),
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
