/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What source packages say about themselves. */
#include "base/arena.h"
#include "base/place.h"
#include "plan/source_facts.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

static const char control[] =
	"Source: tool\n"
	"Section: contrib/net\n"
	"Homepage: https://example.org/tool\n"
	"Build-Depends: debhelper (>= 12), dpkg-dev, ${x}, libz-dev | libother-dev,\n"
	" libssl-dev [linux-any] <!nocheck>\n"
	"\n"
	"Package: libtool-dev\n"
	"Description: its headers\n"
	"\n"
	"Package: tool\n"
	"Build-Depends: nothing\n"
	"Description: a tool\033[31m of red\n"
	" More of it.\n";

static void join(const struct strings *words, struct text *out)
{
	text_clear(out);
	for (size_t i = 0; i < words->n; i++)
		text_fmt(out, "%s%s", i ? " " : "", words->at[i]);
}

static void facts_are_read(void **state)
{
	struct arena a = ARENA_INIT;
	struct text words = TEXT_INIT;
	struct source_facts f;
	struct place place;
	struct error err;
	struct scratch s;

	(void)state;
	assert_true(place_load(&place, &err));
	scratch_make(&s);
	scratch_write(&s, "src/configure.ac", "");
	scratch_write(&s, "src/Makefile", "");
	scratch_write(&s, "src/COPYING", "");
	scratch_write(&s, "src/License.txt", "");
	scratch_write(&s, "src/COPYING {rm} \"x\"", "");
	scratch_write(&s, "src/debian/control", control);
	scratch_write(&s, "src/debian/copyright",
		"Files: debian/*\nLicense: Artistic\n\nFiles: *\nLicense: GPL-2+ and Expat\n text\n");
	scratch_write(&s, "src/debian/rules",
		"# --enable-not\n\tdh_auto_configure -- --with-a=b --disable-c -DNAME -Dd=e\n");
	scratch_write(&s, "src/debian/tool.postinst",
		"# adduser x\n  adduser --system tool\nchmod 4755 /usr/bin/tool\n");
	assert_int_equal(symlink("/etc/passwd", scratch_path(&s, "src/COPYRIGHT")), 0);
	scratch_write(&s, "src/debian/patches/one", "--- a/x\n+++ b/src/Makefile.am\n");
	assert_true(source_facts_read(&f, &place, scratch_path(&s, "src"), "tool", &a, &err));
	assert_string_equal(f.style, "gnu");
	assert_non_null(strstr(f.say, "autoreconf"));
	assert_string_equal(f.section, "Network");
	assert_string_equal(f.url, "https://example.org/tool");
	assert_string_equal(f.summary, "a tool of red");
	assert_string_equal(f.licence, "GPL-2.0-or-later AND MIT");
	join(&f.licence_files, &words);
	assert_string_equal(words.s, "COPYING License.txt");
	join(&f.built_with, &words);
	assert_string_equal(words.s, "debhelper libz-dev libssl-dev");
	join(&f.switches, &words);
	assert_string_equal(words.s, "--with-a=b --disable-c -Dd=e");
	assert_int_equal(f.users.n, 1);
	assert_string_equal(f.users.at[0], "adduser --system tool");
	assert_int_equal(f.modes.n, 1);
	/* with a configure script it is the patch that makes a new one necessary */
	scratch_write(&s, "src/configure", "");
	assert_true(source_facts_read(&f, &place, scratch_path(&s, "src"), "tool", &a, &err));
	assert_non_null(strstr(f.say, "autoreconf"));
	scratch_write(&s, "src/debian/patches/one", "--- a/x\n+++ b/src/tool.c\n");
	assert_true(source_facts_read(&f, &place, scratch_path(&s, "src"), "tool", &a, &err));
	assert_null(f.say);
	text_release(&words);
	arena_release(&a);
	scratch_remove(&s);
	place_release(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(facts_are_read)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
