/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ext4 file systems that will be enlarged: the standard tools enlarge them, and find nothing wrong. */
#include "base/arena.h"
#include "base/vec.h"
#include "image/ext4.h"
#include "scratch.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EPOCH = 1767225600, MIB = 1024 * 1024 };

/* Libraries that read the clock see another second each time, so anything that depends on it differs. */
__attribute__((visibility("default"))) time_t time(time_t *out)
{
	static time_t now = 1800000000;

	now += 7;
	if (out)
		*out = now;
	return now;
}

struct bench {
	struct scratch s;
	struct arena arena;
	struct tree tree;
};

static void bench_make(struct bench *b)
{
	struct tree_entry e = {.path = "/tmp", .kind = TREE_FOLDER, .mode = 01777, .owner = "test"};
	struct error err;

	*b = (struct bench){0};
	scratch_make(&b->s);
	b->tree.arena = &b->arena;
	assert_true(tree_add(&b->tree, &e, &err));
	assert_true(tree_settle(&b->tree, &err));
}

static void bench_remove(struct bench *b)
{
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

static const char *make(struct bench *b, const char *name, uint64_t mib, bool grows, uint64_t *size)
{
	struct ext4_options o = {.label = "", .mib = mib, .epoch = EPOCH, .grows = grows};
	const char *path = scratch_path(&b->s, name);
	struct error err;

	if (!ext4_write(&b->tree, path, &o, size, NULL, NULL, &err))
		fail_msg("%s", err.text);
	return path;
}

/* A program's standard output goes to the file "out"; its words, for the caller to free. */
static char *run(struct bench *b, const char *const argv[])
{
	const char *out = scratch_path(&b->s, "out");
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen(out, "w", stdout) || dup2(1, 2) < 0)
			_exit(126);
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		setenv("LC_ALL", "C", 1);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == 127)
		skip(); /* the tool is not installed */
	if (status != 0)
		fail_msg("%s: status %d\n%s", argv[0], status, scratch_read(&b->s, "out"));
	return scratch_read(&b->s, "out");
}

static void is_sound(struct bench *b, const char *image)
{
	free(run(b, (const char *const[]){"fsck.ext4", "-fn", image, NULL}));
}

/* Does what debugfs answers hold these words? */
static bool tells(struct bench *b, const char *image, const char *request, const char *words)
{
	char *out = run(b, (const char *const[]){"debugfs", "-R", request, image, NULL});
	bool found = strstr(out, words);

	free(out);
	return found;
}

static void the_others_are_as_they_were(void **state)
{
	struct bench b;
	uint64_t large, plain;
	const char *image;

	(void)state;
	bench_make(&b);
	make(&b, "large", 0, true, &large);
	image = make(&b, "plain", 0, false, &plain);
	assert_true(large > plain && large < plain + 4 * MIB);
	assert_false(tells(&b, image, "features", "resize_inode"));
	bench_remove(&b);
}

static void twice_the_same(void **state)
{
	struct bench b;
	uint64_t size;
	const char *one, *other;

	(void)state;
	bench_make(&b);
	one = make(&b, "one", 0, true, &size);
	other = make(&b, "other", 0, true, &size);
	free(run(&b, (const char *const[]){"cmp", one, other, NULL}));
	bench_remove(&b);
}

/* The smallest that can be chosen, one that lies in several groups, and 24 MiB. */
static void all_sizes_are_sound(void **state)
{
	static const uint64_t sizes[] = {8, 24, 300};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		uint64_t size;

		is_sound(&b, make(&b, "image", sizes[i], true, &size));
		assert_int_equal(size, sizes[i] * MIB);
	}
	bench_remove(&b);
}

/* As large as the reserved blocks allow, with as many inodes in each group as is usual for that size. */
static void it_grows_to_520_gib(void **state)
{
	struct bench b;
	uint64_t size;
	const char *image;

	(void)state;
	bench_make(&b);
	image = make(&b, "image", 24, true, &size);
	assert_true(tells(&b, image, "features", "resize_inode"));
	assert_int_equal(truncate(image, 520LL * 1024 * MIB), 0);
	free(run(&b, (const char *const[]){"resize2fs", "-f", image, NULL}));
	is_sound(&b, image);
	assert_true(tells(&b, image, "stats", "Block count:              136314880\n"));
	assert_true(tells(&b, image, "stats", "Inode count:              34078720\n"));
	assert_true(tells(&b, image, "stats", "Reserved GDT blocks:      0\n") ||
		    !tells(&b, image, "stats", "Reserved GDT blocks:"));
	bench_remove(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_others_are_as_they_were),
		cmocka_unit_test(twice_the_same),
		cmocka_unit_test(all_sizes_are_sound),
		cmocka_unit_test(it_grows_to_520_gib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
