/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A step's log: however much a program says, the file stays within its limit and its end can be read. */
#include "base/error.h"
#include "plan/step.h"
#include "run/steplog.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void an_endless_log_is_bounded(void **state)
{
	struct scratch s;
	struct steplog l;
	struct step step = {.id = "x", .title = "y"};
	struct error err;
	char chunk[1000], *text;

	(void)state;
	scratch_make(&s);
	memset(chunk, 'a', sizeof chunk);
	assert_true(steplog_open(&l, scratch_path(&s, "log"), &step, &err));
	l.limit = 5000;
	for (int i = 0; i < 3000; i++)
		steplog_take(&l, chunk, sizeof chunk);
	steplog_take(&l, "the end", 7);
	steplog_close(&l, "ok", 1);
	text = scratch_read(&s, "log");
	assert_non_null(strstr(text, "the end\n# result  ok"));
	assert_non_null(strstr(text, "bytes were left out"));
	assert_true(strlen(text) < 6000 + STEPLOG_TAIL);
	free(text);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_endless_log_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
