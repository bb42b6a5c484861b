/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two clocks of the system that are asked here. */
#include "base/clock.h"

#include "base/banned.h"

static double seconds_of(const struct timespec *t)
{
	return (double)t->tv_sec + (double)t->tv_nsec / 1e9;
}

static double ask(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return seconds_of(&t);
}

double clock_now(void)
{
	return ask(CLOCK_MONOTONIC);
}

double clock_age(const struct timespec *stamp)
{
	double age = ask(CLOCK_REALTIME) - seconds_of(stamp);

	return age > 0 ? age : 0;
}

double clock_round(double seconds)
{
	return (double)(long)(seconds * 1000 + 0.5) / 1000;
}
