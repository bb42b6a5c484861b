/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of this machine that are part of a check: those that flood, go silent, or leave children behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot/outside.h"
#include "scratch.h"

static void start(struct outside *o, const char *script)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	struct error err;

	outside_init(o);
	assert_true(outside_start(o, argv, &err));
}

static void await(struct outside *o)
{
	struct pollfd fds[OUTSIDE_FDS];

	do
		assert_true(poll(fds, outside_poll(o, fds), 30000) > 0);
	while (!outside_has_ended(o));
}

static void all_words_are_heard(void **state)
{
	struct outside o;

	(void)state;
	start(&o, "echo one; echo two >&2");
	await(&o);
	assert_string_equal(o.said.s, "one\ntwo\n");
	assert_false(outside_has_ended(&o));
	outside_end(&o);
}

/* It writes faster than anybody reads; the caller still gets its turn, and little is kept. */
static void a_flood_holds_nobody_up(void **state)
{
	struct outside o;
	struct pollfd fds[OUTSIDE_FDS];

	(void)state;
	start(&o, "cat /dev/zero & cat /dev/zero & exec cat /dev/zero");
	for (int i = 0; i < 8; i++) {
		assert_true(poll(fds, outside_poll(&o, fds), 30000) > 0);
		assert_false(outside_has_ended(&o));
	}
	assert_true(o.said.len < 2 * OUTSIDE_SAID);
	outside_end(&o);
	assert_int_equal(outside_poll(&o, fds), 0);
}

/* The end of its output is reported once; then only the program's end matters. */
static void a_closed_output_is_told_once(void **state)
{
	struct outside o;
	struct pollfd fds[OUTSIDE_FDS];

	(void)state;
	start(&o, "exec >&- 2>&-; exec sleep 1000");
	assert_true(poll(fds, outside_poll(&o, fds), 30000) > 0);
	assert_false(outside_has_ended(&o));
	assert_int_equal(outside_poll(&o, fds), 1);
	assert_int_equal(fds[0].fd, o.proc.pidfd);
	outside_end(&o);
}

/* Processes it leaves behind are killed, and do not keep the check waiting. */
static void nothing_is_left_behind(void **state)
{
	struct scratch s;
	struct outside o;
	struct pollfd held = {.events = POLLIN};
	char *script;

	(void)state;
	scratch_make(&s);
	assert_int_equal(mkfifo(scratch_path(&s, "held"), 0600), 0);
	held.fd = open(scratch_path(&s, "held"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(held.fd >= 0);
	assert_true(asprintf(&script, "exec 3>'%s'; echo x >&3; sleep 1000 & exit 0",
			    scratch_path(&s, "held")) > 0);
	start(&o, script);
	await(&o);
	/* the pipe ends when its last writer is gone */
	assert_int_equal(read(held.fd, script, 2), 2);
	assert_int_equal(poll(&held, 1, 30000), 1);
	assert_int_equal(read(held.fd, script, 2), 0);
	outside_end(&o);
	close(held.fd);
	free(script);
	scratch_remove(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_are_heard),
		cmocka_unit_test(a_flood_holds_nobody_up),
		cmocka_unit_test(a_closed_output_is_told_once),
		cmocka_unit_test(nothing_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
