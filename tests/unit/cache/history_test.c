/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of what steps cost: of a damaged one the lines that make sense count. */
#include "base/arena.h"
#include "base/place.h"
#include "cache/history.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void only_what_was_measured_counts(void **state)
{
	struct scratch s;
	struct history h;
	const struct history_entry *e;
	const char *path;
	struct error err;
	static const char lines[] = "a p 1.5 10 20 1767225600\n"
				    "b p inf 1 1 1\n"
				    "c p nan 1 1 1\n"
				    "d p 1e300 1 1 1\n"
				    "e p -1 1 1 1\n"
				    "f p 1\n"
				    "g p 2 10 20 1 3.5 400\n"
				    "h p 2 10 20 1 nan 5";

	(void)state;
	scratch_make(&s);
	path = arena_fmt(&s.place.arena, "%s/history", s.place.state);
	assert_true(place_make_folder(s.place.state, &err));
	assert_true(place_write_file(path, lines, strlen(lines), &err));
	history_load(&h, &s.place);
	assert_int_equal(h.entries.n, 3);
	e = history_find(&h, "a", "p");
	assert_non_null(e);
	assert_true(e->seconds > 1.4 && e->seconds < 1.6);
	assert_true(e->cpu <= 0 && !e->symbols); /* a line of an older program */
	e = history_find(&h, "g", "p");
	assert_true(e && e->cpu > 3.4 && e->cpu < 3.6 && e->symbols == 400);
	e = history_find(&h, "h", "p");
	assert_true(e && e->cpu <= 0);
	assert_null(history_find(&h, "b", NULL));
	history_release(&h);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(only_what_was_measured_counts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
