/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sandbox of build steps, as a shell sees it from inside. What it must keep from hostile programs: tests/fake/sandbox.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "proc/jail_enter.h"
#include "proc/proc.h"
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>

struct world {
	struct scratch scratch;
	struct arena arena;
	struct jail jail;
	struct jail_power power;
};

/* A folder to write in, one to read and one to know nothing of. */
static bool make(struct world *w, const char *only)
{
	struct place place = {.data = {0}};
	struct error err;

	*w = (struct world){.arena = ARENA_INIT};
	scratch_make(&w->scratch);
	scratch_write(&w->scratch, "work/mine", "");
	scratch_write(&w->scratch, "given/tool", "given");
	scratch_write(&w->scratch, "other/secret", "secret");
	if (only)
		setenv("BOOTSMITH_TEST_SANDBOX", only, 1);
	jail_probe(&w->power, scratch_path(&w->scratch, "work"));
	unsetenv("BOOTSMITH_TEST_SANDBOX");
	vec_push_in(&w->arena, &place.data, getenv("BOOTSMITH_PATH"));
	/* scripts of a manager of versions need the folder above them, whatever else the home has */
	scratch_write(&w->scratch, "home/.pyenv/libexec/proper", "the program proper\n");
	scratch_write(&w->scratch, "home/.pyenv/shims/tool", "");
	scratch_write(&w->scratch, "home/.cargo/bin/tool", "");
	scratch_write(&w->scratch, "home/.cargo/credentials", "secret\n");
	assert_true(jail_open(&w->jail, &w->power, &place,
		arena_fmt(&w->arena, "/usr/bin:%s/.pyenv/shims:%s/.cargo/bin:/bin",
			arena_str(&w->arena, scratch_path(&w->scratch, "home")),
			arena_str(&w->arena, scratch_path(&w->scratch, "home"))),
		&w->arena, &err));
	jail_add(&w->jail, &w->arena, JAIL_WRITE,
		arena_str(&w->arena, scratch_path(&w->scratch, "work")));
	jail_add(&w->jail, &w->arena, JAIL_COVER,
		arena_str(&w->arena, scratch_path(&w->scratch, "")));
	jail_add(&w->jail, &w->arena, JAIL_READ,
		arena_str(&w->arena, scratch_path(&w->scratch, "given/")));
	/* a folder of PATH that others may not enter */
	scratch_write(&w->scratch, "closed/bin/tool", "");
	chmod(scratch_path(&w->scratch, "closed"), 0);
	jail_add(&w->jail, &w->arena, JAIL_READ,
		arena_str(&w->arena, scratch_path(&w->scratch, "closed/bin")));
	jail_sort(&w->jail);
	return w->power.spaces || w->power.landlock;
}

static void end(struct world *w)
{
	chmod(scratch_path(&w->scratch, "closed"), 0700);
	scratch_remove(&w->scratch);
	arena_release(&w->arena);
}

/* What the script prints inside, where $S is the scratch folder; and how it ends. */
static int says(struct world *w, const char *script, struct text *out)
{
	char *env[] = {arena_fmt(&w->arena, "S=%s", scratch_path(&w->scratch, "")),
		arena_str(&w->arena, "PATH=/usr/bin:/bin"), arena_str(&w->arena, "ID=" PROC_ID),
		NULL};
	const char *const argv[] = {"sh", "-c", script, NULL};
	struct proc p = {.argv = argv,
		.env = (const char *const *)env,
		.group = true,
		.jail = &w->jail,
		.own_id = env[2] + strlen("ID=")};
	struct error err = {0};
	int ends[2], status;
	char chunk[4096];
	ssize_t got;

	assert_return_code(pipe2(ends, O_CLOEXEC), 0);
	p.out_fd = ends[1];
	if (!proc_start(&p, &err))
		fail_msg("%s", err.text);
	close(ends[1]);
	text_clear(out);
	while ((got = read(ends[0], chunk, sizeof chunk)) > 0)
		text_add(out, chunk, (size_t)got);
	close(ends[0]);
	assert_true(proc_wait(&p, 10000, &status));
	return status;
}

static void assert_says(struct world *w, const char *script, const char *expected)
{
	struct text out = TEXT_INIT;

	assert_int_equal(says(w, script, &out), 0);
	if (strcmp(out.s, expected) != 0)
		fail_msg("%s: %s", script, out.s);
	text_release(&out);
}

static const char *const modes[] = {NULL, "namespaces", "namespaces seccomp", "landlock seccomp"};
enum { MODES = sizeof modes / sizeof *modes };

static void files_are_as_promised(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODES; i++) {
		struct world w;

		if (make(&w, modes[i])) {
			assert_says(&w, "cat $S/given/tool", "given");
			assert_says(&w, "cat $S/other/secret 2>&- || echo no", "no\n");
			assert_says(
				&w, "cat $S/home/.pyenv/libexec/proper", "the program proper\n");
			assert_says(&w, "cat $S/home/.cargo/credentials 2>&- || echo no", "no\n");
			assert_says(&w, "echo x 2>&- >$S/given/tool || echo no", "no\n");
			/* in a folder for temporary files it may seem to succeed */
			assert_says(&w, "(echo x >$S/new) 2>&-; echo x 2>&- >/usr/new || echo no",
				"no\n");
			assert_false(scratch_has(&w.scratch, "new"));
			assert_says(&w,
				"cd $S/work && mkdir a b && echo x >a/f && mv a/f b && cat b/f",
				"x\n");
			assert_says(&w, "echo x >/dev/null && echo x >/dev/stderr", "x\n");
			assert_int_equal(
				access(scratch_path(&w.scratch, "work/b/f"), R_OK | W_OK), 0);
		}
		end(&w);
	}
}

/* What was made inside belongs to whoever runs the build. */
static void files_keep_their_owner(void **state)
{
	struct world w;
	struct stat st;

	(void)state;
	if (make(&w, NULL)) {
		assert_says(&w, "umask 077; echo x >$S/work/new; chmod 4755 $S/work/new", "");
		assert_return_code(stat(scratch_path(&w.scratch, "work/new"), &st), 0);
		assert_int_equal(st.st_uid, geteuid());
		assert_int_equal(st.st_mode & 07777, 04755);
	}
	end(&w);
}

/* The number of processes has a limit, and where the person's own count, there is room for them. For root, whose processes are
 * not counted, doctor says so. */
static void processes_have_a_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODES; i++) {
		struct text out = TEXT_INIT, lacks = TEXT_INIT;
		struct world w;

		if (make(&w, modes[i])) {
			long most = w.jail.bounds.processes, got;

			assert_true(most > 0);
			assert_int_equal(
				says(&w, "awk '/^Max processes/ { print $3 }' /proc/self/limits",
					&out),
				0);
			got = strtol(out.s, NULL, 10);
			assert_true(w.power.spaces ? got == most : got > most);
			jail_unbounded(&w.power, &lacks);
			assert_int_equal(strstr(lacks.s, "how many") != NULL,
				geteuid() == 0 && !w.power.nobody);
		}
		text_release(&lacks);
		text_release(&out);
		end(&w);
	}
}

static void the_end_is_passed_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODES; i++) {
		struct text out = TEXT_INIT;
		struct world w;

		if (make(&w, modes[i])) {
			assert_int_equal(says(&w, "exit 3", &out), 3 << 8);
			assert_int_equal(says(&w, "kill -9 $$", &out), SIGKILL);
			assert_int_equal(says(&w, "kill -TERM $$; sleep 5", &out), SIGTERM);
		}
		text_release(&out);
		end(&w);
	}
}

static void it_knows_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < MODES; i++) {
		struct world w;

		if (make(&w, modes[i]))
			assert_says(&w,
				"[ $((${ID%%/*})) = $$ ] && [ -d /proc/$ID/fd ] && echo yes",
				"yes\n");
		end(&w);
	}
}

/* A program that is told to end has time to put things in order, and what it leaves behind is gone. */
static void the_program_itself_is_told(void **state)
{
	struct world w;
	struct text out = TEXT_INIT;

	(void)state;
	if (make(&w, NULL) && w.power.processes) {
		const char *const argv[] = {"sh", "-c",
			"trap 'echo told >&2; exit 4' TERM; (sleep 60)& echo ready; while :; do sleep 0.02; done",
			NULL};
		struct proc p = {.argv = argv, .group = true, .jail = &w.jail};
		struct error err;
		int ends[2], status;
		char chunk[100];
		ssize_t got;

		assert_return_code(pipe2(ends, O_CLOEXEC), 0);
		p.out_fd = ends[1];
		assert_true(proc_start(&p, &err));
		close(ends[1]);
		assert_int_equal(read(ends[0], chunk, sizeof chunk), strlen("ready\n"));
		kill(-p.pid, SIGTERM);
		assert_true(proc_wait(&p, 10000, &status));
		assert_int_equal(status, 4 << 8);
		while ((got = read(ends[0], chunk, sizeof chunk)) > 0)
			text_add(&out, chunk, (size_t)got);
		assert_non_null(
			strstr(out.s, "told\n")); /* and the end: sleep holds the pipe no more */
		close(ends[0]);
	}
	text_release(&out);
	end(&w);
}

static void failures_have_words(void **state)
{
	struct world w;

	(void)state;
	if (make(&w, NULL) && w.power.spaces) {
		const char *const argv[] = {"true", NULL};
		struct proc p = {.argv = argv, .jail = &w.jail};
		struct error err;

		jail_add(&w.jail, &w.arena, JAIL_WRITE, "/nowhere/at/all");
		assert_false(proc_start(&p, &err));
		assert_string_equal(err.text,
			"the sandbox of true cannot be made: /nowhere/at/all: No such file or directory");
		assert_int_equal(err.kind, ERROR_HOST);
	}
	end(&w);
}

static void a_path_is_viewed_once(void **state)
{
	struct arena a = ARENA_INIT;
	struct jail j = {.folder = NULL};
	struct text out = TEXT_INIT;

	(void)state;
	jail_add(&j, &a, JAIL_READ, "/usr/bin");
	jail_add(&j, &a, JAIL_READ, "relative");
	jail_add(&j, &a, JAIL_READ, "/");
	jail_add(&j, &a, JAIL_READ, "/house/me");
	jail_add(&j, &a, JAIL_COVER, "/house/me");
	jail_add(&j, &a, JAIL_READ, "/house/me/bin/");
	jail_add(&j, &a, JAIL_WRITE, "/opt/cache/work");
	jail_add(&j, &a, JAIL_COVER, "/opt/cache");
	jail_add(&j, &a, JAIL_READ, "/opt/cache/tree");
	jail_add(&j, &a, JAIL_SYSTEM, "/usr");
	jail_add(&j, &a, JAIL_SYSTEM, "/opt");
	jail_sort(&j);
	for (size_t i = 0; i < j.views.n; i++)
		text_fmt(&out, "%d %s\n", (int)j.views.at[i].kind, j.views.at[i].path);
	assert_string_equal(out.s,
		"2 /house/me\n0 /house/me/bin\n1 /opt\n2 /opt/cache\n0 /opt/cache/tree\n"
		"3 /opt/cache/work\n1 /usr\n");
	assert_string_equal(j.folder, "/opt/cache/work");
	text_release(&out);
	arena_release(&a);
}

static void tests_can_take_it_away(void **state)
{
	struct text words = TEXT_INIT;
	struct strings marks = {0};
	struct world w;

	(void)state;
	assert_false(make(&w, "nothing"));
	jail_words(&w.power, &words);
	jail_marks(&w.power, &marks);
	assert_string_equal(words.s, "");
	assert_int_equal(marks.n, 0);
	assert_false(jail_is_whole(&w.power));
	assert_string_not_equal(w.power.lacks, "");
	vec_release(&marks);
	text_release(&words);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_as_promised),
		cmocka_unit_test(files_keep_their_owner),
		cmocka_unit_test(processes_have_a_limit),
		cmocka_unit_test(the_end_is_passed_on),
		cmocka_unit_test(it_knows_itself),
		cmocka_unit_test(the_program_itself_is_told),
		cmocka_unit_test(failures_have_words),
		cmocka_unit_test(a_path_is_viewed_once),
		cmocka_unit_test(tests_can_take_it_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
