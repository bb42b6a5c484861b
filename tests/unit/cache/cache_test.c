/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cache folder: preparing, reporting, verifying, cleaning. */
#include "base/arena.h"
#include "base/boot_id.h"
#include "base/hash.h"
#include "base/lock.h"
#include "base/text.h"
#include "cache/cache.h"
#include "cache/cache_entry.h"
#include "cache/twin.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void record(struct scratch *s, const char *entry)
{
	const char *path = scratch_path(s, entry);
	struct error err;

	assert_true(cache_record(s->place.cache, path, path, &err));
}

static void fill(struct scratch *s)
{
	char hex[HASH_HEX];
	struct error err;

	hash_bytes("archive", 7, hex);
	assert_true(cache_prepare(&s->place, &err));
	scratch_write(s, arena_fmt(&s->place.arena, "cache/source/%s/a.tar", hex), "archive");
	scratch_write(s, "cache/stage/a-1/bin/x", "12345");
	scratch_write(s, "cache/tree/a-2/Makefile", "all:\n");
	scratch_write(s, "cache/work/b-3/half", "h");
	record(s, "cache/stage/a-1");
	record(s, "cache/tree/a-2");
}

static void preparing_says_what_is_wrong(void **state)
{
	struct scratch s;
	struct error err = {0};

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "cache", "a file");
	assert_false(cache_prepare(&s.place, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, "is a file"));
	unlink(s.place.cache);
	assert_true(cache_prepare(&s.place, &err));
	assert_true(cache_prepare(&s.place, &err));
	assert_true(scratch_has(&s, "cache/lock"));
	if (geteuid() == 0) {
		assert_int_equal(chown(scratch_path(&s, "cache/lock"), 65534, 65534), 0);
		assert_false(cache_prepare(&s.place, &err));
		assert_int_equal(err.kind, ERROR_HOST);
		assert_non_null(strstr(err.text, "belongs to"));
		assert_non_null(strstr(err.text, "BOOTSMITH_CACHE"));
	}
	scratch_remove(&s);
}

/* The record of an entry's files lies beside it and counts, too. */
static uint64_t record_size(struct scratch *s, const char *entry)
{
	struct stat st;

	assert_int_equal(stat(scratch_path(s, entry), &st), 0);
	return (uint64_t)st.st_size;
}

static void the_report_adds_up(void **state)
{
	struct scratch s;
	struct cache_report r;
	struct error err;
	uint64_t sum = 0;

	(void)state;
	scratch_make(&s);
	fill(&s);
	assert_true(cache_report(&r, &s.place, &err));
	assert_int_equal(r.entries.n, 4);
	assert_int_equal(r.entries.at[0].kind, CACHE_SOURCE);
	assert_string_equal(r.entries.at[0].name, "a.tar");
	assert_int_equal(r.entries.at[0].bytes, 7);
	assert_string_equal(r.entries.at[1].name, "a-1");
	assert_int_equal(r.entries.at[1].bytes, 5 + record_size(&s, "cache/record/stage-a-1"));
	for (size_t i = 0; i < r.entries.n; i++)
		sum += r.entries.at[i].bytes;
	assert_int_equal(sum, r.bytes);
	cache_report_release(&r);
	scratch_remove(&s);
}

static void collect_bad(void *ctx, const char *name, const char *reason)
{
	text_fmt(ctx, "%s: %s|", name, reason);
}

static void assert_bad(struct scratch *s, const char *expected, uint64_t checked)
{
	struct text bad = TEXT_INIT;
	struct error err;
	uint64_t n;

	assert_true(cache_verify(&s->place, collect_bad, &bad, &n, &err));
	assert_int_equal(n, checked);
	if (*expected)
		assert_non_null(strstr(bad.s, expected));
	else
		assert_string_equal(bad.s, "");
	text_release(&bad);
}

static void verification_finds_what_changed(void **state)
{
	struct scratch s;
	char hex[HASH_HEX];

	(void)state;
	scratch_make(&s);
	fill(&s);
	assert_bad(&s, "", 3);
	scratch_write(&s, "cache/stage/a-1/bin/x", "12346");
	assert_bad(&s, "a-1: bin/x is not what it was|", 3);
	scratch_write(&s, "cache/stage/a-1/bin/x", "12345");
	assert_int_equal(chmod(scratch_path(&s, "cache/stage/a-1/bin/x"), 0755), 0);
	assert_bad(&s, "a-1: bin/x is not what it was|", 3);
	assert_int_equal(unlink(scratch_path(&s, "cache/tree/a-2/Makefile")), 0);
	assert_bad(&s, "a-2: it has 0 files", 3);
	hash_bytes("archive", 7, hex);
	scratch_write(&s, arena_fmt(&s.place.arena, "cache/source/%s/a.tar", hex), "Archive");
	assert_bad(&s, "a.tar: its SHA-256 is ", 3);
	scratch_remove(&s);
}

static const char *damage(struct scratch *s, const char *relative, bool content)
{
	struct cache_finding f = {.damage = TEXT_INIT};
	const char *out;

	cache_check(s->place.cache, relative, content, &f);
	out = arena_str(&s->place.arena, f.checked ? f.damage.s : "not checked");
	text_release(&f.damage);
	return out;
}

/* A changed byte that nothing but the content can tell: the file's own times are put back, as somebody who hides would. */
static void change_in_place(struct scratch *s, const char *path, const char *content)
{
	struct timespec times[2];
	struct stat st;

	assert_int_equal(stat(scratch_path(s, path), &st), 0);
	scratch_write(s, path, content);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, scratch_path(s, path), times, 0), 0);
}

static void what_is_used_is_compared(void **state)
{
	struct scratch s;
	struct text where = TEXT_INIT;
	struct error err;

	(void)state;
	scratch_make(&s);
	fill(&s);
	assert_string_equal(damage(&s, "stage/a-1", false), "");
	assert_string_equal(damage(&s, "stage/b-9", false), "not checked");
	change_in_place(&s, "cache/stage/a-1/bin/x", "12346");
	assert_string_equal(damage(&s, "stage/a-1", false), "bin/x is not what it was");
	change_in_place(&s, "cache/stage/a-1/bin/x", "12345"); /* touched, but the same */
	assert_string_equal(damage(&s, "stage/a-1", false), "");
	scratch_write(&s, "cache/stage/a-1/bin/y", "");
	assert_non_null(strstr(damage(&s, "stage/a-1", false), "it has 3 files"));
	assert_true(cache_set_aside(s.place.cache, "stage/a-1", &where, &err));
	assert_string_equal(where.s, scratch_path(&s, "cache/bad/stage-a-1"));
	assert_true(scratch_has(&s, "cache/bad/stage-a-1/bin/y"));
	assert_false(scratch_has(&s, "cache/record/stage-a-1"));
	assert_false(scratch_has(&s, "cache/stage/a-1"));
	scratch_write(&s, "cache/record/tree-a-2", "bootsmith-record 2 1 5 x\nrubbish\n");
	assert_string_equal(damage(&s, "tree/a-2", false), "its record is damaged");
	text_release(&where);
	scratch_remove(&s);
}

/* The content of files that nobody touched is read when all is asked for, and once after a restart. */
static void untouched_files_are_believed_until_a_restart(void **state)
{
	struct scratch s;
	struct text was = TEXT_INIT, boot = TEXT_INIT;
	struct error err;
	char *hash;

	(void)state;
	scratch_make(&s);
	fill(&s);
	assert_true(text_read_file(&was, scratch_path(&s, "cache/record/stage-a-1"), 4096, &err));
	/* as if the disk had changed the byte by itself: the record knows the times, but another content */
	hash = strstr(was.s, " bin/x") - 1;
	*hash = *hash == '0' ? '1' : '0';
	scratch_write(&s, "cache/record/stage-a-1", was.s);
	assert_string_equal(damage(&s, "stage/a-1", false), "");
	assert_string_equal(damage(&s, "stage/a-1", true), "bin/x is not what it was");
	boot_id(&boot);
	memset(strstr(was.s, boot.s), 'x', boot.len);
	scratch_write(&s, "cache/record/stage-a-1", was.s);
	assert_string_equal(damage(&s, "stage/a-1", false), "bin/x is not what it was");
	text_release(&was);
	text_release(&boot);
	scratch_remove(&s);
}

/* A source tree of very many files has one digest, which knows what was touched. */
static void large_trees_have_one_digest_and_stages_none(void **state)
{
	char hex[HASH_HEX];
	struct scratch s;

	(void)state;
	scratch_make(&s);
	fill(&s);
	for (int i = 0; i < 4100; i++)
		scratch_write(&s, arena_fmt(&s.place.arena, "cache/tree/a-2/d/%d", i), "x");
	record(&s, "cache/tree/a-2");
	assert_true(record_size(&s, "cache/record/tree-a-2") < 200);
	assert_string_equal(damage(&s, "tree/a-2", false), "");
	change_in_place(&s, "cache/tree/a-2/d/7", "y");
	assert_string_equal(damage(&s, "tree/a-2", false), "files in it were changed");
	assert_int_equal(
		rename(scratch_path(&s, "cache/tree/a-2"), scratch_path(&s, "cache/stage/b-1")), 0);
	record(&s, "cache/stage/b-1");
	assert_true(twin_content(s.place.cache, scratch_path(&s, "cache/stage/b-1"), hex));
	change_in_place(&s, "cache/stage/b-1/d/7", "z");
	assert_string_equal(damage(&s, "stage/b-1", false), "d/7 is not what it was");
	/* one that was recorded when stages had digests, too */
	assert_int_equal(
		rename(scratch_path(&s, "cache/stage/b-1"), scratch_path(&s, "cache/tree/a-2")), 0);
	record(&s, "cache/tree/a-2");
	assert_int_equal(
		rename(scratch_path(&s, "cache/tree/a-2"), scratch_path(&s, "cache/stage/b-1")), 0);
	assert_int_equal(rename(scratch_path(&s, "cache/record/tree-a-2"),
				 scratch_path(&s, "cache/record/stage-b-1")),
		0);
	assert_string_equal(damage(&s, "stage/b-1", false), "");
	scratch_remove(&s);
}

static uint64_t clean(struct scratch *s, bool keep_sources, long days, bool only_look)
{
	struct cache_cleaning what = {keep_sources, days, only_look};
	struct cache_report r;
	struct error err;
	uint64_t bytes;

	assert_true(cache_clean(&r, &s->place, &what, &err));
	bytes = r.bytes;
	cache_report_release(&r);
	return bytes;
}

static void cleaning_passes_over_what_is_used(void **state)
{
	struct scratch s;
	struct error err;
	uint64_t expected;
	int used, run;

	(void)state;
	scratch_make(&s);
	fill(&s);
	scratch_write(&s, "cache/run/1-p/events", "");
	scratch_write(&s, "cache/run/2-p/events", "");
	assert_true(lock_try(scratch_path(&s, "cache/lock/stage-a-1"), LOCK_USE, &used, &err) &&
		    used >= 0);
	assert_true(lock_try(scratch_path(&s, "cache/run/2-p/lock"), LOCK_ALONE, &run, &err) &&
		    run >= 0);
	expected = 6 + record_size(&s, "cache/record/tree-a-2");
	assert_int_equal(clean(&s, true, -1, true), expected);
	assert_true(scratch_has(&s, "cache/tree/a-2"));
	assert_true(scratch_has(&s, "cache/run/1-p"));
	assert_int_equal(clean(&s, true, -1, false), expected);
	assert_true(scratch_has(&s, "cache/stage/a-1"));
	assert_true(scratch_has(&s, "cache/run/2-p"));
	assert_false(scratch_has(&s, "cache/run/1-p"));
	assert_false(scratch_has(&s, "cache/tree/a-2"));
	assert_false(scratch_has(&s, "cache/record/tree-a-2"));
	assert_false(scratch_has(&s, "cache/work/b-3"));
	lock_release(used);
	lock_release(run);
	clean(&s, true, 1, false);
	assert_true(scratch_has(&s, "cache/stage/a-1"));
	clean(&s, false, -1, false);
	assert_false(scratch_has(&s, "cache/stage/a-1"));
	assert_false(scratch_has(&s, "cache/lock/stage-a-1"));
	assert_int_equal(rmdir(scratch_path(&s, "cache/source")), 0);
	assert_int_equal(rmdir(scratch_path(&s, "cache/tmp")), 0);
	scratch_remove(&s);
}

/* A cleaning that was killed leaves what it had renamed away: it is counted, and the next cleaning or build collects it. A file
 * in the making is nobody's trash. */
static void trash_is_counted_and_collected(void **state)
{
	struct scratch s;
	struct cache_report r;
	struct error err;

	(void)state;
	scratch_make(&s);
	assert_true(cache_prepare(&s.place, &err));
	scratch_write(&s, "cache/tmp/trash-1-0/bin/x", "12345");
	scratch_write(&s, "cache/tmp/making", "123");
	assert_true(cache_report(&r, &s.place, &err));
	assert_int_equal(r.bytes, 8);
	assert_int_equal(r.entries.at[0].kind, CACHE_TMP);
	cache_report_release(&r);
	assert_int_equal(clean(&s, true, 30, true), 5);
	assert_int_equal(clean(&s, true, 30, false), 5);
	assert_false(scratch_has(&s, "cache/tmp/trash-1-0"));
	assert_true(scratch_has(&s, "cache/tmp/making"));
	scratch_write(&s, "cache/tmp/trash-1-0/bin/x", "12345");
	assert_true(cache_prepare(&s.place, &err));
	assert_false(scratch_has(&s, "cache/tmp/trash-1-0"));
	assert_true(scratch_has(&s, "cache/tmp/making"));
	scratch_remove(&s);
}

static void make_older(struct scratch *s, const char *path, long days)
{
	struct timespec then = {time(NULL) - days * 24 * 3600, 0};

	assert_int_equal(
		utimensat(AT_FDCWD, scratch_path(s, path), (struct timespec[]){then, then}, 0), 0);
}

/* Days without use: the last use is when the entry or its lock was last touched. (Mutations: nothing is old enough, all is, the
 * lock says nothing.) */
static void cleaning_goes_by_the_last_use(void **state)
{
	struct scratch s;

	(void)state;
	scratch_make(&s);
	fill(&s);
	make_older(&s, "cache/stage/a-1", 9);
	make_older(&s, "cache/tree/a-2", 9);
	scratch_write(&s, "cache/lock/tree-a-2", "");
	make_older(&s, "cache/lock/tree-a-2", 2);
	assert_int_equal(clean(&s, true, 10, false), 0);
	assert_true(scratch_has(&s, "cache/stage/a-1"));
	clean(&s, true, 8, false);
	assert_false(scratch_has(&s, "cache/stage/a-1"));
	assert_true(scratch_has(&s, "cache/tree/a-2"));
	clean(&s, true, 1, false);
	assert_false(scratch_has(&s, "cache/tree/a-2"));
	assert_true(scratch_has(&s, "cache/work/b-3"));
	scratch_remove(&s);
}

static void old_runs_are_trimmed(void **state)
{
	struct scratch s;
	struct error err;
	int run;

	(void)state;
	scratch_make(&s);
	fill(&s);
	scratch_write(&s, "cache/run/1-p/events", "");
	scratch_write(&s, "cache/run/2-p/events", "");
	scratch_write(&s, "cache/run/3-p/events", "");
	assert_true(lock_try(scratch_path(&s, "cache/run/1-p/lock"), LOCK_ALONE, &run, &err) &&
		    run >= 0);
	cache_trim_runs(&s.place, 1);
	assert_true(scratch_has(&s, "cache/run/1-p"));
	assert_false(scratch_has(&s, "cache/run/2-p"));
	assert_true(scratch_has(&s, "cache/run/3-p"));
	assert_true(scratch_has(&s, "cache/stage/a-1"));
	lock_release(run);
	scratch_remove(&s);
}

static void put(struct scratch *s, const char *entry, const char *content)
{
	scratch_write(s, arena_fmt(&s->place.arena, "%s/lib/x", entry), content);
	assert_int_equal(
		symlink("x", scratch_path(s, arena_fmt(&s->place.arena, "%s/lib/y", entry))), 0);
	record(s, entry);
}

/* Names, modes and bytes count, and no times. */
static void the_same_content_is_one_hash(void **state)
{
	char a[HASH_HEX], b[HASH_HEX];
	struct scratch s;

	(void)state;
	scratch_make(&s);
	fill(&s);
	put(&s, "cache/stage/lib-1", "same");
	put(&s, "cache/stage/lib-2", "same");
	put(&s, "cache/stage/lib-3", "sane");
	assert_true(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-1"), a));
	assert_true(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-2"), b));
	assert_string_equal(a, b);
	assert_true(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-3"), b));
	assert_string_not_equal(a, b);
	assert_int_equal(chmod(scratch_path(&s, "cache/stage/lib-2/lib/x"), 0755), 0);
	record(&s, "cache/stage/lib-2");
	assert_true(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-2"), b));
	assert_string_not_equal(a, b);
	/* nobody knows what is not there, or has no record, or one that is damaged */
	assert_false(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-4"), b));
	scratch_write(&s, "cache/record/stage-lib-1", "bootsmith-record 2 1 1 boot\nnonsense");
	assert_false(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-1"), b));
	assert_int_equal(unlink(scratch_path(&s, "cache/record/stage-lib-1")), 0);
	assert_false(twin_content(s.place.cache, scratch_path(&s, "cache/stage/lib-1"), b));
	scratch_remove(&s);
}

static bool take(struct scratch *s, const char *from, const char *to)
{
	struct error err;
	bool taken;

	assert_true(twin_take(
		s->place.cache, scratch_path(s, from), scratch_path(s, to), &taken, &err));
	return taken;
}

static void a_twin_is_taken_over_whole_or_not_at_all(void **state)
{
	struct scratch s;

	(void)state;
	scratch_make(&s);
	fill(&s);
	put(&s, "cache/stage/lib-1", "same");
	scratch_write(&s, "cache/tmp/twin-lib-2/lib/half", "of one that was killed");
	assert_true(take(&s, "cache/stage/lib-1", "cache/stage/lib-2"));
	assert_true(scratch_has(&s, "cache/stage/lib-2/lib/x"));
	assert_false(scratch_has(&s, "cache/stage/lib-2/lib/half"));
	assert_false(scratch_has(&s, "cache/tmp/twin-lib-2"));
	assert_bad(&s, "", 5);
	scratch_write(&s, "cache/stage/lib-1/lib/x", "sane"); /* as long as it was */
	assert_false(take(&s, "cache/stage/lib-1", "cache/stage/lib-3"));
	assert_false(scratch_has(&s, "cache/stage/lib-3"));
	assert_false(scratch_has(&s, "cache/record/stage-lib-3"));
	assert_false(scratch_has(&s, "cache/tmp/twin-lib-3"));
	assert_false(take(&s, "cache/stage/none", "cache/stage/lib-3"));
	scratch_remove(&s);
}

static void hints_lead_to_stages_only(void **state)
{
	static const char *const others[] = {"stage/../secret", "stage/.", "stage/",
		"../stage/lib-1", "source/lib-1", "", "stage/lib-9"};
	struct scratch s;
	struct arena a = ARENA_INIT;
	struct cache_report r;
	struct error err;
	char key[HASH_HEX], other[HASH_HEX];

	(void)state;
	scratch_make(&s);
	fill(&s);
	hash_bytes("a", 1, key);
	hash_bytes("b", 1, other);
	put(&s, "cache/stage/lib-1", "same");
	assert_false(twin_any(s.place.cache));
	assert_null(twin_find(s.place.cache, key, &a));
	twin_note(s.place.cache, key, scratch_path(&s, "cache/stage/lib-1"));
	assert_true(twin_any(s.place.cache));
	assert_string_equal(
		twin_find(s.place.cache, key, &a), scratch_path(&s, "cache/stage/lib-1"));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		scratch_write(&s, arena_fmt(&a, "cache/content/%s", other), others[i]);
		assert_null(twin_find(s.place.cache, other, &a));
	}
	twin_clean(s.place.cache);
	assert_false(scratch_has(&s, arena_fmt(&a, "cache/content/%s", other)));
	assert_non_null(twin_find(s.place.cache, key, &a));
	assert_true(
		cache_clean(&r, &s.place, &(struct cache_cleaning){.older_than_days = -1}, &err));
	cache_report_release(&r);
	assert_false(twin_any(s.place.cache));
	arena_release(&a);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(preparing_says_what_is_wrong),
		cmocka_unit_test(the_report_adds_up),
		cmocka_unit_test(verification_finds_what_changed),
		cmocka_unit_test(what_is_used_is_compared),
		cmocka_unit_test(untouched_files_are_believed_until_a_restart),
		cmocka_unit_test(large_trees_have_one_digest_and_stages_none),
		cmocka_unit_test(cleaning_goes_by_the_last_use),
		cmocka_unit_test(old_runs_are_trimmed),
		cmocka_unit_test(cleaning_passes_over_what_is_used),
		cmocka_unit_test(trash_is_counted_and_collected),
		cmocka_unit_test(the_same_content_is_one_hash),
		cmocka_unit_test(a_twin_is_taken_over_whole_or_not_at_all),
		cmocka_unit_test(hints_lead_to_stages_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
