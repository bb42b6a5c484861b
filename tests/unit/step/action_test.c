/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep, publish and output, and what a step costs (history). */
#include "base/vec.h"
#include "cache/history.h"
#include "httpd.h"
#include "scratch.h"
#include "step/action.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct bench {
	struct scratch s;
	struct plan plan;
	struct unit unit;
	struct step step;
	struct action_context c;
	struct strings args;
	struct error err;
};

static void bench_make(struct bench *b)
{
	*b = (struct bench){.plan = {.profile = "p"}};
	scratch_make(&b->s);
	b->step.unit = &b->unit;
	b->c = (struct action_context){&b->plan, &b->step, &b->s.place, -1, NULL, 022, NULL, NULL};
}

static void bench_remove(struct bench *b)
{
	vec_release(&b->args);
	scratch_remove(&b->s);
}

static void add_path(struct bench *b, const char *relative)
{
	vec_push(&b->args, scratch_path(&b->s, relative));
}

static bool perform(struct bench *b, action_fn *fn)
{
	bool ok = fn(&b->c, &b->args, &b->err);

	b->args.n = 0;
	return ok;
}

static bool keep(struct bench *b, const char *from, const char *to)
{
	add_path(b, from);
	add_path(b, to);
	return perform(b, action_keep);
}

static bool publish(struct bench *b, const char *from, const char *to)
{
	add_path(b, from);
	add_path(b, to);
	return perform(b, action_publish);
}

static mode_t mode_of(struct bench *b, const char *relative)
{
	struct stat st;

	assert_int_equal(lstat(scratch_path(&b->s, relative), &st), 0);
	return st.st_mode;
}

static void keeping_a_folder(void **state)
{
	struct bench b;
	char *text, target[64] = "";

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "build/out/bin/prog", "program");
	scratch_write(&b.s, "build/out/etc/conf", "text");
	assert_int_equal(chmod(scratch_path(&b.s, "build/out/bin/prog"), 04751), 0);
	assert_int_equal(symlink("../bin/prog", scratch_path(&b.s, "build/out/etc/link")), 0);
	assert_true(keep(&b, "build/out", "work/stage/root"));
	assert_true(keep(&b, "build/out", "work/stage/root")); /* a rerun replaces */
	text = scratch_read(&b.s, "work/stage/root/bin/prog");
	assert_string_equal(text, "program");
	free(text);
	assert_int_equal(mode_of(&b, "work/stage/root/bin/prog"), S_IFREG | 0755);
	assert_int_equal(mode_of(&b, "work/stage/root/etc/conf"), S_IFREG | 0644);
	assert_true(readlink(scratch_path(&b.s, "work/stage/root/etc/link"), target,
			    sizeof target - 1) > 0);
	assert_string_equal(target, "../bin/prog");
	bench_remove(&b);
}

/* A link in the way, in the source or in the target, is never followed. */
static void links_are_not_followed(void **state)
{
	struct bench b;
	char *text;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "outside/file", "precious");
	scratch_write(&b.s, "build/file", "new");
	scratch_write(&b.s, "build/dir/file", "new");
	scratch_write(&b.s, "stage/x", "");
	assert_int_equal(
		symlink(scratch_path(&b.s, "outside/file"), scratch_path(&b.s, "stage/file")), 0);
	assert_int_equal(
		symlink(scratch_path(&b.s, "outside"), scratch_path(&b.s, "stage/dir")), 0);
	assert_true(keep(&b, "build/file", "stage/file"));
	assert_false(keep(&b, "build/dir", "stage/dir"));
	assert_false(keep(&b, "stage/dir", "stage/copy"));
	text = scratch_read(&b.s, "outside/file");
	assert_string_equal(text, "precious");
	free(text);
	assert_int_equal(mkfifo(scratch_path(&b.s, "build/fifo"), 0600), 0);
	assert_false(keep(&b, "build", "stage/all"));
	assert_non_null(strstr(b.err.text, "fifo"));
	assert_false(keep(&b, "build/none", "stage/none"));
	assert_int_equal(b.err.kind, ERROR_STEP);
	bench_remove(&b);
}

static void publishing_is_by_rename(void **state)
{
	struct bench b;
	char name[32];

	(void)state;
	bench_make(&b);
	for (int i = 0; i < 150; i++) {
		snprintf(name, sizeof name, "work/stage/d/%d", i);
		scratch_write(&b.s, name, "x");
	}
	assert_true(publish(&b, "work/stage", "cache/stage/a-1"));
	assert_true(scratch_has(&b.s, "cache/stage/a-1/d/149"));
	assert_false(scratch_has(&b.s, "work/stage"));
	scratch_write(&b.s, "work/stage/other", "x");
	assert_true(publish(&b, "work/stage", "cache/stage/a-1")); /* somebody was faster */
	assert_false(scratch_has(&b.s, "cache/stage/a-1/other"));
	assert_false(scratch_has(&b.s, "work/stage"));
	assert_false(publish(&b, "work/stage", "cache/stage/b-1"));
	bench_remove(&b);
}

static void add_results(struct bench *b, const char *from, const char *name)
{
	add_path(b, from);
	vec_push(&b->args, name);
}

static void results_with_blanks(void **state)
{
	struct bench b;
	json_t *manifest, *artifacts;
	char *text;

	(void)state;
	bench_make(&b);
	b.plan.profile_text = "kernel = 6.12\n";
	b.plan.lock_text = "# lock\n";
	b.plan.manifest_text = "{\"key\":\"k\"}";
	scratch_write(&b.s, "one", "image");
	scratch_write(&b.s, "my out/keep.me", "mine");
	add_path(&b, "my out");
	add_results(&b, "one", "vmlinuz");
	add_results(&b, "one", "old.iso");
	assert_true(perform(&b, action_output));
	text = scratch_read(&b.s, "my out/SHA256SUMS");
	assert_non_null(strstr(text, "  vmlinuz\n"));
	free(text);
	add_path(&b, "my out");
	add_results(&b, "one", "vmlinuz");
	assert_true(perform(&b, action_output));
	assert_false(scratch_has(&b.s, "my out/old.iso"));
	assert_true(scratch_has(&b.s, "my out/keep.me"));
	manifest = json_load_file(scratch_path(&b.s, "my out/manifest.json"), 0, NULL);
	assert_string_equal(json_string_value(json_object_get(manifest, "key")), "k");
	artifacts = json_object_get(manifest, "artifacts");
	assert_int_equal(json_array_size(artifacts), 1);
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(artifacts, 0), "bytes")), 5);
	json_decref(manifest);
	text = scratch_read(&b.s, "my out/profile");
	assert_string_equal(text, b.plan.profile_text);
	free(text);
	bench_remove(&b);
}

/* The list of firmware beside an image gets into the manifest, and missing firmware is reported. */
static void firmware_is_listed_and_told(void **state)
{
	struct tree t = {0};
	struct bench b;
	struct unit u = {.name = "image", .tree = &t}, *units[] = {&u};
	char told[600] = "";
	json_t *manifest, *list;
	int pipes[2];

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "one", "image");
	scratch_write(
		&b.s, "stage/firmware", "missing = card nic/one.fw\npresent = card two.bin\n");
	u.result = scratch_path(&b.s, "stage");
	b.plan.units.at = units;
	b.plan.units.n = 1;
	assert_int_equal(pipe(pipes), 0);
	b.c.progress_fd = pipes[1];
	add_path(&b, "out");
	add_results(&b, "one", "vmlinuz");
	assert_true(perform(&b, action_output));
	close(pipes[1]);
	assert_true(read(pipes[0], told, sizeof told - 1) > 0);
	close(pipes[0]);
	assert_non_null(
		strstr(told, "note the kernel module card names the firmware file nic/one.fw"));
	manifest = json_load_file(scratch_path(&b.s, "out/manifest.json"), 0, NULL);
	list = json_object_get(manifest, "firmware");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(list, 0), "file")), "nic/one.fw");
	assert_true(json_is_false(json_object_get(json_array_get(list, 0), "present")));
	assert_true(json_is_true(json_object_get(json_array_get(list, 1), "present")));
	json_decref(manifest);
	bench_remove(&b);
}

static void results_that_cannot_be(void **state)
{
	struct bench b;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "one", "image");
	add_path(&b, "one");
	assert_false(perform(&b, action_output));
	assert_int_equal(b.err.kind, ERROR_HOST);
	assert_non_null(strstr(b.err.text, "--output"));
	add_path(&b, "out");
	add_results(&b, "one", "../escape");
	assert_false(perform(&b, action_output));
	add_path(&b, "out");
	add_results(&b, "none", "vmlinuz");
	assert_false(perform(&b, action_output));
	assert_false(scratch_has(&b.s, "escape"));
	assert_false(scratch_has(&b.s, "out/manifest.json"));
	bench_remove(&b);
}

static void history_prefers_the_profile(void **state)
{
	struct scratch s;
	struct history h;

	(void)state;
	scratch_make(&s);
	history_load(&h, &s.place);
	assert_null(history_find(&h, "a.build", "p"));
	history_release(&h);
	history_add(&s.place, &(struct history_entry){"a.build", "p", 2.5, 30, 4, 1, 0, 0});
	history_add(&s.place, &(struct history_entry){"a.build", "p", 3.5, 31, 4, 2, 6.5, 700});
	history_add(&s.place, &(struct history_entry){"a.build", "q", 9, 99, 9, 3, 0, 0});
	history_load(&h, &s.place);
	assert_int_equal(history_find(&h, "a.build", "p")->objects, 31);
	assert_int_equal(history_find(&h, "a.build", "p")->symbols, 700);
	assert_true(history_find(&h, "a.build", "p")->cpu > 6.4);
	assert_int_equal(history_find(&h, "a.build", "new")->objects, 99);
	history_release(&h);
	scratch_write(&s, "state/history",
		"garbage\n\na b c d e f\na.build p -1 1 1 1\na.build p 1 7 1 1");
	history_load(&h, &s.place);
	assert_int_equal(h.entries.n, 1);
	assert_int_equal(history_find(&h, "a.build", "p")->objects, 7);
	history_release(&h);
	scratch_remove(&s);
}

static void a_grown_history_is_shortened(void **state)
{
	struct scratch s;
	struct history h;

	(void)state;
	scratch_make(&s);
	for (int i = 0; i < 12000; i++)
		history_add(&s.place, &(struct history_entry){
					      "component.build", "p", 1, (uint64_t)i, 0, 1, 0, 0});
	history_load(&h, &s.place);
	assert_true(h.entries.n < 12000);
	assert_int_equal(history_find(&h, "component.build", "p")->objects, 11999);
	history_release(&h);
	scratch_remove(&s);
}

/* What the package archive offers is fetched through the package manager's proxy, everything else is not. */
static void packages_come_through_their_proxy(void **state)
{
	struct bench b;
	struct httpd proxy;
	char *old = strdup(getenv("PATH")), *text, line[600];

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "www/pool/a", "archive");
	httpd_start(&proxy, scratch_path(&b.s, "www"), NULL, scratch_path(&b.s, "log"));
	snprintf(line, sizeof line, "#!/bin/sh\necho 'Acquire::http::Proxy \"%s\";'\n", proxy.url);
	scratch_write(&b.s, "bin/apt-config", line);
	assert_int_equal(chmod(scratch_path(&b.s, "bin/apt-config"), 0755), 0);
	snprintf(line, sizeof line, "%s:%s", scratch_path(&b.s, "bin"), old);
	assert_int_equal(setenv("PATH", line, 1), 0);
	add_path(&b, "got/a");
	vec_push(&b.args, "-");
	vec_push(&b.args, "7");
	vec_push(&b.args, "apt+http://archive.invalid/pool/a");
	assert_true(perform(&b, action_fetch));
	text = scratch_read(&b.s, "got/a");
	assert_string_equal(text, "archive");
	free(text);
	assert_int_equal(httpd_count(&proxy, "GET http://archive.invalid/pool/a"), 1);
	assert_int_equal(setenv("PATH", old, 1), 0);
	free(old);
	httpd_stop(&proxy);
	bench_remove(&b);
}

/* Runs a program in a folder, in a child whose limits are its own. 0: it failed with a sentence of the host's fault that has
 * these words; 77: there is no right to mount. */
static int fails_with(struct bench *b, const char *script, bool full, const char *words)
{
	struct step step = {.id = "u.s", .unit = &(struct unit){.name = "u"}};
	int status;
	pid_t pid;

	step.cwd = scratch_path(&b->s, "small");
	vec_push(&step.env, "PATH=/usr/bin:/bin");
	b->c.step = &step;
	pid = fork();
	if (pid == 0) {
		if (full && (unshare(CLONE_NEWNS) != 0 ||
				    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
				    mount("none", step.cwd, "tmpfs", 0, "size=256k") != 0))
			_exit(77);
		if (!full)
			setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
		vec_push(&b->args, "sh");
		vec_push(&b->args, "-c");
		vec_push(&b->args, script);
		_exit(!perform(b, action_run) && b->err.kind == ERROR_HOST &&
					strstr(b->err.text, words)
				? 0
				: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	vec_release(&step.env);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void programs_that_do_not_say_why(void **state)
{
	struct bench b;
	int status;

	(void)state;
	bench_make(&b);
	scratch_write(&b.s, "small/x", "");
	assert_int_equal(fails_with(&b, "exec dd if=/dev/zero of=big bs=9000 count=1 2>&-", false,
				 "ulimit -f"),
		0);
	assert_int_equal(
		fails_with(&b, "dd if=/dev/zero of=big bs=9000 count=1 2>&-", false, "ulimit -f"),
		0);
	status = fails_with(
		&b, "dd if=/dev/zero of=big bs=9000 2>&-; exit 32", true, "no space left");
	bench_remove(&b);
	if (status == 77)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeping_a_folder),
		cmocka_unit_test(links_are_not_followed),
		cmocka_unit_test(publishing_is_by_rename),
		cmocka_unit_test(results_with_blanks),
		cmocka_unit_test(firmware_is_listed_and_told),
		cmocka_unit_test(results_that_cannot_be),
		cmocka_unit_test(history_prefers_the_profile),
		cmocka_unit_test(a_grown_history_is_shortened),
		cmocka_unit_test(programs_that_do_not_say_why),
		cmocka_unit_test(packages_come_through_their_proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
