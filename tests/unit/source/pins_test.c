/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lock files: what is printed can be read back; where they belong; what is not a lock file. */
#include "base/arena.h"
#include "base/text.h"
#include "scratch.h"
#include "source/pins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct scratch s;
static struct arena arena;
static struct pins pins;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	scratch_remove(&s);
	return 0;
}

static bool read_lock(const char *content)
{
	scratch_write(&s, "x.lock", content);
	return pins_read(&pins, scratch_path(&s, "x.lock"), &arena, &err);
}

static void what_is_printed_is_read(void **state)
{
	struct archive from[] = {{.origin = ORIGIN_CACHE, .url = "file:///here/tool-2.tar.xz"},
		{.origin = ORIGIN_MIRROR, .url = "file:///mine/tool-2.tar.xz"},
		{.origin = ORIGIN_UPSTREAM, .url = "https://example.org/tool-2.tar.xz"},
		{.origin = ORIGIN_DEBIAN, .url = "http://example.com/pool/tool_2.orig.tar.xz"}};
	struct source_choice c[] = {{.component = "tool",
					    .version = "2",
					    .sha256 = A,
					    .size = 5000000000,
					    .from = {from, 4, 4}},
		{.component = "other", .version = "1.0", .sha256 = A, .from = {from, 2, 2}},
		{.component = "bare", .version = "3", .sha256 = A, .from = {from, 1, 1}}};
	struct text out = TEXT_INIT;
	const struct pin *pin;

	(void)state;
	pins_print(c, 3, &out);
	assert_true(read_lock(out.s));
	assert_int_equal(pins.n, 3);
	pin = pins_find(&pins, "tool");
	assert_string_equal(pin->version, "2");
	assert_string_equal(pin->sha256, A);
	assert_int_equal(pin->size, 5000000000);
	/* what others cannot use is omitted as long as there is something else */
	assert_int_equal(pin->urls.n, 2);
	assert_string_equal(pin->urls.at[0], "https://example.org/tool-2.tar.xz");
	assert_string_equal(pin->urls.at[1], "http://example.com/pool/tool_2.orig.tar.xz");
	pin = pins_find(&pins, "other");
	assert_int_equal(pin->urls.n, 1);
	assert_string_equal(pin->urls.at[0], "file:///mine/tool-2.tar.xz");
	assert_int_equal(pins_find(&pins, "bare")->urls.n, 0);
	assert_null(pins_find(&pins, "nothing"));
	text_release(&out);
}

static void no_lock_pins_nothing(void **state)
{
	(void)state;
	assert_true(pins_read(&pins, NULL, &arena, &err));
	assert_int_equal(pins.n, 0);
	assert_true(pins_read(&pins, "", &arena, &err));
	assert_true(pins_read(&pins, scratch_path(&s, "none"), &arena, &err));
	assert_int_equal(pins.n, 0);
	assert_true(read_lock("[something else]\nkey = value\n"));
	assert_int_equal(pins.n, 0);
}

static void refuses(const char *content, const char *says)
{
	assert_false(read_lock(content));
	assert_int_equal(err.kind, ERROR_PROFILE);
	assert_int_equal(pins.n, 0);
	if (!strstr(err.text, says))
		fail_msg("not said: %s\nbut: %s", says, err.text);
}

static void what_is_no_lock_is_refused(void **state)
{
	(void)state;
	refuses("[source a]\nversion = 1\n", "[source a] needs a version and a sha256");
	refuses("[source a]\nsha256 = " A "\n", "[source a] needs a version and a sha256");
	refuses("[source a]\nversion = 1\nsha256 = abc\n", "64 hex digits");
	refuses("[source a]\nversion = 1\nsha256 = " A "\n[source a]\n", "there twice");
	refuses("[source a]\nversion = 1\nshasum = " A "\n", "shasum");
	refuses("[source a]\nversion = 1\nsha256 = " A "\nsize = -1\n", "x.lock");
	refuses("", "names no source");
	refuses("# nothing\n", "names no source");
}

/* Each is compared with those before it. */
static void a_lock_is_not_endless(void **state)
{
	struct text lock = TEXT_INIT;

	(void)state;
	for (int i = 0; i <= 1000; i++)
		text_fmt(&lock, "[source a%d]\nversion = 1\nsha256 = " A "\n", i);
	refuses(lock.s, "more than 1000 sources");
	text_release(&lock);
}

static const char *where(const char *path, bool shipped)
{
	struct profile p = {.name = "mine", .path = path, .shipped = shipped};
	struct place place = {.profiles = "/mine/of/bootsmith/profiles"};
	struct text out = TEXT_INIT;
	const char *copy;

	pins_path(&p, &place, &out);
	copy = arena_str(&arena, out.s);
	text_release(&out);
	return copy;
}

static void a_lock_lies_beside_its_profile(void **state)
{
	const char *path = scratch_path(&s, "a.b/mine.profile");

	(void)state;
	scratch_write(&s, "a.b/mine.profile", "");
	scratch_write(&s, "a.b/plain", "");
	assert_string_equal(where(path, false), scratch_path(&s, "a.b/mine.lock"));
	assert_string_equal(
		where(scratch_path(&s, "a.b/plain"), false), scratch_path(&s, "a.b/plain.lock"));
	assert_string_equal(where(path, true), "/mine/of/bootsmith/locks/mine.lock");
	assert_string_equal(where(NULL, false), "");
	if (geteuid() == 0)
		return; /* who may write everywhere */
	assert_int_equal(chmod(scratch_path(&s, "a.b"), 0555), 0);
	assert_memory_equal(where(path, false), "/mine/of/bootsmith/locks/mine-", 30);
	assert_int_equal(chmod(scratch_path(&s, "a.b"), 0755), 0);
}

/* An existing lock counts, whether or not another one could be written. */
static void a_folder_that_cannot_be_written_has_its_lock_elsewhere(void **state)
{
	const char *elsewhere = where("/proc/self/mine.profile", false);

	(void)state;
	assert_memory_equal(elsewhere, "/mine/of/bootsmith/locks/mine-", 30);
	assert_int_equal(strlen(elsewhere), strlen("/mine/of/bootsmith/locks/mine-01234567.lock"));
	assert_string_not_equal(elsewhere, where("/proc/1/mine.profile", false));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_printed_is_read),
		CASE(no_lock_pins_nothing),
		CASE(what_is_no_lock_is_refused),
		CASE(a_lock_is_not_endless),
		CASE(a_lock_lies_beside_its_profile),
		CASE(a_folder_that_cannot_be_written_has_its_lock_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
