/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetches an archive from the first of several URLs that delivers the right bytes.
 *
 * The bytes go to PATH.part and are hashed as they arrive; only when size and digest are right does the file get its name. An
 * interrupted download resumes where it stopped if the server can prove that its file is still the same, or if the digest will
 * tell (PATH.resume keeps how the server identified it). A successful transfer proves nothing: only the digest does. Wrong bytes
 * are moved aside as evidence, and the next URL is tried. A server that is busy is asked again after the time that it asks for
 * (Retry-After, RFC 9110 10.2.3), unless that is longer than two minutes.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/error.h"
#include "base/vec.h"
#include <stdint.h>

/* Larger than any source archive: an endless answer of unknown size stops here. */
#define FETCH_LARGEST ((uint64_t)2 << 30)

typedef void fetch_progress(void *ctx, uint64_t done, uint64_t total);
typedef void fetch_note(void *ctx, const char *sentence);

struct fetch {
	const char *path;
	const char *sha256; /* NULL: unknown, any bytes are accepted */
	uint64_t size;	    /* 0: unknown */
	uint64_t most;	    /* no more bytes than these of an unknown size; 0: FETCH_LARGEST */
	const struct strings *urls;
	const struct strings
		*proxies; /* one for each URL, as in transfer.h; NULL: from the environment */
	const char *bad;  /* folder for wrong files; NULL: they are removed */
	long stall_s;	  /* a transfer slower than 1 KiB/s for this long is aborted; 0: 30 */
	long connect_ms;  /* 0: 15 s */
	long pause_ms;	  /* before the second round; doubled for each further round; 0: 1 s */
	fetch_progress *progress;
	fetch_note *note; /* what happened, for the log */
	fetch_note *tell; /* the same of a wait, for whoever looks on; NULL: nobody does */
	void *ctx;
};

CHECKED bool fetch_file(const struct fetch *f, struct error *err);

#endif
