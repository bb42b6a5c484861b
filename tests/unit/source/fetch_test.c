/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Downloads from a server that misbehaves in every way we could think of: no wrong file is accepted, nothing hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "httpd.h"
#include "scratch.h"
#include "source/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 300000, SOME = 100000, HANG_S = 60 };

struct world {
	struct scratch scratch;
	struct httpd httpd;
	char *bytes;
	char sha256[HASH_HEX];
	struct fetch fetch;
	struct strings urls;
	struct error err;
	struct text notes;
};

static void keep_note(void *ctx, const char *sentence)
{
	struct world *w = ctx;

	text_fmt(&w->notes, "%s\n", sentence);
}

static void write_bytes(struct world *w, const char *relative, const void *bytes, size_t len)
{
	assert_true(place_write_file(scratch_path(&w->scratch, relative), bytes, len, &w->err));
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	uint32_t random = 12345;

	assert_non_null(w);
	scratch_make(&w->scratch);
	w->notes = (struct text)TEXT_INIT;
	w->bytes = malloc(SIZE);
	assert_non_null(w->bytes);
	for (size_t i = 0; i < SIZE; i++) {
		random = random * 1664525 + 1013904223;
		w->bytes[i] = (char)(random >> 24);
	}
	hash_bytes(w->bytes, SIZE, w->sha256);
	assert_true(place_make_folder(scratch_path(&w->scratch, "www"), &w->err));
	assert_true(place_make_folder(scratch_path(&w->scratch, "got"), &w->err));
	write_bytes(w, "www/a", w->bytes, SIZE);
	write_bytes(w, "www/mirror", w->bytes, SIZE);
	w->fetch = (struct fetch){.path = scratch_path(&w->scratch, "got/a"),
		.sha256 = w->sha256,
		.size = SIZE,
		.urls = &w->urls,
		.bad = scratch_path(&w->scratch, "bad"),
		.stall_s = 1,
		.connect_ms = 2000,
		.pause_ms = 10,
		.note = keep_note,
		.ctx = w};
	alarm(HANG_S);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	alarm(0);
	httpd_stop(&w->httpd);
	vec_release(&w->urls);
	text_release(&w->notes);
	scratch_remove(&w->scratch);
	free(w->bytes);
	free(w);
	return 0;
}

static void serve(struct world *w, const char *rules)
{
	httpd_start(&w->httpd, scratch_path(&w->scratch, "www"), rules,
		scratch_path(&w->scratch, "log"));
}

static void add_url(struct world *w, const char *path)
{
	vec_push(&w->urls, arena_fmt(&w->scratch.place.arena, "%s%s", w->httpd.url, path));
}

/* Either the right file has its name, or there is none of that name. */
static bool fetch(struct world *w)
{
	bool ok;

	w->err = (struct error){0};
	text_clear(&w->notes);
	ok = fetch_file(&w->fetch, &w->err);
	if (ok && w->fetch.sha256) {
		char got[HASH_HEX];

		assert_true(hash_file(w->fetch.path, got, &w->err));
		assert_string_equal(got, w->sha256);
		assert_false(scratch_has(&w->scratch, "got/a.part"));
		assert_false(scratch_has(&w->scratch, "got/a.resume"));
	}
	if (!ok) {
		assert_false(scratch_has(&w->scratch, "got/a"));
		assert_int_equal(w->err.kind, ERROR_SOURCE);
	}
	return ok;
}

struct fault {
	const char *rules;
	bool good;	     /* the file is had in the end */
	const char *request; /* a line of the server's log, NULL: any */
	const char *says;    /* part of the error, in words of ours; "http": the address at least */
	bool size_unknown;
};

static const struct fault faults[] = {
	{NULL, true, "GET /a ", NULL, false},
	{NULL, true, "GET /a ", NULL, true},
	{"/a die 100000 x1", true, "GET /a bytes=100000-", NULL, false},
	{"/a die 0 x1", true, NULL, NULL, false},
	{"/a die 60000 x3", true, NULL, NULL, false},
	{"/a stall 100000 x1", true, "GET /a bytes=100000-", NULL, false},
	{"/a silent x1", true, NULL, NULL, false},
	{"/a close x1", true, NULL, NULL, false},
	{"/a late 300", true, NULL, NULL, false},
	{"/a drip x1", true, NULL, NULL, false},
	{"/a status 503 x1", true, NULL, NULL, false},
	{"/a status 429@2 x1", true, NULL, NULL, false},
	{"/a status 503@Fri,_31_Dec_2100_23:59:59_GMT", false, NULL, "left alone", false},
	{"/a status 429@3600", false, NULL, "left alone", false},
	{"/a status 500", false, NULL, "500", false},
	{"/a status 404", false, NULL, "404", false},
	{"/a status 403", false, NULL, "403", false},
	{"/a die 100000 x1\n/a norange", true, "GET /a bytes=100000-", NULL, false},
	{"/a die 100000 x1\n/a shifted-range x1", true, NULL, NULL, false},
	{"/a die 100000 x1\n/a other-total x1", true, NULL, NULL, false},
	{"/a die 100000 x1\n/a refuse-range x1", true, "GET /a bytes=100000-", NULL, false},
	{"/a die 100000 x1\n/a flip", false, NULL, "wrong bytes", false},
	{"/a short 100000", false, NULL, "instead of 300000", false},
	{"/a short 100000", false, NULL, "wrong bytes", true},
	{"/a flip", false, NULL, "wrong bytes", false},
	{"/a long 10", false, NULL, "more than 300000", false},
	{"/a long 10", false, NULL, "wrong bytes", true},
	{"/a endless", false, NULL, "more than 300000", false},
	{"/a announce 5000000000", false, NULL, "instead of 300000", false},
	{"/a announce 5000000000", false, NULL, "more than any source", true},
	{"/a redirect self", false, NULL, "http", false},
	{"/a redirect file:///etc/passwd", false, NULL, "http", false},
	{"/a redirect ftp://127.0.0.1/a", false, NULL, "http", false},
	{"/a redirect /mirror", true, "GET /mirror ", NULL, false},
	{"/a headers", false, NULL, "http", false},
	{"/a garbage", false, NULL, "http", false},
	{"/a empty", false, NULL, "nothing", false},
	{"/a weak", true, NULL, NULL, false},
	{"/a no-names", true, NULL, NULL, false},
};

static void no_fault_gets_a_wrong_file_accepted(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		const struct fault *f = &faults[i];

		serve(w, f->rules);
		w->urls.n = 0;
		add_url(w, "/a");
		w->fetch.size = f->size_unknown ? 0 : SIZE;
		if (fetch(w) != f->good)
			fail_msg("%s: %s\n%s", f->rules ? f->rules : "no fault", w->err.text,
				w->notes.s);
		if (f->says && !strcasestr(w->err.text, f->says))
			fail_msg("%s: the error should say '%s': %s", f->rules, f->says,
				w->err.text);
		if (f->request && !httpd_count(&w->httpd, f->request))
			fail_msg("%s: there was no request '%s'", f->rules, f->request);
		httpd_stop(&w->httpd);
		unlink(scratch_path(&w->scratch, "log"));
		assert_true(place_remove(scratch_path(&w->scratch, "got"), &w->err));
		alarm(HANG_S);
	}
}

/* The wait is as long as the server asks for, in seconds or until a date, and said to whoever looks on. */
static void a_busy_server_is_waited_for_as_it_asks(void **state)
{
	struct world *w = *state;
	time_t then;
	struct timespec before, after;
	char rule[100], date[40];
	struct tm tm;

	serve(w, "/a status 503@2 x1");
	w->fetch.tell = keep_note;
	add_url(w, "/a");
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_true(fetch(w));
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec >= 1);
	assert_non_null(strstr(w->notes.s, "the server answers 503; it is asked again in "));
	httpd_stop(&w->httpd);
	assert_true(unlink(w->fetch.path) == 0);
	then = time(NULL) + 4;
	strftime(date, sizeof date, "%a,_%d_%b_%Y_%H:%M:%S_GMT", gmtime_r(&then, &tm));
	snprintf(rule, sizeof rule, "/a status 429@%s x1", date);
	serve(w, rule);
	w->urls.n = 0;
	add_url(w, "/a");
	assert_true(fetch(w));
	assert_non_null(strstr(w->notes.s, "the server answers 429; it is asked again in "));
	assert_true(time(NULL) >= then - 1);
}

static void the_next_url_is_asked_and_the_wrong_file_kept_aside(void **state)
{
	struct world *w = *state;
	char *note;

	serve(w, "/a flip");
	add_url(w, "/gone");
	add_url(w, "/a");
	add_url(w, "/mirror");
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET /a "), 1);
	w->bytes[SIZE / 2] ^= 1;
	hash_bytes(w->bytes, SIZE, w->sha256);
	note = scratch_read(
		&w->scratch, arena_fmt(&w->scratch.place.arena, "bad/%.12s-a.note", w->sha256));
	assert_non_null(note);
	assert_non_null(strstr(note, "/a\n"));
	assert_non_null(strstr(note, w->sha256));
	free(note);
}

static void both_digests_are_named(void **state)
{
	struct world *w = *state;
	char flipped[HASH_HEX];

	serve(w, "* flip");
	add_url(w, "/a");
	add_url(w, "/mirror");
	assert_false(fetch(w));
	w->bytes[SIZE / 2] ^= 1;
	hash_bytes(w->bytes, SIZE, flipped);
	assert_non_null(strstr(w->err.text, w->sha256));
	assert_non_null(strstr(w->err.text, flipped));
}

static void leave_part(struct world *w, const char *bytes, size_t len, const char *validator)
{
	write_bytes(w, "got/a.part", bytes, len);
	scratch_write(&w->scratch, "got/a.resume",
		arena_fmt(&w->scratch.place.arena, "url = %s/a\nvalidator = %s\ntotal = %d\n",
			w->httpd.url, validator, SIZE));
}

static void a_changed_file_begins_anew(void **state)
{
	struct world *w = *state;

	serve(w, NULL);
	add_url(w, "/a");
	leave_part(w, w->bytes + 7, SOME, "\"old\"");
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET /a bytes=100000-"), 1);
}

static void a_server_that_mixes_two_files_is_asked_for_one(void **state)
{
	struct world *w = *state;

	serve(w, "/a lie-range");
	add_url(w, "/a");
	leave_part(w, w->bytes + 7, SOME, "\"old\"");
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET /a bytes=100000-"), 1);
	assert_int_equal(httpd_count(&w->httpd, "GET /a \n"), 1);
}

static void a_part_without_a_name_is_continued_when_the_digest_decides(void **state)
{
	struct world *w = *state;

	serve(w, "/a no-names");
	add_url(w, "/a");
	leave_part(w, w->bytes, SOME, "");
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET /a bytes=100000-"), 1);
	unlink(w->fetch.path);
	leave_part(w, w->bytes, SOME, "");
	w->fetch.sha256 = NULL;
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET /a \n"), 1);
}

static void a_whole_part_needs_no_network(void **state)
{
	struct world *w = *state;

	serve(w, NULL);
	add_url(w, "/a");
	leave_part(w, w->bytes, SIZE, "\"same\"");
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET"), 0);
}

static void a_part_of_another_url_is_not_lost_to_a_dead_one(void **state)
{
	struct world *w = *state;

	serve(w, NULL);
	leave_part(w, w->bytes, SOME, "");
	add_url(w, "/gone");
	add_url(w, "/a");
	assert_true(fetch(w));
	assert_int_equal(httpd_count(&w->httpd, "GET /a bytes=100000-"), 1);
}

static void local_files_and_odd_urls(void **state)
{
	struct world *w = *state;
	struct arena *a = &w->scratch.place.arena;

	vec_push(&w->urls, "ftp://127.0.0.1/a");
	vec_push(&w->urls, "/etc/passwd");
	vec_push(&w->urls, "file:///no/such/file");
	assert_false(fetch(w));
	vec_push(&w->urls, arena_fmt(a, "file://%s", scratch_path(&w->scratch, "www/a")));
	assert_true(fetch(w));
	unlink(w->fetch.path);
	w->urls.n = 0;
	assert_false(fetch(w));
}

static void passwords_are_not_shown(void **state)
{
	struct world *w = *state;

	serve(w, "* status 404");
	vec_push(&w->urls, arena_fmt(&w->scratch.place.arena, "http://%s@%s/a", "user:secret",
				   strstr(w->httpd.url, "127")));
	assert_false(fetch(w));
	assert_null(strstr(w->err.text, "secret"));
	assert_null(strstr(w->notes.s, "secret"));
}

static void nobody_listens(void **state)
{
	struct world *w = *state;

	serve(w, NULL);
	add_url(w, "/a");
	httpd_stop(&w->httpd);
	assert_false(fetch(w));
	assert_non_null(strstr(w->err.text, "connect"));
}

/* A proxy of one URL is used for that one alone. */
static void a_proxy_is_asked_for_its_url(void **state)
{
	struct world *w = *state;
	struct strings proxies = {0};
	char proxy[60];

	serve(w, NULL);
	snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", w->httpd.port);
	vec_push(&w->urls, "http://archive.invalid/gone");
	vec_push(&proxies, proxy);
	add_url(w, "/a");
	vec_push(&proxies, "");
	w->fetch.proxies = &proxies;
	assert_true(fetch(w));
	assert_non_null(strstr(w->notes.s,
		"fetching http://archive.invalid/gone through the package manager's proxy"));
	assert_null(strstr(w->notes.s, "/a through"));
	vec_release(&proxies);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(no_fault_gets_a_wrong_file_accepted),
		CASE(a_busy_server_is_waited_for_as_it_asks),
		CASE(the_next_url_is_asked_and_the_wrong_file_kept_aside),
		CASE(both_digests_are_named),
		CASE(a_changed_file_begins_anew),
		CASE(a_server_that_mixes_two_files_is_asked_for_one),
		CASE(a_part_without_a_name_is_continued_when_the_digest_decides),
		CASE(a_whole_part_needs_no_network),
		CASE(a_part_of_another_url_is_not_lost_to_a_dead_one),
		CASE(local_files_and_odd_urls),
		CASE(passwords_are_not_shown),
		CASE(nobody_listens),
		CASE(a_proxy_is_asked_for_its_url),
	};

	unsetenv("http_proxy");
	unsetenv("all_proxy");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
