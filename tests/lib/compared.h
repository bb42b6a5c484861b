/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files `first` and `second` of a test's folder compared, with its folder `work`, in which nothing may stay. */
#ifndef COMPARED_H
#define COMPARED_H

#include "contents/compare.h"
#include "scratch.h"

/* *k is released before. */
void compared(struct comparison *k, struct scratch *s);

#endif
