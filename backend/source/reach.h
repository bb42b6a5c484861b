/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a file available where an index says it is? Asks with HEAD requests, several at once. A host that does not answer at all is
 * remembered for ten minutes (in the file given to reach_init, shared by all runs), so that a hundred candidates on it cost one
 * time-out and not a hundred. A server that is busy (RFC 9110 10.2.3 and 15.6.4, RFC 6585 4) is not waited for here: fetch does.
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
	long patience_ms; /* to connect */
	void *multi;	  /* keeps connections open between questions */
	bool loaded;
	VEC(struct dead_host) dead;
};

/* One question and its answer. */
struct reach_query {
	const char *url;
	const char *proxy; /* NULL: from the environment, "": none */
	uint64_t size;	   /* according to the index, 0: unknown */
	bool answered, yes;
	bool busy;	    /* asked later it may say yes: now it turns everybody away (429, 503) */
	uint64_t announced; /* according to the server, 0: not stated */
	const char *trouble; /* why not */
};

void reach_init(struct reach *r, struct arena *a, const char *file, int64_t now);
void reach_forget(struct reach *r); /* forgets all hosts that did not answer */
void reach_ask(struct reach *r, struct reach_query *q, size_t n);
void reach_release(struct reach *r);

#endif
