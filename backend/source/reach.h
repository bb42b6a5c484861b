/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can a file be had from where an index says it is? Asked with a HEAD request, several at once. A host that does not answer at
 * all is remembered for ten minutes (in the file given to reach_init, shared by all runs), so that a hundred candidates on it
 * cost one time-out and not a hundred.
 */
#ifndef REACH_H
#define REACH_H

#include "base/arena.h"
#include "base/vec.h"
#include <stdint.h>

struct dead_host {
	const char *host; /* HOST or HOST:PORT, with the scheme in front */
	const char *reason;
	int64_t until;
};

struct reach {
	struct arena *arena;
	const char *file;
	int64_t now;
	long patience_ms; /* for a connection to be made */
	void *multi;	  /* keeps connections open from one question to the next */
	bool loaded;
	VEC(struct dead_host) dead;
};

/* One question and its answer. */
struct reach_query {
	const char *url;
	const char *proxy; /* NULL: as the environment says, "": none */
	uint64_t size;	   /* what the index says, 0: not known */
	bool answered, yes;
	uint64_t announced;  /* what the server says, 0: nothing */
	const char *trouble; /* why not */
};

void reach_init(struct reach *r, struct arena *a, const char *file, int64_t now);
void reach_forget(struct reach *r); /* nothing is known to be dead any more */
void reach_ask(struct reach *r, struct reach_query *q, size_t n);
void reach_release(struct reach *r);

/* Scheme, host and port of a URL ("https://example.org"), "file" for file://; in the arena. */
const char *reach_host(struct arena *a, const char *url);

#endif
