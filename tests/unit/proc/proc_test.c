/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting programs: what they print, how they end, and that nothing of them is left. */
#include "base/text.h"
#include "proc/proc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool shell(
	const char *script, size_t limit, struct text *out, int *status, struct error *err)
{
	const char *const argv[] = {"sh", "-c", script, NULL};

	return proc_capture(argv, NULL, NULL, limit, out, status, err);
}

static void assert_shell(const char *script, const char *expected, int exit)
{
	struct text out = TEXT_INIT;
	struct error err;
	int status;

	assert_true(shell(script, 1 << 20, &out, &status, &err));
	assert_string_equal(out.s, expected);
	assert_int_equal(proc_exit(status), exit);
	text_release(&out);
}

static void output_arrives_whole(void **state)
{
	(void)state;
	assert_shell("printf a; sleep 0.05; printf 'b\\nc'", "ab\nc", 0);
	assert_shell("echo out; echo err >&2", "out\nerr\n", 0);
	assert_shell(":", "", 0);
}

static void a_line_of_a_megabyte(void **state)
{
	struct text out = TEXT_INIT;
	struct error err;
	int status;

	(void)state;
	assert_true(shell("head -c 1048576 /dev/zero | tr '\\0' x", 2 << 20, &out, &status, &err));
	assert_int_equal(out.len, 1 << 20);
	assert_int_equal(strspn(out.s, "x"), 1 << 20);
	text_release(&out);
}

static void ends_are_told_apart(void **state)
{
	struct text out = TEXT_INIT;
	struct error err;
	int status;

	(void)state;
	assert_shell("exit 1", "", 1);
	assert_true(shell("exit 2", 10, &out, &status, &err));
	assert_string_equal(proc_words(status).s, "exit status 2");
	assert_true(shell("kill -9 $$", 10, &out, &status, &err));
	assert_int_not_equal(status, 0);
	assert_string_equal(proc_words(status).s, "killed by SIGKILL");
	assert_int_equal(proc_exit(status), 137);
	text_release(&out);
}

static void a_missing_program_is_named(void **state)
{
	const char *const argv[] = {"no-such-program-here", NULL};
	const char *const path[] = {"/no/such/program", NULL};
	struct text out = TEXT_INIT;
	struct error err = {0};
	int status;

	(void)state;
	assert_false(proc_capture(argv, NULL, NULL, 10, &out, &status, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, "no-such-program-here"));
	assert_false(proc_capture(path, NULL, NULL, 10, &out, &status, &err));
	assert_non_null(strstr(err.text, "/no/such/program"));
	text_release(&out);
}

/* An executable file that the kernel refuses: the error comes back through the pipe, and no second process goes on. */
static void a_failed_exec_is_an_error(void **state)
{
	char path[] = "/tmp/bootsmith-exec-XXXXXX";
	const char *const argv[] = {path, NULL};
	struct text out = TEXT_INIT;
	struct error err = {0};
	int fd = mkstemp(path), status;

	(void)state;
	assert_true(fd >= 0 &&
		    write(fd,
			    "\x7f"
			    "ELF nonsense",
			    13) == 13 &&
		    fchmod(fd, 0755) == 0 && close(fd) == 0);
	assert_false(proc_capture(argv, NULL, NULL, 10, &out, &status, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	unlink(path);
	text_release(&out);
}

static void a_missing_folder_is_named(void **state)
{
	const char *const argv[] = {"true", NULL};
	struct text out = TEXT_INIT;
	struct error err = {0};
	int status;

	(void)state;
	assert_false(proc_capture(argv, NULL, "/no/such/folder", 10, &out, &status, &err));
	assert_non_null(strstr(err.text, "/no/such/folder"));
	text_release(&out);
}

/* A grandchild that keeps the output open must neither keep us waiting nor live on. */
static void a_grandchild_holding_the_pipe(void **state)
{
	struct text out = TEXT_INIT;
	struct error err;
	int status, end;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_true(shell("sleep 1000 & echo $!", 100, &out, &status, &err));
	assert_int_equal(status, 0);
	assert_true(waitpid((pid_t)atol(out.s), &end, 0) > 0);
	assert_int_equal(proc_exit(end), 128 + SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	text_release(&out);
}

static void the_environment_is_what_was_given(void **state)
{
	const char *const argv[] = {"env", NULL};
	const char *const env[] = {"PATH=/usr/bin:/bin", "ONLY=this", NULL};
	struct text out = TEXT_INIT;
	struct error err;
	int status;

	(void)state;
	assert_true(proc_capture(argv, env, NULL, 1000, &out, &status, &err));
	assert_string_equal(out.s, "PATH=/usr/bin:/bin\nONLY=this\n");
	text_release(&out);
}

static void no_fd_of_ours_leaks(void **state)
{
	int leak = open("/dev/null", O_RDONLY); /* not close-on-exec, on purpose */
	struct text out = TEXT_INIT;
	struct error err;
	int status;

	(void)state;
	assert_true(leak >= 0);
	assert_true(shell("ls -l /proc/self/fd | grep -c null", 1000, &out, &status, &err));
	assert_string_equal(out.s, "1\n"); /* stdin alone */
	close(leak);
	text_release(&out);
}

static void too_much_output_is_an_error(void **state)
{
	struct text out = TEXT_INIT;
	struct error err = {0};
	int status;

	(void)state;
	assert_false(shell("yes", 5000, &out, &status, &err));
	assert_non_null(strstr(err.text, "5000"));
	assert_true(out.len <= 5000);
	text_release(&out);
}

static void patience_ends(void **state)
{
	const char *const argv[] = {"sh", "-c", "echo begun; sleep 1000", NULL};
	struct text out = TEXT_INIT;
	struct error err = {0};
	int status;

	(void)state;
	assert_false(proc_capture_for(50, argv, NULL, NULL, 100, &out, &status, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	text_release(&out);
}

/* Everything below a subreaper goes, also what left its session and ignores SIGTERM. */
static void descendants_are_all_ended(void **state)
{
	const char *const argv[] = {"sh", "-c",
		"trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 1000' & sleep 1000 & wait",
		NULL};
	struct proc p = {.argv = argv, .group = true};
	struct error err;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_true(proc_start(&p, &err));
	proc_kill_descendants(20);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	close(p.pidfd);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_arrives_whole),
		cmocka_unit_test(a_line_of_a_megabyte),
		cmocka_unit_test(ends_are_told_apart),
		cmocka_unit_test(a_missing_program_is_named),
		cmocka_unit_test(a_failed_exec_is_an_error),
		cmocka_unit_test(a_missing_folder_is_named),
		cmocka_unit_test(a_grandchild_holding_the_pipe),
		cmocka_unit_test(the_environment_is_what_was_given),
		cmocka_unit_test(no_fd_of_ours_leaks),
		cmocka_unit_test(too_much_output_is_an_error),
		cmocka_unit_test(patience_ends),
		cmocka_unit_test(descendants_are_all_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
