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
		"if [ -e %s/apt/mute ]; then case \"$*\" in *\"$(cat %s/apt/mute)\"*) exit 100 ;; esac; fi\n"
		"case \"$*\" in\n"
		"*FILENAME*) echo \"$(dirname \"$2\")/Sources\" ;;\n"
		"*indextargets*) echo '%s/|here|main|Mine|$(SIGNED_BY)'; echo '%s/|here-security|main|Mine|'; echo 'http://third.invalid/|here|main|Other|' ;;\n"
		"*update*)\n"
		"\tfolder=$(dirname \"$2\")\n"
		"\tsuite=$(sed -n 's/^Suites: //p' \"$folder/suite.sources\")\n"
		"\ttypes=$(sed -n 's/^Types: //p' \"$folder/suite.sources\")\n"
		"\tcase $types in deb) suite=$suite.deb; grep -q 'binary-$(ARCHITECTURE)/Packages\"' \"$2\" || exit 98 ;; deb-src) ;; *) exit 99 ;; esac\n"
		"\tif [ -e %s/apt/$suite ]; then cp %s/apt/$suite \"$folder/Sources\"; exit 0; fi\n"
		"\tif [ -e %s/apt/$suite.says ]; then cat %s/apt/$suite.says; exit 100; fi\n"
		"\techo \"E: The repository 'x $suite Release' does not have a Release file.\"; exit 100 ;;\n"
		"esac\n",
		home, home, home, w->httpd.url, w->httpd.url, home, home, home, home);
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
	int asked;

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
	assert_null(strstr(w->notes.s, "is asked again"));
	asked = lines_of_apt(w, "update");
	open_sources(w, 0);
	refuses(w, "2.2", "offered nowhere");
	assert_int_equal(lines_of_apt(w, "update"), asked);
	assert_non_null(strstr(w->notes.s, "could not connect"));
	assert_non_null(strstr(w->notes.s, "versions NAME --refresh` asks at once"));
	scratch_write(&w->scratch, "apt/here.says", "E: The signature is no good\n");
	open_sources(w, SOURCES_REFRESH);
	refuses(w, "2.1", "verified");
}

/* What is kept of one archive becomes more than 350 bytes. */
#define FOLDER "pool/main/" SHA_A SHA_B SHA_C "/"

/* More recipes than the world has: each names a package of its own, and the index has them all. */
static void write_many(struct sources_world *w, size_t n)
{
	struct arena *a = &w->scratch.place.arena;
	struct text index = TEXT_INIT;

	w->catalog.recipes.at = arena_alloc(a, n * sizeof(struct recipe *));
	for (w->catalog.recipes.n = 0; w->catalog.recipes.n < n; w->catalog.recipes.n++) {
		struct recipe *r = arena_alloc(a, sizeof *r);

		r->name = r->source = arena_fmt(a, "tool%.0zu", w->catalog.recipes.n);
		vec_push_in(a, &r->debian, r->name);
		w->catalog.recipes.at[w->catalog.recipes.n] = r;
		text_fmt(&index,
			"Package: %s\nVersion: 2.1.3-1\n"
			"Directory: " FOLDER "%s\n"
			"Checksums-Sha256:\n " SHA_A " 6 %s_2.1.3.orig.tar.xz\n\n",
			r->name, r->name, r->name);
	}
	scratch_write(&w->scratch, "apt/here", index.s);
	scratch_write(&w->scratch, "apt/here-security", index.s);
	text_release(&index);
}

static void any_number_of_recipes_is_remembered(void **state)
{
	static const char damaged[] = "format = 1\nquery = ?\narchive = tool 2.1.3\n";
	struct sources_world *w = *state;
	int asked;

	write_apt(w);
	if (!write_origins(w))
		skip();
	write_many(w, 3000);
	scratch_write(&w->scratch, "www/" FOLDER "tool/tool_2.1.3.orig.tar.xz", "bytes\n");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	asked = lines_of_apt(w, "update");
	open_sources(w, 0);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(lines_of_apt(w, "update"), asked);
	assert_null(strstr(w->notes.s, "read again"));
	scratch_write(&w->scratch, "cache/index/debian", damaged);
	open_sources(w, SOURCES_OFFLINE);
	refuses(w, "2.1.3", "offered nowhere");
	assert_non_null(strstr(w->notes.s, "debian:3: this line is damaged"));
	open_sources(w, 0);
	chooses(w, "2.1.3", "2.1.3");
}

static void patched(
	struct sources_world *w, const char *suite, const char *revision, const char *sha256)
{
	scratch_write(&w->scratch, arena_fmt(&w->scratch.place.arena, "apt/%s", suite),
		arena_fmt(&w->scratch.place.arena,
			"Package: tool\n"
			"Version: %s\n"
			"Directory: pool/t\n"
			"Checksums-Sha256:\n"
			" " SHA_A " 6 tool_2.1.3.orig.tar.xz\n"
			" " SHA_D " 7 tool_2.1.3.orig-data.tar.xz\n"
			" %s 8 tool_%s.debian.tar.xz\n",
			revision, sha256, revision));
}

static size_t parts_of(struct sources_world *w, bool patches, struct source_choices *out)
{
	struct source_wish wish = {.component = "tool",
		.avoid = &w->avoid,
		.lock = w->lock,
		.profile = "mine",
		.patches = patches};

	*out = (struct source_choices){0};
	if (!sources_choose_parts(w->sources, &wish, &w->choice, out, &w->err))
		return 99;
	return out->n;
}

/* The newest revision that can be had, wherever it is; none if nobody wants them; what a lock says, if there is one. */
static void patches_of_the_same_bytes_are_found(void **state)
{
	struct sources_world *w = *state;
	struct source_choices parts;

	write_apt(w);
	if (!write_origins(w))
		skip();
	patched(w, "here", "2.1.3-2+deb12u9", SHA_B);
	patched(w, "here-security", "2.1.3-2+deb12u10", SHA_C);
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3.orig.tar.xz", "bytes\n");
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3.orig-data.tar.xz", "further");
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3-2+deb12u9.debian.tar.xz", "patches\n");
	open_sources(w, 0);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 2);
	assert_string_equal(parts.at[0].component, "tool:data");
	assert_string_equal(parts.at[0].role, "data");
	assert_string_equal(parts.at[1].component, "tool:debian");
	assert_string_equal(parts.at[1].version, "2.1.3-2+deb12u9");
	assert_non_null(strstr(parts.at[1].why, "passed over: 2.1.3-2+deb12u10 from debian"));
	assert_int_equal(parts_of(w, false, &parts), 1);
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3-2+deb12u10.debian.tar.xz", "patches\n");
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 2);
	assert_string_equal(parts.at[1].version, "2.1.3-2+deb12u10");
	assert_int_equal(parts.at[1].sha256[0], 'c');
	unlink(scratch_path(&w->scratch, "www/pool/t/tool_2.1.3-2+deb12u9.debian.tar.xz"));
	unlink(scratch_path(&w->scratch, "www/pool/t/tool_2.1.3-2+deb12u10.debian.tar.xz"));
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 99);
	assert_non_null(strstr(w->err.text, "Debian's patches for tool 2.1.3 cannot be had: "));
	assert_non_null(strstr(w->err.text, "patches = tool=none"));
}

/* An apt-get that answers no more is no reason to build without patches: what it said holds, what it never said is refused. */
static void patches_are_not_forgotten_with_the_index(void **state)
{
	static const char *const mute[] = {"update", "FILENAME", "indextargets"};
	struct sources_world *w = *state;
	struct source_choices parts;

	write_apt(w);
	if (!write_origins(w))
		skip();
	patched(w, "here", "2.1.3-2+deb12u9", SHA_B);
	put_in_cache(w, SHA_A, "tool_2.1.3.orig.tar.xz");
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3.orig-data.tar.xz", "further");
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3-2+deb12u9.debian.tar.xz", "patches\n");
	open_sources(w, 0);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 2);
	for (size_t i = 0; i < sizeof mute / sizeof *mute; i++) {
		scratch_write(&w->scratch, "apt/mute", mute[i]);
		open_sources(w, SOURCES_REFRESH);
		chooses(w, "2.1.3", "2.1.3");
		assert_int_equal(parts_of(w, true, &parts), 2);
	}
	unlink(scratch_path(&w->scratch, "cache/index/debian"));
	open_sources(w, 0);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, false, &parts), 0);
	assert_int_equal(parts_of(w, true, &parts), 99);
	assert_non_null(strstr(w->err.text, "not known which patches Debian has for tool 2.1.3"));
	assert_non_null(strstr(w->err.text, "patches = tool=none"));
	open_sources(w, SOURCES_OFFLINE);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 99);
	unlink(scratch_path(&w->scratch, "apt/mute"));
	unlink(scratch_path(&w->scratch, "apt/here"));
	open_sources(w, SOURCES_REFRESH);
	chooses(w, "2.1.3", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 0); /* Debian has none, and says so */
}

static void a_lock_decides_about_patches(void **state)
{
	static const char first[] = "[source tool]\nversion = 2.1.3\nsha256 = " SHA_A "\n";
	static const char more[] =
		"[source tool:debian]\nversion = 2.1.3-2+deb12u8\nsha256 = " SHA_C
		"\nurl = http://old.invalid/tool_2.1.3-2+deb12u8.debian.tar.xz\n";
	struct sources_world *w = *state;
	struct source_choices parts;

	write_apt(w);
	if (!write_origins(w))
		skip();
	patched(w, "here", "2.1.3-2+deb12u9", SHA_B);
	scratch_write(&w->scratch, "mine.lock", first);
	w->lock = scratch_path(&w->scratch, "mine.lock");
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 0);
	assert_non_null(strstr(w->notes.s, "none of Debian's patches for tool"));
	scratch_write(
		&w->scratch, "mine.lock", arena_fmt(&w->scratch.place.arena, "%s%s", first, more));
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3");
	assert_int_equal(parts_of(w, true, &parts), 1);
	assert_string_equal(parts.at[0].version, "2.1.3-2+deb12u8");
	assert_string_equal(parts.at[0].role, "debian");
	assert_int_equal(parts.at[0].sha256[0], 'c');
	assert_int_equal(parts_of(w, false, &parts), 0);
}

/* They have an index of their own, which nobody reads who does not ask for one; what it lists is fetched like the rest. */
static void finished_packages_come_from_their_own_index(void **state)
{
	struct sources_world *w = *state;

	write_apt(w);
	if (!write_origins(w))
		skip();
	scratch_write(&w->scratch, "apt/here.deb",
		"Package: tool\nVersion: 2.1.3-1\nArchitecture: all\nFilename: pool/t/tool_2.1.3-1_all.deb\nSize: 6\nSHA256: " SHA_A
		"\n");
	stanza(w, "here", "2.1.4", SHA_B);
	scratch_write(&w->scratch, "www/pool/t/tool_2.1.3-1_all.deb", "bytes\n");
	w->recipe.archive = RECIPE_BINARY;
	open_sources(w, 0);
	chooses(w, "", "2.1.3-1");
	assert_string_equal(w->choice.file, "tool_2.1.3-1_all.deb");
	assert_true(scratch_has(&w->scratch, "cache/index/debian-binaries"));
	assert_false(scratch_has(&w->scratch, "cache/index/debian"));
	assert_int_equal(lines_of_apt(w, "update"), 4);
	/* it is known for a day */
	open_sources(w, 0);
	chooses(w, "2.1", "2.1.3-1");
	assert_int_equal(lines_of_apt(w, "update"), 4);
	/* of an origin that is not asked */
	w->settings.origins.n--;
	open_sources(w, 0);
	refuses(w, "2.2", "finished packages of the origin debian alone");
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
		CASE(any_number_of_recipes_is_remembered),
		CASE(patches_of_the_same_bytes_are_found),
		CASE(patches_are_not_forgotten_with_the_index),
		CASE(a_lock_decides_about_patches),
		CASE(finished_packages_come_from_their_own_index),
		CASE(without_apt_the_origin_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
