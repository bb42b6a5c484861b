/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time as seconds, for what is measured: a clock that nobody sets, so that differences are right whatever happens to the date. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

double clock_now(void);

/* Seconds since a file's time stamp; never less than 0. */
double clock_age(const struct timespec *stamp);

/* To the millisecond, which is all that a reader wants to see. Up to some millions of years. */
double clock_round(double seconds);

#endif
