/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sandbox of children that read untrusted bytes: what must hold everywhere, and Landlock if the kernel has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "proc/sandbox.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LARGEST = 1000 };

/* Bits of the child's exit status. */
enum { INSIDE = 1, OUTSIDE = 2, TOO_LARGE = 4, PRIVILEGES = 8 };

static int try_it(const char *inside, const char *outside)
{
	char block[LARGEST + 1] = {0};
	int fd, found = 0;

	fd = open(inside, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0)
		found |= INSIDE;
	if (fd >= 0 && write(fd, block, sizeof block) == (ssize_t)sizeof block)
		found |= TOO_LARGE;
	if (open(outside, O_WRONLY | O_CREAT | O_CLOEXEC, 0644) >= 0)
		found |= OUTSIDE;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		found |= PRIVILEGES;
	return found;
}

static void only_the_folder_can_be_written(void **state)
{
	bool confined =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
	struct scratch s;
	int status = -1;
	pid_t pid;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "in/there", "");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		sandbox_enter(scratch_path(&s, "in"), LARGEST);
		_exit(try_it(scratch_path(&s, "in/new"), scratch_path(&s, "new")));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), confined ? INSIDE : INSIDE | OUTSIDE);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_folder_can_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
