/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every action of the table may be repeated over what its killed twin left: it succeeds and leaves exactly what it would have
 * left in a clean folder. Each action is killed midway: at random moments, by a limit on file sizes (as a full disk would), and
 * just before its process would have ended by itself.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "plan/action_facts.h"
#include "proc/proc.h"
#include "scratch.h"
#include "step/action.h"
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STUB "/usr/lib/systemd/boot/efi/linuxx64.efi.stub"

enum { KIB = 1024, BIG = 1536 * KIB, POINTS = 8 };

/*
 * '%' is the folder of the inputs, '@' that of the results. One action a line; 'env' is for the programs. Several lines are one
 * step: a step is always repeated from its first action on.
 */
static const struct row {
	const char *verb;
	const char *needs; /* a program or file required to try it; NULL: none */
	const char *lines;
} rows[] = {
	{"run", NULL, "run cp %big @made"},
	{"run", "xorriso",
		"env SOURCE_DATE_EPOCH=1767225600\n"
		"lay @medium 1767225600 @iso/iso\n"
		"run mkfs.fat --invariant -n EFI -C @medium/efi.img 1440\n"
		"run mmd -i @medium/efi.img ::/EFI\n"
		"run xorriso -as mkisofs -quiet -R --modification-date=2026010100000000 --set_all_file_dates 2026010100000000 -uid 0 -gid 0 -o @iso/iso @medium"},
	{"fetch", NULL, "fetch @got/big - 0 file://%big"},
	{"unpack", "tar", "unpack %archive.tar @tree"},
	{"merge", NULL, "merge @config CONFIG_A=y CONFIG_B=m"},
	{"verify", NULL, "merge @config CONFIG_A=y\nverify @config %folder CONFIG_A=y"},
	{"keep", NULL, "keep %folder @stage/folder %big @stage/big"},
	{"bring", NULL, "bring %big @stage/big"},
	{"join", NULL, "join @sysroot %folder %folder"},
	{"borrow", "cc",
		"borrow @sysroot --flags --folder %folder --header a below lacking --library crt1.o libc.so --loader /lib/ld.so"},
	{"write", NULL, "write @made/file one two"},
	{"licence", NULL, "licence recipe:1 %big @stage/big"},
	{"licences", NULL, "licences @stage/all one %big two %folder/a"},
	{"vet", NULL, "keep %folder @vetted\nvet @vetted %folder"},
	{"publish", NULL, "keep %folder @staging\npublish @staging @cache/unit"},
	{"initramfs", NULL, "initramfs @i/initramfs gzip 1767225600"},
	{"initramfs", NULL, "initramfs @i/initramfs none 1767225600"},
	{"ext4", NULL, "ext4 @e/root root 8 1767225600"},
	{"squashfs", "mksquashfs", "squashfs @s/root gzip 1767225600"},
	{"tar", NULL, "tar @t/root.tar zstd 1767225600"},
	{"oci", NULL, "oci @o/oci.tar name linux amd64 1767225600 /bin/sh"},
	{"lay", NULL, "lay @laid 1767225600 @m/medium"},
	{"trigger", NULL,
		"trigger @laid @stage/root /bin/cp - :below *big* :makes *made :run cp {root}/big {root}/made"},
	{"fat", "mcopy", "env SOURCE_DATE_EPOCH=0\nfat @boot.fat %folder BOOT"},
	{"disk", NULL, "disk @disk.img dos - - 83 root %big"},
	{"part", NULL, "initramfs @i/initramfs none 1767225600\npart @i/initramfs kernel %big"},
	{"same", NULL,
		"initramfs @i/initramfs none 1767225600\n"
		"lay @none 1767225600 @s/copy\n"
		"same @s/copy @i/initramfs"},
	{"burn", NULL, "burn %big @device"},
	{"reread", NULL, "burn %big @device\nreread %big @device"},
	{"pe", STUB, "pe @made.efi " STUB " .more %big"},
	{"settle", "qemu-img",
		"run qemu-img convert -q -f raw -O vdi %big @disk.vdi\nsettle @disk.vdi vdi"},
	{"settle", "qemu-img",
		"run qemu-img convert -q -f raw -O vhdx %big @disk.vhdx\nsettle @disk.vhdx vhdx"},
	{"settle", "qemu-img",
		"run qemu-img convert -q -f raw -O vmdk %big @disk.vmdk\nsettle @disk.vmdk vmdk"},
	{"output", NULL, "output @out %big vmlinuz %folder/a a"},
};

struct bench {
	struct scratch s;
	struct arena arena;
	struct tree tree;
	struct plan plan;
	struct unit unit;
	struct step step;
	unsigned long seed;
};

static void write_big(struct bench *b)
{
	FILE *f = fopen(scratch_path(&b->s, "given/big"), "w");
	uint32_t n = 1;

	assert_non_null(f);
	for (int i = 0; i < BIG / 4; i++) {
		n = n * 1664525 + 1013904223;
		assert_int_equal(fwrite(&n, sizeof n, 1, f), 1);
	}
	assert_int_equal(fclose(f), 0);
}

static void add(struct bench *b, struct tree_entry e)
{
	struct error err;

	e.owner = "test";
	assert_true(tree_add(&b->tree, &e, &err));
}

static int set_up(void **state)
{
	static struct bench b;
	const char *const pack[] = {"tar", "-cf", "archive.tar", "packed", NULL};
	struct text out = TEXT_INIT;
	struct error err;
	int status;

	*state = &b;
	scratch_make(&b.s);
	b.seed = (unsigned long)time(NULL);
	if (getenv("SEED"))
		b.seed = strtoul(getenv("SEED"), NULL, 10);
	print_message("SEED=%lu\n", b.seed);
	for (char name = 'a'; name <= 'l'; name++)
		scratch_write(&b.s, arena_fmt(&b.arena, "given/folder/%c", name), "content");
	scratch_write(&b.s, "given/folder/below/x", "below");
	scratch_write(&b.s, "given/folder/Kconfig", "config A\n\tbool \"a\"\n");
	write_big(&b);
	assert_true(place_make_folder(scratch_path(&b.s, "given/packed"), &err));
	assert_int_equal(
		link(scratch_path(&b.s, "given/big"), scratch_path(&b.s, "given/packed/big")), 0);
	if (proc_find("tar", NULL, &out))
		assert_true(proc_capture(
			pack, NULL, scratch_path(&b.s, "given"), 1 << 16, &out, &status, &err));
	text_release(&out);
	b.tree.arena = &b.arena;
	add(&b, (struct tree_entry){.path = "/big",
			.kind = TREE_FILE,
			.mode = 0644,
			.from = scratch_path(&b.s, "given/big")});
	add(&b, (struct tree_entry){.path = "/etc/a",
			.kind = TREE_FILE,
			.mode = 0600,
			.content = "a",
			.content_len = 1});
	add(&b, (struct tree_entry){
			.path = "/init", .kind = TREE_LINK, .mode = 0777, .target = "etc/a"});
	b.plan = (struct plan){.profile = "p",
		.profile_text = "kernel = 6.12\n",
		.lock_text = "# lock\n",
		.manifest_text = "{\"key\":\"k\"}"};
	b.unit = (struct unit){.name = "unit", .tree = &b.tree};
	b.unit.key = arena_fmt(&b.arena, "%064d", 7);
	b.step = (struct step){.id = "unit.step", .unit = &b.unit};
	vec_push(&b.step.env, arena_fmt(&b.arena, "PATH=%s", getenv("PATH")));
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	vec_release(&b->step.env);
	scratch_remove(&b->s);
	arena_release(&b->arena);
	return 0;
}

/* Restores the results folder as it was before the first action of the step. */
static void begin(struct bench *b)
{
	struct error err;

	assert_true(place_remove(scratch_path(&b->s, "made"), &err));
	scratch_write(&b->s, "made/config", "CONFIG_A=m\nCONFIG_C=y\n");
	scratch_write(&b->s, "made/device", "");
	assert_int_equal(truncate(scratch_path(&b->s, "made/device"), BIG + 64 * KIB), 0);
	assert_true(place_make_folder(scratch_path(&b->s, "made/cache"), &err));
	assert_true(place_make_folder(scratch_path(&b->s, "made/got"), &err));
}

static const char *expand(struct bench *b, const char *word)
{
	struct text t = TEXT_INIT;
	const char *out;

	for (; *word; word++) {
		if (*word == '%' || *word == '@')
			text_str(&t, scratch_path(&b->s, *word == '%' ? "given/" : "made/"));
		else
			text_char(&t, *word);
	}
	out = arena_str(&b->arena, t.s);
	text_release(&t);
	return out;
}

static bool perform_line(struct bench *b, char *line, struct error *err)
{
	struct action_context c = {&b->plan, &b->step, &b->s.place, -1, NULL, 022, NULL, NULL};
	struct action a = {0};
	char *rest = NULL, *word = strtok_r(line, " ", &rest);

	if (strcmp(word, "env") == 0) {
		vec_push(&b->step.env, arena_str(&b->arena, rest));
		return true;
	}
	a.verb = action_find(word);
	while ((word = strtok_r(NULL, " ", &rest)))
		vec_push(&a.args, expand(b, word));
	return action_perform(&c, &a, err);
}

/* The child's part. */
static void perform(struct bench *b, const struct row *r, rlim_t most)
{
	int quiet =
		open(scratch_path(&b->s, "said"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char *copy = arena_str(&b->arena, r->lines), *rest = NULL, *line;
	struct error err = {0};
	bool ok = true;

	setpgid(0, 0);
	proc_reset_signals();
	dup2(quiet, 1);
	dup2(quiet, 2);
	signal(SIGXFSZ, SIG_IGN);
	if (most)
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){most, most});
	for (line = strtok_r(copy, "\n", &rest); ok && line; line = strtok_r(NULL, "\n", &rest))
		ok = perform_line(b, line, &err);
	if (!ok && !most)
		dprintf(1, "%s\n", err.text);
	_exit(ok ? 0 : 1);
}

/* Its status and duration; afterwards everything it started is gone. */
static int perform_for(
	struct bench *b, const struct row *r, rlim_t most, double patience, double *took)
{
	double began = clock_now();
	sigset_t child;
	pid_t pid;
	int status = 0;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		perform(b, r, most);
	setpgid(pid, pid);
	if (patience >= 0) {
		struct timespec t = {
			(time_t)patience, (long)((patience - (double)(time_t)patience) * 1e9)};

		/* it may end by itself before */
		sigtimedwait(&child, NULL, &t);
		kill(-pid, SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (took)
		*took = clock_now() - began;
	proc_kill_descendants(0);
	return status;
}

static char *listing(struct bench *b)
{
	const char *const words[] = {"sh", "-c",
		"find . -printf '%M %s %p %l\\n"
		"' | grep -v ^d | sort; find . -type f -exec sha256sum {} + | sort",
		NULL};
	struct text out = TEXT_INIT;
	struct error err;
	int status;
	char *all;

	assert_true(proc_capture(
		words, NULL, scratch_path(&b->s, "made"), 1 << 20, &out, &status, &err));
	all = strdup(out.s);
	text_release(&out);
	return all;
}

static bool repeat(struct bench *b, const struct row *r, const char *after, const char *whole)
{
	int status = perform_for(b, r, 0, -1, NULL);
	char *said = scratch_read(&b->s, "said"), *is = listing(b);
	bool same = strcmp(is, whole) == 0;

	if (status != 0)
		print_error("'%s' fails over what its twin left, which was ended %s: %s", r->verb,
			after, said);
	else if (!same)
		print_error(
			"'%s' leaves something else after its twin was ended %s:\n%s--- not\n%s",
			r->verb, after, is, whole);
	free(said);
	free(is);
	return status == 0 && same;
}

static bool try_row(struct bench *b, const struct row *r)
{
	static const rlim_t limits[] = {1, 100 * KIB, 1200 * KIB};
	double took;
	char *whole, after[64];
	bool ok;

	begin(b);
	if (perform_for(b, r, 0, -1, &took) != 0)
		fail_msg("'%s' fails: %s", r->verb, scratch_read(&b->s, "said"));
	whole = listing(b);
	ok = repeat(b, r, "at its end", whole);
	for (int i = 0; ok && i < POINTS; i++) {
		double at = took * i / POINTS;

		b->seed = b->seed * 1103515245 + 12345;
		at += took / POINTS * (double)(b->seed >> 16 & 0xff) / 0x100;
		begin(b);
		perform_for(b, r, 0, at, NULL);
		snprintf(after, sizeof after, "after %.1f of %.1f ms", at * 1e3, took * 1e3);
		ok = repeat(b, r, after, whole);
	}
	for (size_t i = 0; ok && i < sizeof limits / sizeof limits[0]; i++) {
		begin(b);
		perform_for(b, r, limits[i], -1, NULL);
		ok = repeat(b, r, "by a full disk", whole);
	}
	free(whole);
	return ok;
}

static bool can_be_tried(const struct row *r)
{
	struct text path = TEXT_INIT;
	bool can = !r->needs || (*r->needs == '/' ? access(r->needs, R_OK) == 0
						  : proc_find(r->needs, NULL, &path));

	text_release(&path);
	if (!can)
		print_message("'%s' is not tried: there is no %s\n", r->verb, r->needs);
	return can;
}

static void every_action_may_be_repeated(void **state)
{
	bool tried[ACTION_VERBS] = {false}, ok = true;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(action_find(rows[i].verb) < ACTION_VERBS);
		tried[action_find(rows[i].verb)] = true;
		if (can_be_tried(&rows[i]))
			ok = try_row(*state, &rows[i]) && ok;
	}
	for (enum action_verb verb = 0; verb < ACTION_VERBS; verb++)
		if (!tried[verb])
			fail_msg("nothing here tries the action '%s'", action_facts(verb)->word);
	assert_true(ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_may_be_repeated),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
