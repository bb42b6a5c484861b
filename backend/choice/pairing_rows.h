/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of share/pairings; pairing_read.c reads them, pairing.c searches them. */
#ifndef PAIRING_ROWS_H
#define PAIRING_ROWS_H

#include "choice/pairing.h"

enum { PAIRING_BOUNDS = 2 };

struct bound {
	const char *sign, *version;
};

/* "linux >= 6.8 < 7" */
struct side {
	const char *name; /* NULL: this side is not stated */
	struct bound bounds[PAIRING_BOUNDS];
	size_t n;
};

struct tool {
	const char *name, *ask;
	const char *version; /* NULL: not queried yet; "": it has none */
};

/* A [pair] or a [cure]. */
struct pair {
	struct cure cure; /* for a [pair] it gives nothing */
	bool cures;
	const char *remedy, *file;
	int line;
	struct guard when;
	struct side left, right;
};

struct pairings {
	struct arena arena;
	VEC(struct tool) tools;
	VEC(struct pair) pairs;
	struct strings tried;
};

/* Does this row refuse these versions? If so sets the sentence. */
bool pair_refuses(struct pairings *p, const struct pair *pair, pairing_version *version,
	const void *ctx, struct error *err);

#endif
