/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seconds: measured, rounded, and since a time stamp. */
#include "base/clock.h"

#include <stdbool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void it_goes_on(void **state)
{
	double before = clock_now();

	(void)state;
	assert_true(before > 0);
	assert_true(clock_now() >= before);
}

static bool is(double seconds, double wanted)
{
	return seconds > wanted - 1e-9 && seconds < wanted + 1e-9;
}

static void it_rounds(void **state)
{
	(void)state;
	assert_true(is(clock_round(0), 0));
	assert_true(is(clock_round(1.2344), 1.234));
	assert_true(is(clock_round(1.2346), 1.235));
	assert_true(is(clock_round(0.9996), 1));
}

/* A stamp in the future, left by a clock that was set back, counts as now. */
static void it_tells_an_age(void **state)
{
	struct timespec stamp;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &stamp);
	stamp.tv_sec -= 100;
	assert_true(clock_age(&stamp) >= 100 && clock_age(&stamp) < 160);
	stamp.tv_sec += 1000;
	assert_true(is(clock_age(&stamp), 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_on),
		cmocka_unit_test(it_rounds),
		cmocka_unit_test(it_tells_an_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
