/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole test boots with a fake emulator (tests/lib/fake_guest.h), which is this very program under another name, found along PATH
 * like the real one. The test has its own machine file; all other data are the shipped ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/place.h"
#include "boot/run_boot.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "fake_guest.h"
#include "run/event.h"
#include "run/run.h"

#define MACHINE                                                        \
	"[machine x86_64]\nprogram = " FAKE_EMULATOR "\n"              \
	"kernel = vmlinuz\ninitramfs = initramfs\nspeak-seconds = 1\n" \
	"arg = --serial {serial-fd} --control {qmp-fd} --accel {accel}\n"

static const char machine[] = MACHINE;
static const char machine_with_door[] = MACHINE "forward = ssh\n";
static const char choices[] = "hostname = fake\ninit = script\nnetwork = none\n";
static const char manifest[] =
	"{\"components\":[{\"name\":\"linux\",\"version\":\"9.8.7\"}],\"artifacts\":[],\"images\":[{\"image\":\"initramfs\",\"file\":\"initramfs.cpio.gz\"}]}";

struct world {
	char folder[200]; /* everything is below it */
	struct place place;
	struct settings settings;
	struct catalog catalog;
	struct profile profile;
};

static struct world world;

struct outcome {
	bool over;
	char verdict[20], id[40], accel[10], error[300];
	unsigned notes, milestones, checks, failed, untested;
	double ready;
};

static const char *path_of(const char *name)
{
	static char path[4][300];
	static unsigned next;
	char *s = path[next++ % 4];

	snprintf(s, sizeof path[0], "%s/%s", world.folder, name);
	return s;
}

static void write_file(const char *name, const char *s)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	fputs(s, f);
	fclose(f);
}

static int set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct error err = {0};
	char self[300], path[4000];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	(void)state;
	snprintf(world.folder, sizeof world.folder, "%s/boot test.XXXXXX",
		tmp ? tmp : "/tmp"); /* a blank on purpose */
	if (len < 0 || !mkdtemp(world.folder))
		return 1;
	self[len] = '\0';
	mkdir(path_of("share"), 0755);
	mkdir(path_of("share/machines"), 0755);
	mkdir(path_of("bin"), 0755);
	mkdir(path_of("out"), 0755);
	write_file("share/machines/x86_64.machine", machine);
	write_file("out/vmlinuz", "kernel");
	write_file("out/initramfs.cpio.gz", "archive");
	write_file("out/manifest.json", manifest);
	snprintf(path, sizeof path, "%s:%s", path_of("bin"), getenv("PATH"));
	if (symlink(self, path_of("bin/" FAKE_EMULATOR)) < 0 || setenv("PATH", path, 1) < 0 ||
		setenv("BOOTSMITH_CACHE", path_of("cache"), 1) < 0)
		return 1;
	snprintf(path, sizeof path, "%s:%s", world.folder, ".");
	setenv("BOOTSMITH_PATH", path, 1);
	if (place_load(&world.place, &err) && settings_load(&world.settings, &world.place, &err) &&
		catalog_load(&world.catalog, &world.place, &err) &&
		profile_parse(&world.profile, &world.catalog, "fake.profile", choices,
			sizeof choices - 1, &err))
		return 0;
	print_error("%s\n", err.text);
	return 1;
}

static int tear_down(void **state)
{
	struct error err;

	(void)state;
	profile_release(&world.profile);
	catalog_release(&world.catalog);
	settings_release(&world.settings);
	place_release(&world.place);
	return place_remove(world.folder, &err) ? 0 : 1;
}

static void copy(char *to, size_t size, const char *s)
{
	snprintf(to, size, "%s", s ? s : "");
}

static void on_event(void *ctx, const struct event *e)
{
	struct outcome *o = ctx;

	o->over = o->over || e->kind == EVENT_VERDICT || e->kind == EVENT_FINISHED ||
		  e->kind == EVENT_LOST;
	o->notes += e->kind == EVENT_NOTE && !strstr(e->note.text, "name spaces");
	o->milestones += e->kind == EVENT_MILESTONE;
	o->checks += e->kind == EVENT_CHECK;
	o->failed += e->kind == EVENT_CHECK && e->check.outcome == CHECK_FAILED;
	o->untested += e->kind == EVENT_CHECK && e->check.outcome == CHECK_UNTESTED;
	if (e->kind == EVENT_FINISHED)
		copy(o->error, sizeof o->error, e->finished.error);
	if (e->kind != EVENT_VERDICT)
		return;
	copy(o->verdict, sizeof o->verdict, verdict_word(e->verdict.verdict));
	copy(o->id, sizeof o->id, e->verdict.diagnosis ? e->verdict.diagnosis->id : NULL);
	copy(o->accel, sizeof o->accel, e->verdict.accel);
	o->ready = e->verdict.ready_seconds;
}

/* One look at what is new. */
static void look(struct run *run, struct outcome *o)
{
	struct pollfd news = {run_fd(run), POLLIN, 0};
	struct error err;

	poll(&news, 1, 100);
	assert_true(run_pump(run, on_event, o, &err));
}

static struct run *start(const char *scenario, const struct boot_options *options)
{
	struct boot_options o = *options;
	struct error err = {0};
	struct run *run = NULL;

	write_file("out/scenario", scenario);
	unlink(path_of("out/pid"));
	unlink(path_of("out/been-here"));
	o.output = path_of("out");
	if (!run_boot(&run, &world.profile, &world.settings, &o, &err))
		print_error("%s\n", err.text);
	assert_non_null(run);
	return run;
}

/* The emulator's process must not be there any more once the run is over. */
static void expect_no_guest(struct run *run)
{
	struct outcome ignored = {0};
	FILE *f;
	int pid = 0;

	for (int i = 0; i < 100 && run_is_alive(run); i++)
		look(run, &ignored);
	assert_false(run_is_alive(run));
	f = fopen(path_of("out/pid"), "r");
	if (!f)
		return;
	assert_int_equal(fscanf(f, "%d", &pid), 1);
	fclose(f);
	for (int i = 0; i < 100 && kill(pid, 0) == 0; i++)
		poll(NULL, 0, 20);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static struct outcome boot_with(const char *scenario, const struct boot_options *options)
{
	struct run *run = start(scenario, options);
	struct outcome o = {0};

	while (!o.over)
		look(run, &o);
	if (*o.error)
		print_error("%s: %s\n", scenario, o.error);
	expect_no_guest(run);
	run_free(run);
	return o;
}

static struct outcome boot(const char *scenario, double timeout_s)
{
	return boot_with(
		scenario, &(struct boot_options){.accel = ACCEL_TCG, .timeout_s = timeout_s});
}

static void expect(const char *scenario, double timeout_s, const char *verdict, const char *id)
{
	struct outcome o = boot(scenario, timeout_s);

	if (strcmp(o.verdict, verdict) != 0 || strcmp(o.id, id) != 0)
		print_error("%s: %s %s\n", scenario, o.verdict, o.id);
	assert_string_equal(o.verdict, verdict);
	assert_string_equal(o.id, id);
}

static void test_pass(void **state)
{
	struct outcome o = boot("pass", 60);
	json_t *file = json_load_file(path_of("out/verdict.json"), 0, NULL);
	struct stat st;

	(void)state;
	assert_string_equal(o.verdict, "pass");
	assert_string_equal(o.accel, "tcg");
	assert_int_equal(o.milestones, 3);
	assert_int_equal(o.checks,
		11); /* kernel shell mounts modes settings libc init hostname root poweroff */
	assert_int_equal(o.failed, 0);
	assert_true(o.ready > 0);
	assert_string_equal(json_string_value(json_object_get(file, "verdict")), "pass");
	assert_true(json_is_null(json_object_get(file, "diagnosis")));
	assert_int_equal(json_array_size(json_object_get(file, "checks")), 11);
	json_decref(file);
	assert_int_equal(stat(path_of("out/serial.log"), &st), 0);
	assert_true(st.st_size > 0);
}

/* Boots with one more check, which is this text. */
static struct outcome boot_with_check(const char *check)
{
	struct outcome o;

	mkdir(path_of("share/checks"), 0755);
	write_file("share/checks/one-more.check", check);
	o = boot("pass", 60);
	unlink(path_of("share/checks/one-more.check"));
	return o;
}

#define SENTENCES "pass = {found}\nfail = {found}\ncause = c\nremedy = r\n"

static void test_outside(void **state)
{
	struct outcome o = boot_with_check("[check outside]\norder = 65\nhost = echo \"a  b\"\n"
					   "expect = ^a  b$\n" SENTENCES);

	(void)state;
	assert_string_equal(o.verdict, "pass");
	assert_int_equal(o.checks, 12);
	/* both halves: the guest's answer does not count, what the program says does */
	o = boot_with_check(
		"[check outside]\norder = 65\nrun = hostname\nhost = echo b\nexpect = ^b$\n"
		"refuse = fake\n" SENTENCES);
	assert_string_equal(o.verdict, "pass");
	o = boot_with_check(
		"[check outside]\norder = 65\nhost = echo wrong\nexpect = ^right$\n" SENTENCES);
	assert_string_equal(o.verdict, "fail");
	assert_int_equal(o.failed, 1);
	assert_int_equal(o.checks, 12); /* the others are made all the same */
	o = boot_with_check(
		"[check outside]\norder = 65\ntool = no-such-tool\nhost = no-such-tool\n"
		"expect = ^x$\n" SENTENCES);
	assert_string_equal(o.verdict, "pass");
	assert_int_equal(o.checks, 12);
	assert_int_equal(o.untested, 1);
	assert_int_equal(o.failed, 0);
	o = boot_with_check(
		"[check outside]\norder = 65\nhost = no-such-tool\nexpect = ^x$\n" SENTENCES);
	assert_string_equal(o.verdict, "fail");
}

/* A guest that can be reached: only its owner can read the key while it runs, and the key is gone afterwards. */
static void test_key(void **state)
{
	struct outcome o;
	json_t *verdict, *list;
	const char *found = NULL;

	(void)state;
	write_file("share/machines/x86_64.machine", machine_with_door);
	o = boot_with_check(
		"[check outside]\norder = 65\nhost = find {key-file} -perm 0600 -size +0\n"
		"expect = ^(/.*/key)$\n" SENTENCES);
	write_file("share/machines/x86_64.machine", machine);
	assert_string_equal(o.verdict, "pass");
	verdict = json_load_file(path_of("out/verdict.json"), 0, NULL);
	list = json_object_get(verdict, "checks");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *check = json_array_get(list, i);

		if (strcmp(json_string_value(json_object_get(check, "name")), "outside") == 0)
			found = json_string_value(json_object_get(check, "detail"));
	}
	assert_non_null(found);
	assert_int_equal(access(found, F_OK), -1);
	json_decref(verdict);
}

static void test_noisy(void **state)
{
	(void)state;
	expect("noisy", 60, "pass", "");
}

static void test_flood(void **state)
{
	(void)state;
	expect("flood", 120, "pass", "");
}

static void test_failures(void **state)
{
	(void)state;
	expect("panic", 60, "fail", "init-loader");
	expect("wrong", 60, "fail", "check-kernel");
	expect("oops", 60, "fail", "oops");
	expect("dies", 60, "fail", "ended-early");
	expect("off", 60, "fail", "ended-early");
	expect("reset", 60, "fail", "silent-reset");
	expect("failure", 60, "fail", "emulator-option");
}

static void test_time_outs(void **state)
{
	(void)state;
	expect("silent", 1, "timeout", "no-console");
	expect("stuck", 1, "timeout", "hang-kernel");
	expect("mute", 1.5, "timeout", "no-shell");
	expect("forger", 1.5, "timeout", "no-shell");
	expect("stays", 3, "timeout", "too-slow");
}

static void test_busy_machine(void **state)
{
	struct outcome o = boot("busy", 60);

	(void)state;
	assert_string_equal(o.verdict, "pass");
	assert_int_equal(o.notes, 1);
}

static void test_kvm_fall_back(void **state)
{
	struct outcome o;

	(void)state;
	if (access("/dev/kvm", R_OK | W_OK) < 0)
		skip();
	o = boot_with("kvm-hang", &(struct boot_options){.accel = ACCEL_AUTO});
	assert_string_equal(o.verdict, "pass");
	assert_string_equal(o.accel, "tcg");
	assert_int_equal(o.notes, 1);
	/* it is remembered: the second time nobody waits for it */
	o = boot_with("kvm-hang", &(struct boot_options){.accel = ACCEL_AUTO});
	assert_string_equal(o.verdict, "pass");
	assert_int_equal(o.notes, 0);
	o = boot_with("kvm-hang", &(struct boot_options){.accel = ACCEL_KVM, .timeout_s = 1.5});
	assert_string_equal(o.verdict, "timeout");
	assert_string_equal(o.id, "no-console-kvm");
}

static void test_cancel(void **state)
{
	struct run *run = start("silent", &(struct boot_options){.accel = ACCEL_TCG});
	struct outcome o = {0};

	(void)state;
	while (access(path_of("out/pid"), F_OK) < 0)
		look(run, &o);
	run_cancel(run);
	while (!o.over)
		look(run, &o);
	assert_string_equal(o.id, "cancelled");
	expect_no_guest(run);
	run_free(run);
}

/* The session's own process is killed without a chance to clean up. */
static void test_killed_session(void **state)
{
	struct run *run = start("silent", &(struct boot_options){.accel = ACCEL_TCG});
	struct outcome o = {0};
	char path[400];
	FILE *f;
	int pid = 0;

	(void)state;
	while (access(path_of("out/pid"), F_OK) < 0)
		look(run, &o);
	snprintf(path, sizeof path, "%s/lock", run_folder(run));
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &pid), 1);
	fclose(f);
	assert_int_equal(kill(pid, SIGKILL), 0);
	expect_no_guest(run);
	run_free(run);
}

static void type(const char *console, const char *keys)
{
	int fd = open(console, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, keys, strlen(keys)), strlen(keys));
	close(fd);
}

static void test_interactive(void **state)
{
	struct run *run =
		start("pass", &(struct boot_options){.accel = ACCEL_TCG, .interactive = true});
	struct outcome o = {0};
	char console[400];

	(void)state;
	while (!o.over)
		look(run, &o);
	assert_string_equal(o.verdict, "pass");
	assert_int_equal(o.checks, 10); /* no poweroff */
	assert_true(run_is_alive(run));
	snprintf(console, sizeof console, "%s/console", run_folder(run));
	type(console, "poweroff\n");
	expect_no_guest(run);
	run_free(run);
}

static bool refused(const struct boot_options *options, enum error_kind kind, const char *word)
{
	struct error err = {0};
	struct run *run = NULL;
	bool ok = run_boot(&run, &world.profile, &world.settings, options, &err);

	if (ok || err.kind != kind || !strstr(err.text, word))
		print_error("%d %s\n", (int)err.kind, err.text);
	return !ok && err.kind == kind && strstr(err.text, word);
}

static void test_refusals(void **state)
{
	struct boot_options o = {.accel = ACCEL_TCG, .output = path_of("nowhere")};

	(void)state;
	assert_true(refused(&o, ERROR_USAGE, "build first"));
	o.output = path_of("bin");
	assert_true(refused(&o, ERROR_USAGE, "build first"));
	o.output = path_of("out");
	o.firmware = LOADER_UEFI;
	assert_true(refused(&o, ERROR_USAGE, "uefi"));
	o.firmware = LOADER_AUTO;
	rename(path_of("bin/" FAKE_EMULATOR), path_of("bin/gone"));
	assert_true(refused(&o, ERROR_HOST, FAKE_EMULATOR));
	rename(path_of("bin/gone"), path_of("bin/" FAKE_EMULATOR));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_noisy),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_time_outs),
		cmocka_unit_test(test_busy_machine),
		cmocka_unit_test(test_kvm_fall_back),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_killed_session),
		cmocka_unit_test(test_interactive),
		cmocka_unit_test(test_refusals),
	};

	if (strstr(argv[0], FAKE_EMULATOR))
		return fake_guest(argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
