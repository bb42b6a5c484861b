/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Root file systems in files: the standard tools find what was listed; the bytes are the same whenever they are made. */
#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "image/ext4.h"
#include "plan/step.h"
#include "scratch.h"
#include "squash.h"
#include "step/action.h"
#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
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
	struct error err;
	struct text out; /* what the last program said */
	int before; /* the test's folder is the current one: others may enter it, but not the way to it */
};

static void add(struct bench *b, struct tree_entry e)
{
	e.owner = "test";
	assert_true(tree_add(&b->tree, &e, &b->err));
}

static void add_content(struct bench *b, const char *path, const char *content)
{
	add(b, (struct tree_entry){.path = path,
		       .kind = TREE_FILE,
		       .mode = 0644,
		       .content = content,
		       .content_len = strlen(content)});
}

static const char *long_target(struct bench *b)
{
	return arena_fmt(&b->arena, "/%0200d", 7);
}

static void bench_make(struct bench *b)
{
	*b = (struct bench){.out = TEXT_INIT};
	scratch_make(&b->s);
	b->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(chdir(scratch_path(&b->s, ".")), 0);
	b->tree.arena = &b->arena;
	scratch_write(&b->s, "from", "read from a file\n");
	add(b, (struct tree_entry){
		       .path = "/etc/from", .kind = TREE_FILE, .mode = 04755, .from = "from"});
	add(b, (struct tree_entry){.path = "/etc/shadow",
		       .kind = TREE_FILE,
		       .mode = 0600,
		       .content = "secret",
		       .content_len = 6,
		       .uid = 70000,
		       .gid = 42});
	add(b, (struct tree_entry){.path = "/etc/empty", .kind = TREE_FILE, .mode = 0644});
	add(b, (struct tree_entry){.path = "/dev/console",
		       .kind = TREE_CHARACTER,
		       .mode = 0600,
		       .major = 5,
		       .minor = 1});
	add(b, (struct tree_entry){.path = "/dev/far",
		       .kind = TREE_BLOCK,
		       .mode = 0660,
		       .major = 259,
		       .minor = 70000,
		       .gid = 6});
	add(b, (struct tree_entry){
		       .path = "/init", .kind = TREE_LINK, .mode = 0777, .target = "sbin/init"});
	add(b, (struct tree_entry){
		       .path = "/far", .kind = TREE_LINK, .mode = 0777, .target = long_target(b)});
	add(b, (struct tree_entry){.path = "/tmp", .kind = TREE_FOLDER, .mode = 01777});
	/* '-' sorts before '/': the folder's list must not be torn apart by it */
	add_content(b, "/etc-more/a", "a");
	add_content(b, "/etc/z", "z");
}

static void bench_remove(struct bench *b)
{
	assert_int_equal(fchdir(b->before), 0);
	close(b->before);
	text_release(&b->out);
	arena_release(&b->arena);
	scratch_remove(&b->s);
}

/* Runs a program, its output to b->out. Returns its exit status. */
static int run(struct bench *b, const char *const argv[])
{
	char bytes[4096];
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		setenv("LC_ALL", "C", 1);
		setenv("TZ", "UTC", 1);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	text_clear(&b->out);
	while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
		text_add(&b->out, bytes, (size_t)n);
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == 127)
		skip(); /* the tool is not installed */
	return WEXITSTATUS(status);
}

static void said(struct bench *b, const char *words)
{
	if (!strstr(b->out.s, words))
		fail_msg("not said: %s\nbut: %s", words, b->out.s);
}

static const char *make_ext4(struct bench *b, const char *name, uint64_t mib)
{
	struct ext4_options o = {.label = "a label of 16 by", .mib = mib, .epoch = EPOCH};
	const char *path = name;
	uint64_t size = 0;
	struct stat st;

	assert_true(tree_settle(&b->tree, &b->err));
	if (!ext4_write(&b->tree, path, &o, &size, NULL, NULL, &b->err))
		fail_msg("%s", b->err.text);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, size);
	return path;
}

static bool squash(struct bench *b, const char *path, const char *method)
{
	return squash_make(&b->tree, path, method, EPOCH, &b->err);
}

static const char *make_squash(struct bench *b, const char *name, const char *method)
{
	run(b, (const char *const[]){"mksquashfs", "-version", NULL}); /* or it is skipped */
	if (!squash(b, name, method))
		fail_msg("%s", b->err.text);
	return name;
}

/* ---- ext4 ---- */

static void fsck_is_content(struct bench *b, const char *image)
{
	if (run(b, (const char *const[]){"fsck.ext4", "-fn", image, NULL}) != 0)
		fail_msg("%s", b->out.s);
}

static void look(struct bench *b, const char *image, const char *request)
{
	run(b, (const char *const[]){"debugfs", "-R", request, image, NULL});
}

static void ext4_holds_what_was_listed(void **state)
{
	struct bench b;
	const char *image;

	(void)state;
	bench_make(&b);
	image = make_ext4(&b, "image", 0);
	fsck_is_content(&b, image);
	look(&b, image, "stat /etc/from");
	said(&b, "Mode:  04755");
	said(&b, "User:     0   Group:     0");
	said(&b, "Size: 17");
	assert_null(strstr(b.out.s, "2027"));
	said(&b, "mtime: 0x6955b900:00000000 -- Thu Jan  1 00:00:00 2026");
	said(&b, "ctime: 0x6955b900:00000000");
	said(&b, "crtime: 0x6955b900:00000000");
	look(&b, image, "stat /etc/shadow");
	said(&b, "Mode:  0600");
	said(&b, "User: 70000   Group:    42");
	look(&b, image, "cat /etc/shadow");
	said(&b, "secret");
	look(&b, image, "stat /dev/console");
	said(&b, "Type: character special");
	said(&b, "Device major/minor number: 05:01");
	look(&b, image, "stat /dev/far");
	said(&b, "Type: block special");
	said(&b, "Device major/minor number: 259:70000");
	look(&b, image, "stat /init");
	said(&b, "Fast link dest: \"sbin/init\"");
	look(&b, image, "stat /far");
	said(&b, "Size: 201");
	look(&b, image, "stat /tmp");
	said(&b, "Mode:  01777");
	look(&b, image, "stat /");
	said(&b, "Mode:  0755");
	look(&b, image, "stats");
	said(&b, "Filesystem volume name:   a label of 16 by");
	said(&b, "has_journal");
	assert_null(strstr(b.out.s, "2027"));
	bench_remove(&b);
}

static void same(struct bench *b, const char *one, const char *two)
{
	char first[HASH_HEX], second[HASH_HEX];

	assert_true(hash_file(one, first, &b->err));
	assert_true(hash_file(two, second, &b->err));
	assert_string_equal(first, second);
}

/* Writes the image as nobody if root runs the test. */
static void as_nobody(struct bench *b, const char *(*make)(struct bench *b, const char *name))
{
	int status;
	pid_t pid;

	assert_int_equal(chmod(".", 0777), 0);
	pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(1);
		umask(077);
		make(b, "theirs");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static const char *auto_ext4(struct bench *b, const char *name)
{
	return make_ext4(b, name, 0);
}

static const char *zstd_squash(struct bench *b, const char *name)
{
	return make_squash(b, name, "zstd");
}

static void ext4_is_the_same_whenever_and_whoever(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	same(&b, make_ext4(&b, "one", 0), make_ext4(&b, "two", 0));
	as_nobody(&b, auto_ext4);
	same(&b, "one", "theirs");
	bench_remove(&b);
}

static void another_tree_has_another_uuid(void **state)
{
	unsigned char one[16], two[16];
	struct bench b;
	int fd;

	(void)state;
	bench_make(&b);
	fd = open(make_ext4(&b, "one", 0), O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, one, 16, 1024 + 0x68), 16);
	close(fd);
	add_content(&b, "/etc/more", "more");
	fd = open(make_ext4(&b, "two", 0), O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, two, 16, 1024 + 0x68), 16);
	close(fd);
	assert_memory_not_equal(one, two, 16);
	bench_remove(&b);
}

/* A folder of many blocks, a big file with a hole, names of the maximum length. */
static void grow(struct bench *b)
{
	static const char noise[] = "some bytes at the end";
	const char *big = "big";
	int fd = open(big, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	for (int i = 0; i < 1500; i++)
		add_content(b, arena_fmt(&b->arena, "/many/%0200d", i), "x");
	assert_int_equal(pwrite(fd, noise, sizeof noise, 40 * MIB), sizeof noise);
	close(fd);
	add(b, (struct tree_entry){.path = "/big", .kind = TREE_FILE, .mode = 0644, .from = big});
	add_content(b, arena_fmt(&b->arena, "/%0255d", 1), "long");
	add_content(b, "/many/\"; rm -rf $(HOME) \xc3\xa9 '", "odd");
	add(b, (struct tree_entry){.path = "/lost+found", .kind = TREE_FOLDER, .mode = 0711});
}

static void ext4_grows(void **state)
{
	struct bench b;
	const char *image;

	(void)state;
	bench_make(&b);
	grow(&b);
	image = make_ext4(&b, "image", 0);
	fsck_is_content(&b, image);
	look(&b, image, "stat /big");
	said(&b, "Size: 41943062");
	look(&b, image, "stat /lost+found");
	said(&b, "Mode:  0711");
	look(&b, image, "ls /many");
	said(&b, "01499");
	bench_remove(&b);
}

static void ext4_of_a_size_that_is_asked_for(void **state)
{
	struct ext4_options o = {.label = "small", .mib = 20, .epoch = EPOCH};
	struct bench b;
	const char *image;
	uint64_t size;
	struct stat st;

	(void)state;
	bench_make(&b);
	image = make_ext4(&b, "image", 2048);
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(st.st_size, 2048LL * MIB);
	assert_true(st.st_blocks * 512 < 8 * MIB); /* what is empty takes no space */
	fsck_is_content(&b, image);
	image = make_ext4(&b, "tiny", 4); /* no journal fits */
	fsck_is_content(&b, image);
	grow(&b);
	assert_true(tree_settle(&b.tree, &b.err));
	assert_false(ext4_write(&b.tree, "image", &o, &size, NULL, NULL, &b.err));
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	assert_non_null(strstr(b.err.text, "image-size"));
	assert_int_equal(access("image", F_OK), -1);
	o.label = "a label of 17 byt";
	assert_false(ext4_write(&b.tree, "image", &o, &size, NULL, NULL, &b.err));
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	bench_remove(&b);
}

static void ext4_refuses_a_name_that_is_too_long(void **state)
{
	struct ext4_options o = {.label = "", .epoch = EPOCH};
	struct bench b;
	uint64_t size;

	(void)state;
	bench_make(&b);
	add_content(&b, arena_fmt(&b.arena, "/%0256d", 1), "long");
	assert_true(tree_settle(&b.tree, &b.err));
	assert_false(ext4_write(&b.tree, "image", &o, &size, NULL, NULL, &b.err));
	assert_int_equal(b.err.kind, ERROR_PROFILE);
	assert_non_null(strstr(b.err.text, "longer than the 255 bytes"));
	bench_remove(&b);
}

/* ---- squashfs ---- */

static void squashfs_holds_what_was_listed(void **state)
{
	static const char *const methods[] = {"zstd", "gzip", "xz", "lz4"};
	struct bench b;

	(void)state;
	bench_make(&b);
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		const char *image = make_squash(&b, "image", methods[i]);

		assert_int_equal(
			run(&b, (const char *const[]){"unsquashfs", "-lln", image, NULL}), 0);
		said(&b,
			"-rwsr-xr-x 0/0                      17 2026-01-01 00:00 squashfs-root/etc/from");
		said(&b,
			"-rw------- 70000/42                  6 2026-01-01 00:00 squashfs-root/etc/shadow");
		said(&b,
			"crw------- 0/0                   5,  1 2026-01-01 00:00 squashfs-root/dev/console");
		said(&b, "brw-rw---- 0/6");
		said(&b, "squashfs-root/init -> sbin/init");
		said(&b, long_target(&b));
		said(&b, "drwxrwxrwt 0/0");
		said(&b, "squashfs-root/etc-more/a");
		assert_null(strstr(b.out.s, "2027"));
		assert_int_equal(run(&b, (const char *const[]){"unsquashfs", "-cat", image,
						 "etc/from", "etc/z", NULL}),
			0);
		assert_string_equal(b.out.s, "read from a file\nz");
		assert_int_equal(
			run(&b, (const char *const[]){"unsquashfs", "-s", image, NULL}), 0);
		said(&b, methods[i]);
		said(&b, "Thu Jan  1 00:00:00 2026");
	}
	bench_remove(&b);
}

static void squashfs_is_the_same_whenever_and_whoever(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	grow(&b);
	same(&b, make_squash(&b, "one", "zstd"), make_squash(&b, "two", "zstd"));
	assert_int_equal(run(&b, (const char *const[]){"unsquashfs", "-lln", "one", NULL}), 0);
	said(&b, "41943062");
	said(&b, "01499");
	said(&b, "rm -rf $(HOME)");
	as_nobody(&b, zstd_squash);
	same(&b, "one", "theirs");
	bench_remove(&b);
}

/* ---- both ---- */

static void a_file_that_has_gone_is_named(void **state)
{
	struct ext4_options ext4 = {.label = "", .epoch = EPOCH};
	struct bench b;
	uint64_t size;

	(void)state;
	bench_make(&b);
	assert_true(tree_settle(&b.tree, &b.err));
	unlink("from");
	assert_false(squash(&b, "image", "gzip"));
	assert_non_null(strstr(b.err.text, "/etc/from"));
	assert_int_equal(access("image", F_OK), -1);
	assert_false(ext4_write(&b.tree, "image", &ext4, &size, NULL, NULL, &b.err));
	assert_non_null(strstr(b.err.text, "from"));
	assert_int_equal(access("image", F_OK), -1);
	bench_remove(&b);
}

/* A limit on file size plays a full disk: the kernel says EFBIG instead of ENOSPC, and the file is removed again. */
static void a_disk_that_ends_is_told(void **state)
{
	struct ext4_options ext4 = {.label = "", .epoch = EPOCH};
	const struct rlimit little = {256 * 1024, RLIM_INFINITY};
	struct rlimit old;
	struct bench b;
	uint64_t size;
	bool ok;

	(void)state;
	bench_make(&b);
	for (int i = 0; i < 2000; i++)
		add_content(&b, arena_fmt(&b.arena, "/%d", i),
			arena_fmt(&b.arena, "%0*d", 2000 + i, i * 7919));
	assert_true(tree_settle(&b.tree, &b.err));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	ok = ext4_write(&b.tree, "image", &ext4, &size, NULL, NULL, &b.err);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_false(ok);
	assert_int_equal(access("image", F_OK), -1);
	bench_remove(&b);
}

/* On a small file system of its own, if the machine allows one: the error is the host's fault, and names the file. */
static int write_where_there_is_no_room(struct bench *b)
{
	struct ext4_options ext4 = {.label = "", .epoch = EPOCH};
	uint64_t size;

	if (mkdir("small", 0755) != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("none", "small", "tmpfs", 0, "size=64k") != 0)
		return 77;
	if (ext4_write(&b->tree, "small/image", &ext4, &size, NULL, NULL, &b->err) ||
		b->err.kind != ERROR_HOST || !strstr(b->err.text, "No space left"))
		return 1;
	if (squash(b, "small/image", "gzip") || b->err.kind != ERROR_HOST ||
		!strstr(b->err.text, "No space left"))
		return 2;
	return access("small/image", F_OK) == 0 ? 3 : 0;
}

static void a_full_disk_is_the_hosts_fault(void **state)
{
	unsigned long noise = 1;
	struct bench b;
	int status;
	pid_t pid;
	char *s;

	(void)state;
	bench_make(&b);
	s = arena_alloc(&b.arena, 400001);
	for (size_t i = 0; i < 400000; i++) {
		noise = noise * 6364136223846793005UL + 1442695040888963407UL;
		s[i] = (char)(' ' + (noise >> 33) % 90);
	}
	add_content(&b, "/noise", s);
	assert_true(tree_settle(&b.tree, &b.err));
	pid = fork();
	if (pid == 0)
		_exit(write_where_there_is_no_room(&b));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(); /* only root may mount */
	assert_int_equal(status, 0);
	bench_remove(&b);
}

static void the_actions_settle_and_write(void **state)
{
	struct unit unit = {.name = "root-disk"};
	struct step step = {.id = "root-disk.write", .unit = &unit};
	struct action_context c = {.step = &step, .progress_fd = -1};
	struct strings args = {0};
	struct bench b;

	(void)state;
	bench_make(&b);
	unit.tree = &b.tree;
	vec_push(&args, "stage/root.ext4");
	vec_push(&args, "root");
	vec_push(&args, "32");
	vec_push(&args, "1767225600");
	assert_true(action_ext4(&c, &args, &b.err));
	fsck_is_content(&b, "stage/root.ext4");
	args.at[2] = "large";
	assert_false(action_ext4(&c, &args, &b.err));
	assert_true(squash(&b, "stage/root.squashfs", "xz"));
	assert_false(squash(&b, "stage/root.squashfs", "bzip2"));
	assert_non_null(strstr(b.err.text, "mksquashfs failed"));
	assert_int_equal(access("stage/root.squashfs", F_OK), -1);
	vec_release(&args);
	bench_remove(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ext4_holds_what_was_listed),
		cmocka_unit_test(ext4_is_the_same_whenever_and_whoever),
		cmocka_unit_test(another_tree_has_another_uuid),
		cmocka_unit_test(ext4_grows),
		cmocka_unit_test(ext4_of_a_size_that_is_asked_for),
		cmocka_unit_test(ext4_refuses_a_name_that_is_too_long),
		cmocka_unit_test(squashfs_holds_what_was_listed),
		cmocka_unit_test(squashfs_is_the_same_whenever_and_whoever),
		cmocka_unit_test(a_file_that_has_gone_is_named),
		cmocka_unit_test(a_disk_that_ends_is_told),
		cmocka_unit_test(a_full_disk_is_the_hosts_fault),
		cmocka_unit_test(the_actions_settle_and_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
