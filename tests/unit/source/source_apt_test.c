/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The origin `debian` as the index of sources asks it: a make-believe apt-get, its index, and what becomes of it offline. */
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

/* An apt-get that reads its "archive" from a folder: SUITE is its Sources file, SUITE.says what it complains about. */
static void write_apt(struct sources_world *w)
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
static bool write_origins(struct sources_world *w)
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

static void stanza(
	struct sources_world *w, const char *suite, const char *version, const char *sha256)
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

static int lines_of_apt(struct sources_world *w, const char *word)
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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

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
	struct sources_world *w = *state;

	vec_push_in(&w->settings.arena, &w->settings.origins, ORIGIN_DEBIAN);
	setenv("PATH", w->scratch.folder, 1);
	write_catalogue(w, w->httpd.url);
	open_sources(w, 0);
	refuses(w, "2.1", "no apt-get");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, sources_world_make, sources_world_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_package_index_is_read_when_needed_and_only_then),
		CASE(a_lost_network_keeps_the_old_index),
		CASE(without_apt_the_origin_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
