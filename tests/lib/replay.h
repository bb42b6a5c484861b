/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzz target is one function. Under clang libFuzzer calls it; elsewhere the main of replay.c does, with every file of the
 * folders and files named on the command line, and with every prefix of each file: truncated input is the most common damage. A
 * target aborts when a promise does not hold (replay_must).
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define replay_must(promise) ((promise) ? (void)0 : replay_broken(#promise))
static inline _Noreturn void replay_broken(const char *promise)
{
	fprintf(stderr, "broken promise: %s\n", promise);
	abort();
}

#endif
