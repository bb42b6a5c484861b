/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest memory that a profile's guest boots in with a passing verdict, found by bisection: each attempt is a line, or a
 * JSON object {"event":"memory","mib":N,"verdict":...,"seconds":S}, the result {"event":"smallest-memory","mib":N,"boots":K}.
 */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include "boot/run_boot.h"
#include "cli/cli.h"
#include "run/run.h"

/* mib: the result; 0 if no size up to 8 GiB passed, or a signal ended the search (then c->status is 128+n). */
CHECKED bool memory_search(struct cli *c, const struct profile *p,
	const struct boot_options *options, long *mib, struct error *err);

#endif
